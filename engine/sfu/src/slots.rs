//! The slots of one viewer: which line carries whom. It knows lines and wishes, not packets: what it decides is carried out
//! by the forwarder.
//!
//! * Cameras and voices fill the pairs from the bottom, screens from the top, so that a screen is seldom in the way.
//! * Who is in a line stays there; only a viewed camera's voice is moved, into the audio line of the camera's pair, because
//!   browsers keep just the lines of one pair in sync. Whoever was there makes room.
//! * A view that finds no line waits; the one that waited longest gets the next free line.

use rtc_protocol::{MediaKind, Track, TrackRef};

use crate::SlotId;

/// One receiving line of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotSpec {
    /// Its number.
    pub slot: SlotId,
    /// The pair it is part of: an audio and a video line with the same number share a stream id and are played in sync. A
    /// number with only one line is a spare slot.
    pub pair: u16,
    /// What it can carry.
    pub kind: MediaKind,
}

/// The lines of a viewer with their occupants.
#[derive(Debug, Default)]
pub(crate) struct SlotTable {
    /// Ordered by pair, audio before video.
    lines: Vec<Line>,
}

/// A line with its occupant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) spec: SlotSpec,
    pub(crate) occupant: Option<TrackRef>,
}

impl SlotTable {
    /// Takes the full list of lines. A slot that is named twice counts once; occupants of slots that stay (with the same
    /// kind) stay.
    pub(crate) fn set_lines(&mut self, specs: &[SlotSpec]) {
        let before = std::mem::take(&mut self.lines);
        for &spec in specs {
            if self.lines.iter().all(|l| l.spec.slot != spec.slot) {
                let same = before.iter().find(|l| l.spec.slot == spec.slot && l.spec.kind == spec.kind);
                self.lines.push(Line { spec, occupant: same.and_then(|l| l.occupant) });
            }
        }
        self.lines.sort_by_key(|l| (l.spec.pair, l.spec.kind, l.spec.slot));
    }

    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub(crate) fn count(&self, kind: MediaKind) -> usize {
        self.lines.iter().filter(|l| l.spec.kind == kind).count()
    }

    /// Gives lines to the viewed tracks, which come in the order they were asked for. Those that find none wait.
    pub(crate) fn place_videos(&mut self, views: &[TrackRef]) {
        for line in self.lines.iter_mut().filter(|l| l.spec.kind == MediaKind::Video) {
            if line.occupant.is_some_and(|track| !views.contains(&track)) {
                line.occupant = None;
            }
        }
        for &track in views {
            if self.line_of(track).is_none()
                && let Some(at) = self.free_video_line(track)
            {
                self.lines[at].occupant = Some(track);
            }
        }
    }

    /// Gives lines to the microphones that were selected; there must be no more of them than audio lines (more are left
    /// out, the last first).
    pub(crate) fn place_voices(&mut self, selected: &[TrackRef]) {
        for line in self.lines.iter_mut().filter(|l| l.spec.kind == MediaKind::Audio) {
            if line.occupant.is_some_and(|track| !selected.contains(&track)) {
                line.occupant = None;
            }
        }
        for &voice in selected {
            let Some(home) = self.line_beside_camera(voice) else { continue };
            if self.lines[home].occupant != Some(voice) {
                let former = self.line_of(voice);
                let moved_out = self.lines[home].occupant.replace(voice);
                if let Some(former) = former {
                    self.lines[former].occupant = moved_out;
                }
                // Otherwise whoever moved out is placed below like a newcomer.
            }
        }
        for &voice in selected {
            if self.line_of(voice).is_none()
                && let Some(at) = self.free_audio_line()
            {
                self.lines[at].occupant = Some(voice);
            }
        }
    }

    fn line_of(&self, track: TrackRef) -> Option<usize> {
        self.lines.iter().position(|l| l.occupant == Some(track))
    }

    fn free_video_line(&self, track: TrackRef) -> Option<usize> {
        let is_free = |l: &Line| l.spec.kind == MediaKind::Video && l.occupant.is_none();
        if track.track == Track::Screen {
            return self.lines.iter().rposition(is_free);
        }
        // Where the voice is already, nothing has to move; without an audio line beside it there is no lip sync.
        let voice = TrackRef { track: Track::Microphone, ..track };
        let beside_voice = self.lines.iter().position(|l| {
            is_free(l) && self.audio_line_of_pair(l.spec.pair).is_some_and(|a| self.lines[a].occupant == Some(voice))
        });
        beside_voice
            .or_else(|| self.lines.iter().position(|l| is_free(l) && self.audio_line_of_pair(l.spec.pair).is_some()))
            .or_else(|| self.lines.iter().position(is_free))
    }

    /// The lowest free audio line, rather not one whose camera will want it for its own voice.
    fn free_audio_line(&self) -> Option<usize> {
        let is_free = |l: &Line| l.spec.kind == MediaKind::Audio && l.occupant.is_none();
        let has_camera = |l: &Line| {
            let is_beside = |v: &&Line| v.spec.pair == l.spec.pair && v.spec.kind == MediaKind::Video;
            self.lines.iter().filter(is_beside).any(|v| v.occupant.is_some_and(|t| t.track == Track::Camera))
        };
        self.lines.iter().position(|l| is_free(l) && !has_camera(l)).or_else(|| self.lines.iter().position(is_free))
    }

    /// The audio line of the pair in which the voice's camera is shown.
    fn line_beside_camera(&self, voice: TrackRef) -> Option<usize> {
        let camera = self.line_of(TrackRef { track: Track::Camera, ..voice })?;
        self.audio_line_of_pair(self.lines[camera].spec.pair)
    }

