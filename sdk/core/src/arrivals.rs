//! Takes what a session tells, on the session's own thread: media goes straight to sound and pictures, everything else goes
//! on to the control thread. It never waits.

use rtc_protocol::{MediaKind, Track};
use rtc_session::Event;

use crate::picture::PictureInbox;
use crate::sound::VoiceInbox;

/// Where media goes.
pub(crate) struct Arrivals {
    voices: VoiceInbox,
    pictures: PictureInbox,
}

impl Arrivals {
    pub(crate) fn new(voices: VoiceInbox, pictures: PictureInbox) -> Self {
        Self { voices, pictures }
    }

    /// Gives back what is not media.
    pub(crate) fn take(&mut self, event: Event) -> Option<Event> {
        match event {
            Event::Media { user_id, track, line, packet } => match track.kind() {
                MediaKind::Audio => self.voices.packet(&user_id, line, &packet),
                MediaKind::Video => self.pictures.packet(&user_id, track, line, packet),
            },
            Event::SourceChanged { user_id, track: Track::Microphone, line } => self.voices.source_changed(&user_id, line),
            Event::SourceChanged { user_id, track, line } => self.pictures.source_changed(&user_id, track, line),
            Event::Clock { user_id, track, line, clock } if track != Track::Microphone => {
                self.pictures.clock(&user_id, track, line, clock);
            }
            Event::Clock { .. } => {}
            other => return Some(other),
        }
        None
    }
}
