//! Takes what a session tells, on the session's own thread: media goes straight to sound and pictures, everything else goes
//! on to the control thread. It never waits.

use rtc_protocol::{MediaKind, Track};
use rtc_session::Event;

use crate::control::Inbox;
use crate::picture::PictureInbox;
use crate::sound::VoiceInbox;

/// Where what a session tells goes.
pub(crate) struct Arrivals {
    stay: u64,
    inbox: Inbox,
    voices: VoiceInbox,
    pictures: PictureInbox,
}

impl Arrivals {
    pub(crate) fn new(stay: u64, inbox: Inbox, voices: VoiceInbox, pictures: PictureInbox) -> Self {
        Self { stay, inbox, voices, pictures }
    }

    pub(crate) fn take(&mut self, event: Event) {
        match event {
            Event::Media { user_id, track, line, packet } => match track.kind() {
                MediaKind::Audio => {
                    if self.voices.packet(&user_id, line, packet) {
                        // By the control thread, so that nobody is told as heard before he was told as being there.
                        self.inbox.call(move |control| control.voice_began(user_id));
                    }
                }
                MediaKind::Video => self.pictures.packet(&user_id, track, line, packet),
            },
            Event::SourceChanged { user_id, track: Track::Microphone, line } => {
                if self.voices.source_changed(&user_id, line) {
                    self.inbox.call(move |control| control.voice_ended(&user_id));
                }
            }
            Event::SourceChanged { user_id, track, line } => self.pictures.source_changed(&user_id, track, line),
            Event::Clock { user_id, track, line, clock } if track != Track::Microphone => {
                self.pictures.clock(&user_id, track, line, clock);
            }
            Event::Clock { user_id, clock, .. } => self.voices.clock(&user_id, clock),
            Event::RoomSwitched(result) => {
                // Here, between the old room's last packet and the new one's first.
                if result.is_ok() {
                    self.voices.forget();
                }
                self.inbox.session(self.stay, Event::RoomSwitched(result));
            }
            other => self.inbox.session(self.stay, other),
        }
    }
}
