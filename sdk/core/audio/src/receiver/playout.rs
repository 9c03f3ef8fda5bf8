//! What is played next: a packet, what redundancy says it held, a guess, or silence; not how long to wait in general.

use std::collections::VecDeque;

use super::delay::DelayEstimate;
use super::sound::{Recovered, Sound};
use super::statistics::Statistics;
use super::stretch::{ENOUGH, LONGEST};
use super::{Waiting, WaitingPacket};
use crate::{BLOCK_FRAMES, Block};

/// 20 ms, the usual packet.
const USUAL_FRAMES: usize = 960;

/// Concealment is made in pieces of 2.5 ms, which is what the codec can.
const GRAIN: i64 = 120;

/// More than this in a row is a gap that people notice.
const GAP: i64 = 200 * 48;

/// After waiting so long in vain it begins anew with what comes.
const GIVE_UP: i64 = 1_000 * 48;

/// A packet that pauses is expected to be followed at least this often, after which silence needs no comfort noise.
const MAX_PAUSE: i64 = 5_000 * 48;

/// How far the delay may be off before something is done: below and above.
const TOO_EARLY: i64 = 3 * 48;
const TOO_LATE: i64 = 30 * 48;

/// When it is played so much too early, what is missing is waited for.
const WORTH_WAITING: i64 = 20 * 48;

/// From here on it is corrected in each packet, with seams that may be heard.
const FAR_OFF: i64 = 150 * 48;

/// From here on sound is thrown away.
const HOPELESS: i64 = 1_500 * 48;

/// Otherwise it is corrected once in so many frames.
const STRETCH_PAUSE: i64 = 60 * 48;

/// How alike sound must be to its own repetition to be stretched, usually and when far off.
const LIKENESS: f32 = 0.85;
const FAR_OFF_LIKENESS: f32 = 0.4;

/// Pulls whose least delay is looked at, so that a device which pulls several blocks at once is served like one which
/// pulls them one by one.
const WINDOW: usize = 25;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// There is nothing to play, or it is not due.
    Idle,
    /// Sound is going out.
    Playing,
}

/// Plays one stream. Places and times are frames at 48 kHz; a place is a timestamp.
pub(super) struct Playout {
    state: State,
    sound: Sound,
    /// The place that is decoded next, and the sequence number expected there.
    next: Option<Next>,
    /// Frames of concealment played since `next` was reached, while waiting for it.
    stalled: i64,
    /// Frames in a row that were concealed.
    concealed: i64,
    /// Those of them that are not counted yet, because nothing may have been lost: the sender may just have stopped.
    unsettled: i64,
    /// Whether the sender pauses, and for how long already.
    pause: Option<i64>,
    packet_frames: usize,
    /// The playing transits of the last pulls.
    transits: VecDeque<i64>,
    since_stretch: i64,
}

#[derive(Debug, Clone, Copy)]
struct Next {
    place: i64,
    sequence: i64,
}

impl Playout {
    pub(super) fn new() -> Self {
        Self {
            state: State::Idle,
            sound: Sound::default(),
            next: None,
            stalled: 0,
            concealed: 0,
            unsettled: 0,
            pause: None,
            packet_frames: USUAL_FRAMES,
            transits: VecDeque::with_capacity(WINDOW),
            since_stretch: 0,
        }
    }

    /// Another stream begins: its places have nothing to do with those so far.
    pub(super) fn restart(&mut self) {
        let mut sound = std::mem::take(&mut self.sound);
        sound.restart();
        *self = Self { sound, ..Self::new() };
    }

    /// Whether the sound of this place has been played or given up.
    pub(super) fn is_past(&self, place: i64) -> bool {
        self.next.is_some_and(|next| place < next.place)
    }

    /// How far back deep redundancy has reached in this stream.
    pub(super) fn deep_reach(&self) -> i64 {
        self.sound.deep_reach()
    }

