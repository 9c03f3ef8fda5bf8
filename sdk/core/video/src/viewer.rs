//! One stream on its way in: assembly, decryption, the application's changes, messages, decoding and timing. It has no thread and no clock, asks nobody for
//! anything and draws nothing.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::changed::{self, ChangeBack, Changed};
use crate::cipher::Cipher;
use crate::codec::{CodecError, Codecs, EncodedFrame, VideoCodec, VideoDecoder};
use crate::frame::{Frame, Pool};
use crate::rtp::assembler::{Assembler, Packet};
use crate::rtp::lateness::Lateness;
use crate::rtp::playout::Playout;
use crate::sei::{Repeats, Sei};

/// What happened to a stream since it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ViewerCounters {
    /// Pictures that were decoded.
    pub decoded: u64,
    /// Those of them that were given out to be shown.
    pub shown: u64,
    /// Those that were not, because the next one was due as well.
    pub skipped: u64,
    /// Pictures that could not be decoded.
    pub damaged: u64,
    /// Pictures that could not be decrypted, or were changed by somebody and are not changed back here.
    pub undecipherable: u64,
    /// How often packets were missing for good.
    pub losses: u64,
}

/// Turns the packets of one stream into pictures at their time. Times are instants of one clock that never go back between
/// calls.
pub struct Viewer {
    codecs: Arc<dyn Codecs>,
    pool: Pool,
    assembler: Assembler,
    /// The least patience with missing packets, and what is added to it where they are seen to come later.
    patience: Duration,
    lateness: Lateness,
    learned: Option<Instant>,
    decoder: Option<Box<dyn VideoDecoder>>,
    playout: Playout<Frame>,
    cipher: Option<Arc<Cipher>>,
    change_back: Option<ChangeBack>,
    is_undecipherable: bool,
    repeats: Repeats,
    messages: VecDeque<Sei>,
    counters: ViewerCounters,
}

impl Viewer {
    /// A viewer that waits so long for missing packets, about three round trips; longer, up to two seconds, where they are seen
    /// to come later than that.
    pub fn new(patience: Duration, codecs: Arc<dyn Codecs>, pool: &Pool) -> Self {
        Self {
            codecs,
            pool: pool.clone(),
            assembler: Assembler::new(patience),
            patience,
            lateness: Lateness::default(),
            learned: None,
            decoder: None,
            playout: Playout::new(),
            cipher: None,
            change_back: None,
            is_undecipherable: false,
            repeats: Repeats::new(),
            messages: VecDeque::new(),
            counters: ViewerCounters::default(),
        }
    }