    fn audio_line_of_pair(&self, pair: u16) -> Option<usize> {
        self.lines.iter().position(|l| l.spec.pair == pair && l.spec.kind == MediaKind::Audio)
    }

    /// The audio slot that is played in sync with a video slot.
    pub(crate) fn audio_slot_of_pair(&self, pair: u16) -> Option<SlotId> {
        self.audio_line_of_pair(pair).map(|at| self.lines[at].spec.slot)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rtc_protocol::SessionId;

    use super::*;

    #[derive(Debug, Clone)]
    enum Wish {
        View(u64, Track),
        Unview(u64, Track),
        Hear(u64),
        Unhear(u64),
        Lines(u16, u16),
    }

    fn wish() -> impl Strategy<Value = Wish> {
        let video = || prop_oneof![2 => Just(Track::Camera), 1 => Just(Track::Screen)];
        prop_oneof![
            4 => (0..6u64, video()).prop_map(|(n, t)| Wish::View(n, t)),
            3 => (0..6u64, video()).prop_map(|(n, t)| Wish::Unview(n, t)),
            3 => (0..6u64).prop_map(Wish::Hear),
            2 => (0..6u64).prop_map(Wish::Unhear),
            1 => (0..7u16, 0..7u16).prop_map(|(a, v)| Wish::Lines(a, v)),
        ]
    }

    /// What the table should do, told without lines: a queue for pictures, and room for the first so many voices.
    #[derive(Default)]
    struct Model {
        views: Vec<TrackRef>,
        shown: Vec<TrackRef>,
        voices: Vec<TrackRef>,
        room: [usize; 2],
    }

    impl Model {
        fn take(&mut self, wish: &Wish) {
            let of = |n: u64, track| TrackRef { publisher: SessionId(n), track };
            match *wish {
                Wish::View(n, t) if !self.views.contains(&of(n, t)) => self.views.push(of(n, t)),
                Wish::Hear(n) if !self.voices.contains(&of(n, Track::Microphone)) => self.voices.push(of(n, Track::Microphone)),
                Wish::View(..) | Wish::Hear(_) => {}
                Wish::Unview(n, t) => self.views.retain(|v| *v != of(n, t)),
                Wish::Unhear(n) => self.voices.retain(|v| *v != of(n, Track::Microphone)),
                Wish::Lines(audios, videos) => {
                    self.room = [audios, videos].map(usize::from);
                    // Lines go from the top; who sat there is found by looking at the table.
                }
            }
            self.shown.retain(|t| self.views.contains(t));
        }

        fn fill(&mut self) {
            for v in &self.views {
                if self.shown.len() < self.room[1] && !self.shown.contains(v) {
                    self.shown.push(*v);
                }
            }
        }
    }

    fn lines(audios: u16, videos: u16) -> Vec<SlotSpec> {
        let line = |kind, base: u16, pair| SlotSpec { slot: SlotId(base + pair), pair, kind };
        (0..audios).map(|p| line(MediaKind::Audio, 0, p)).chain((0..videos).map(|p| line(MediaKind::Video, 100, p))).collect()
    }

    fn occupants(table: &SlotTable, kind: MediaKind) -> Vec<TrackRef> {
        table.lines().iter().filter(|l| l.spec.kind == kind).filter_map(|l| l.occupant).collect()
    }

    fn sorted(mut tracks: Vec<TrackRef>) -> Vec<TrackRef> {
        tracks.sort();
        tracks
    }

    proptest! {
        #[test]
        fn the_table_serves_whom_the_model_serves_and_moves_nobody_without_need(wishes in proptest::collection::vec(wish(), 1..60)) {
            let (mut table, mut model) = (SlotTable::default(), Model::default());
            for wish in &wishes {
                model.take(wish);
                if let Wish::Lines(audios, videos) = *wish {
                    table.set_lines(&lines(audios, videos));
                    let still = occupants(&table, MediaKind::Video);
                    model.shown.retain(|t| still.contains(t));
                }
                model.fill();
                let before = table.lines().to_vec();
                table.place_videos(&model.views);
                let selected: Vec<_> = model.voices.iter().copied().take(model.room[0]).collect();
                table.place_voices(&selected);

                prop_assert_eq!(sorted(occupants(&table, MediaKind::Video)), sorted(model.shown.clone()));
                prop_assert_eq!(sorted(occupants(&table, MediaKind::Audio)), sorted(selected.clone()));
                for line in table.lines() {
                    prop_assert!(line.occupant.is_none_or(|t| t.track.kind() == line.spec.kind));
                }
                for then in before.iter().filter(|l| l.spec.kind == MediaKind::Video) {
                    let now = table.lines().iter().find(|l| l.spec == then.spec).and_then(|l| l.occupant);
                    let stays = then.occupant.is_some_and(|t| model.views.contains(&t));
                    prop_assert!(!stays || now == then.occupant, "pictures are never moved");
                }
                let camera_beside = |l: &Line| {
                    let beside = table.lines().iter().find(|v| v.spec.pair == l.spec.pair && v.spec.kind == MediaKind::Video);
                    beside.and_then(|v| v.occupant).filter(|t| t.track == Track::Camera)
                };
                for line in table.lines().iter().filter(|l| l.spec.kind == MediaKind::Audio) {
                    let Some(camera) = camera_beside(line) else { continue };
                    let voice = TrackRef { track: Track::Microphone, ..camera };
                    prop_assert!(!selected.contains(&voice) || line.occupant == Some(voice), "a seen voice is beside its picture");
                }
                let again = table.lines().to_vec();
                table.place_videos(&model.views);
                table.place_voices(&selected);
                prop_assert_eq!(again, table.lines().to_vec(), "nothing changes without a reason");
            }
        }
    }
}