    /// The place of the frame that is given out next.
    pub(super) fn position(&self) -> Option<i64> {
        let playing = self.state == State::Playing && self.pause.is_none();
        self.next.filter(|_| playing).map(|next| next.place - self.stalled - self.decoded_frames() as i64)
    }

    pub(super) fn decoded_frames(&self) -> usize {
        self.sound.frames()
    }

    /// The least playing transit of the last pulls.
    pub(super) fn transit(&self) -> Option<i64> {
        self.transits.iter().copied().min()
    }

    /// The next 10 ms.
    pub(super) fn pull(
        &mut self,
        now: i64,
        waiting: &mut Waiting,
        delay: &DelayEstimate,
        statistics: &mut Statistics,
    ) -> Block {
        while self.decoded_frames() < BLOCK_FRAMES {
            self.produce(now, waiting, delay, statistics);
        }
        if self.state == State::Playing && self.pause.is_none() {
            if self.transits.len() == WINDOW {
                self.transits.pop_front();
            }
            self.transits.push_back(self.playing_transit(now));
        }
        statistics.frames_played += BLOCK_FRAMES as u64;
        self.sound.take_block()
    }

    /// Appends to the sound, or takes something out of `waiting`, or goes on to what comes after it.
    fn produce(&mut self, now: i64, waiting: &mut Waiting, delay: &DelayEstimate, statistics: &mut Statistics) {
        if self.state == State::Idle {
            self.produce_idle(now, waiting, delay, statistics);
            return;
        }
        let Some(next) = self.next else {
            self.state = State::Idle;
            return;
        };
        let hopeless = self.playing_transit(now) - delay.transit() > HOPELESS;
        if hopeless && self.stalled == 0 && self.pause.is_none() && !waiting.is_empty() {
            self.jump(now, waiting, delay, statistics);
            return;
        }
        let Some(first) = waiting.first_entry() else {
            self.produce_without_packets(delay);
            return;
        };
        let ahead = first.key() - next.place;
        if ahead < GRAIN {
            let (place, packet) = first.remove_entry();
            self.play(place, &packet, statistics);
            self.steer(now, waiting, delay, statistics);
        } else if first.get().sequence == next.sequence {
            self.wait_out_pause(now, ahead, delay);
        } else {
            self.fill_hole(now, ahead, waiting, delay, statistics);
        }
    }

    /// Waits until the first packet is due, so that as little as possible comes too late after it.
    fn produce_idle(&mut self, now: i64, waiting: &mut Waiting, delay: &DelayEstimate, statistics: &mut Statistics) {
        let first = waiting.first_key_value().map(|(&place, packet)| (place, packet.sequence));
        if let Some((place, sequence)) = first
            && now - place >= delay.transit()
        {
            if let Some(next) = self.next {
                self.settle(place - next.place, sequence - next.sequence, statistics);
            }
            self.next = Some(Next { place, sequence });
            self.state = State::Playing;
            self.stalled = 0;
            self.pause = None;
            self.transits.clear();
            return;
        }
        self.sound.silence(BLOCK_FRAMES);
        if self.concealed > 0 {
            // It is still the hole that it gave up on.
            self.concealed += BLOCK_FRAMES as i64;
            self.unsettled += BLOCK_FRAMES as i64;
        }
        if first.is_none() && self.concealed > MAX_PAUSE {
            // Whoever is silent for so long has left or is muted.
            self.concealed = 0;
            self.unsettled = 0;
        }
    }

    /// There is nothing to be decoded. In a pause that is as it should be; otherwise it waits where it is, because what
    /// comes next is more likely late than lost.
    fn produce_without_packets(&mut self, delay: &DelayEstimate) {
        if let Some(paused) = self.pause {
            if paused > MAX_PAUSE {
                self.state = State::Idle;
                return;
            }
            self.comfort(BLOCK_FRAMES);
            return;
        }
        if self.stalled > GIVE_UP.max(delay.target()) {
            self.state = State::Idle;
            return;
        }
        self.stall();
    }