    /// Waits at least so long for missing packets from now on.
    pub fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
        self.learned = None;
    }

    /// Decrypts pictures, or no longer.
    pub fn set_cipher(&mut self, cipher: Option<Arc<Cipher>>) {
        self.cipher = cipher;
        self.is_undecipherable = false;
    }

    /// Has what comes changed back before it is decoded, or no longer.
    pub fn set_change_back(&mut self, change_back: Option<ChangeBack>) {
        self.change_back = change_back;
        self.is_undecipherable = false;
    }

    /// Takes a packet, and decodes what it completes.
    pub fn handle_packet(&mut self, packet: Packet, now: Instant) {
        self.lateness.take(packet.seq, now);
        if self.learned.is_none_or(|at| now.saturating_duration_since(at) >= LEARN_EVERY) {
            self.learned = Some(now);
            let late = self.lateness.latest(now).unwrap_or_default();
            // What comes a little later still is worth as much.
            self.assembler.set_patience(self.patience.max((late + late / 4).min(LONGEST_PATIENCE)));
        }
        self.assembler.insert(packet);
        self.decode(now);
    }

    /// To be called when [`Viewer::poll_timeout`] says.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.decode(now);
    }

    /// The picture to be shown now, if there is a new one. Of several that are due it is the last.
    pub fn poll_frame(&mut self, now: Instant) -> Option<Frame> {
        let mut newest = None;
        while let Some(frame) = self.playout.poll(now) {
            self.counters.skipped += u64::from(newest.is_some());
            newest = Some(frame);
        }
        self.counters.shown += u64::from(newest.is_some());
        newest
    }

    /// A message that came with a picture, each once.
    pub fn poll_message(&mut self) -> Option<Sei> {
        self.messages.pop_front()
    }

    /// Whether the sender has to be asked for a key frame now.
    pub fn keyframe_wanted(&mut self, now: Instant) -> bool {
        // With the wrong key one more would be as useless as the last.
        !self.is_undecipherable && self.assembler.keyframe_wanted(now)
    }

    /// When [`Viewer::handle_timeout`] and [`Viewer::poll_frame`] have to be called although no packet came.
    pub fn poll_timeout(&self) -> Option<Instant> {
        [self.assembler.poll_timeout(), self.playout.poll_timeout()].into_iter().flatten().min()
    }

    /// The timing, for lip sync and statistics.
    pub const fn playout(&mut self) -> &mut Playout<Frame> {
        &mut self.playout
    }

    /// What has happened so far.
    pub const fn counters(&self) -> ViewerCounters {
        ViewerCounters { losses: self.assembler.counters().losses, ..self.counters }
    }

    fn decode(&mut self, now: Instant) {
        while let Some(encoded) = self.assembler.poll(now) {
            let Some(encoded) = self.decrypted(encoded) else {
                self.assembler.wait_for_key();
                continue;
            };
            let Some((plain, is_changed)) = self.changed_back(&encoded) else {
                self.assembler.wait_for_key();
                continue;
            };
            match self.decoded(&plain) {
                Ok(frame) => {
                    self.is_undecipherable = false;
                    self.take_messages(&encoded);
                    if let Some(frame) = frame {
                        self.counters.decoded += 1;
                        self.playout.push(frame.time_us, frame, now);
                    }
                }
                Err(_) => {
                    // What is done to pictures here does not fit what was done there: one more would be no better.
                    self.is_undecipherable = is_changed && plain.key;
                    self.counters.damaged += 1;
                    self.assembler.wait_for_key();
                }
            }
        }
    }

    fn decrypted(&mut self, encoded: EncodedFrame) -> Option<EncodedFrame> {
        let Some(cipher) = &self.cipher else { return Some(encoded) };
        let opened = cipher.open_frame(&encoded).ok();
        self.is_undecipherable = opened.is_none();
        self.counters.undecipherable += u64::from(opened.is_none());
        opened
    }

    /// The picture as it was before the sender's application changed it, and whether anything was done to it here. Nothing
    /// where that could not be done.
    fn changed_back(&mut self, encoded: &EncodedFrame) -> Option<(EncodedFrame, bool)> {
        let carried = changed::unwrap(encoded);
        let Some(change_back) = &self.change_back else {
            if carried.is_none() {
                return Some((encoded.clone(), false));
            }
            self.is_undecipherable = true;
            self.counters.undecipherable += 1;
            return None;
        };
        let with = |data: Vec<u8>| EncodedFrame { data: data.into(), ..encoded.clone() };
        match (change_back(carried.as_deref().unwrap_or(&encoded.data)), carried) {
            (Changed::To(data), _) | (Changed::No, Some(data)) => Some((with(data), true)),
            (Changed::No, None) => Some((encoded.clone(), false)),
            (Changed::Lost, _) => None,
        }
    }

    fn decoded(&mut self, encoded: &EncodedFrame) -> Result<Option<Frame>, CodecError> {
        let decoder = match &mut self.decoder {
            Some(decoder) if decoder.codec() == encoded.codec => decoder,
            decoder => decoder.insert(self.codecs.decoder(encoded.codec, &self.pool)?),
        };
        decoder.decode(encoded)
    }

    fn take_messages(&mut self, encoded: &EncodedFrame) {
        let found = match encoded.codec {
            VideoCodec::H264 => Sei::extract(&encoded.data),
            VideoCodec::Vp8 => Vec::new(),
        };
        self.messages.extend(self.repeats.next_picture(found));
        // Nobody fetches them: the newest are worth most.
        let excess = self.messages.len().saturating_sub(MAX_MESSAGES);
        self.messages.drain(..excess);
    }
}

const MAX_MESSAGES: usize = 64;

const LEARN_EVERY: Duration = Duration::from_millis(200);
/// Who waits longer sees a picture of another time.
const LONGEST_PATIENCE: Duration = Duration::from_secs(2);