    /// The sender left out nothing, but paused: the pause is a chance to come to the wanted delay unheard.
    fn wait_out_pause(&mut self, now: i64, ahead: i64, delay: &DelayEstimate) {
        let decoded = self.decoded_frames() as i64;
        let Some(next) = &mut self.next else { return };
        self.concealed = 0;
        self.unsettled = 0;
        let due = next.place + ahead - decoded;
        if now - due >= delay.transit() {
            next.place += ahead;
            self.stalled = 0;
            self.transits.clear();
            return;
        }
        self.pause.get_or_insert(0);
        self.comfort(BLOCK_FRAMES);
    }

    /// Packets between the last and the first that waits are missing.
    fn fill_hole(&mut self, now: i64, ahead: i64, waiting: &Waiting, delay: &DelayEstimate, statistics: &mut Statistics) {
        let late = self.playing_transit(now) - delay.transit();
        if let (Some(next), Some(first)) = (self.next, waiting.first_key_value()) {
            self.settle(ahead, first.1.sequence - next.sequence, statistics);
        }
        // The noise of a pause took time as well.
        self.stalled += self.pause.take().unwrap_or(0);
        let Some(next) = &mut self.next else { return };
        if self.stalled > 0 && late > 0 {
            // What was concealed while waiting has taken the place of what was lost, as far as that is not wanted as delay.
            let skipped = late.min(self.stalled).min(ahead) / GRAIN * GRAIN;
            self.stalled = 0;
            if skipped > 0 {
                next.place += skipped;
                self.shift_transits(-skipped);
                return;
            }
        }
        if late < -WORTH_WAITING {
            // It is played sooner than most packets come, so what is missing may still come.
            self.stall();
            return;
        }
        self.stalled = 0;
        let place = next.place;
        let frames = ((self.packet_frames as i64).min(ahead) / GRAIN * GRAIN).max(GRAIN);
        next.place += frames;
        let frames = frames as usize;
        match self.sound.recover(place, frames, waiting) {
            Some(recovered) => {
                match recovered {
                    Recovered::Previous => statistics.frames_corrected += frames as u64,
                    Recovered::Deep => statistics.frames_deep += frames as u64,
                }
                self.end_of_concealment(statistics);
            }
            None => self.conceal(frames, statistics),
        }
        self.expect_sequence(waiting);
    }

    /// After a hole is filled, the packet behind it is the one that is expected.
    fn expect_sequence(&mut self, waiting: &Waiting) {
        if let (Some(next), Some((&place, packet))) = (&mut self.next, waiting.first_key_value())
            && place - next.place < GRAIN
        {
            next.sequence = packet.sequence;
        }
    }

    /// Decodes a packet that is due.
    fn play(&mut self, place: i64, packet: &WaitingPacket, statistics: &mut Statistics) {
        let end = place + packet.header.frames as i64;
        let Some(next) = self.next else { return };
        if end <= next.place {
            // Others have covered it meanwhile.
            return;
        }
        if self.unsettled > 0 {
            self.settle(place - next.place, packet.sequence - next.sequence, statistics);
        }
        self.next = Some(Next { place: end, sequence: packet.sequence + 1 });
        self.stalled = 0;
        self.packet_frames = packet.header.frames.min(USUAL_FRAMES);
        if self.sound.play(packet).is_ok() {
            self.end_of_concealment(statistics);
        } else {
            self.conceal(packet.header.frames, statistics);
        }
        self.pause = packet.header.pause.then_some(0);
    }

    /// Makes the sound that is ready shorter or longer when the delay is off.
    fn steer(&mut self, now: i64, waiting: &mut Waiting, delay: &DelayEstimate, statistics: &mut Statistics) {
        self.since_stretch += self.packet_frames as i64;
        let current = self.transit().unwrap_or_else(|| self.playing_transit(now));
        let off = current - delay.transit();
        let slack = TOO_LATE.max(delay.target() / 8);
        if (-TOO_EARLY..=slack).contains(&off) {
            return;
        }
        let far = off.abs() > FAR_OFF;
        if !far && self.since_stretch < STRETCH_PAUSE {
            return;
        }
        while self.decoded_frames() < ENOUGH {
            let Some(first) = waiting.first_entry() else { break };
            if self.next.is_none_or(|next| *first.key() - next.place >= GRAIN) {
                break;
            }
            let (place, packet) = first.remove_entry();
            self.play(place, &packet, statistics);
        }
        let likeness = if far { FAR_OFF_LIKENESS } else { LIKENESS };
        // As much as is wanted, and at least what a low voice needs.
        let most = (off.unsigned_abs() as usize).clamp(LONGEST / 2, LONGEST);
        let changed = if off > 0 {
            let removed = self.sound.shorten(most, likeness);
            statistics.frames_accelerated += removed as u64;
            -(removed as i64)
        } else {
            let added = self.sound.lengthen(most, likeness);
            statistics.frames_expanded += added as u64;
            added as i64
        };
        if changed != 0 {
            self.since_stretch = 0;
            self.shift_transits(changed);
        }
    }

    /// Far too much waits: goes on where it should be, in silence if nothing of that is there.
    fn jump(&mut self, now: i64, waiting: &mut Waiting, delay: &DelayEstimate, statistics: &mut Statistics) {
        let wanted = now - delay.transit();
        while let Some(first) = waiting.first_entry() {
            if *first.key() >= wanted {
                break;
            }
            let (place, packet) = first.remove_entry();
            self.next = Some(Next { place: place + packet.header.frames as i64, sequence: packet.sequence + 1 });
            statistics.packets_discarded += 1;
        }
        self.sound.clear();
        self.stalled = 0;
        self.transits.clear();
        self.state = State::Idle;
    }

    /// What the hole behind the last packet was, now that the next one is here: `places` frames for which `packets` are
    /// missing.
    fn settle(&mut self, places: i64, packets: i64, statistics: &mut Statistics) {
        let lost = packets.max(0) * self.packet_frames as i64;
        if places > GAP && lost < places / 2 {
            // The sender had paused without saying so, or what said so was lost.
            self.concealed = 0;
        } else {
            statistics.frames_concealed += self.unsettled as u64;
        }
        self.unsettled = 0;
    }

    /// Plays a guess without going on in the stream, so that the delay grows.
    fn stall(&mut self) {
        self.unsettled += BLOCK_FRAMES as i64;
        self.pretend(BLOCK_FRAMES);
        self.stalled += BLOCK_FRAMES as i64;
        self.shift_transits(BLOCK_FRAMES as i64);
    }

    /// Plays a guess in the place of what is lost.
    fn conceal(&mut self, frames: usize, statistics: &mut Statistics) {
        statistics.frames_concealed += frames as u64;
        self.pretend(frames);
    }

    fn pretend(&mut self, frames: usize) {
        self.concealed += frames as i64;
        self.sound.pretend(frames, self.concealed);
    }

    /// The noise of a pause. It goes on in the stream, as the sender does.
    fn comfort(&mut self, frames: usize) {
        self.sound.guess(frames);
        if let Some(paused) = &mut self.pause {
            *paused += frames as i64;
        }
    }

    fn end_of_concealment(&mut self, statistics: &mut Statistics) {
        if self.concealed > GAP {
            statistics.gaps += 1;
            statistics.gap_time += std::time::Duration::from_micros(self.concealed as u64 * 1_000 / 48);
        }
        self.concealed = 0;
    }

    /// The transit of the frame that is given out next.
    fn playing_transit(&self, now: i64) -> i64 {
        let next = self.next.map_or(now, |next| next.place);
        now - (next - self.decoded_frames() as i64)
    }

    fn shift_transits(&mut self, by: i64) {
        for transit in &mut self.transits {
            *transit += by;
        }
    }
}

impl std::fmt::Debug for Playout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Playout").field("state", &self.state).field("next", &self.next).finish_non_exhaustive()
    }
}
