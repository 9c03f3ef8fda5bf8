//! Fits what flows to a viewer to the viewer's network: takes estimates in, has them shared, and carries out in the slots
//! what was decided. The rule itself is in `allocation`; what is viewed and in which slot is decided in `viewers`.

use std::time::Instant;

use rtc_protocol::{Layer, MediaKind, QosControlMode, Track};

use crate::allocation::{Ask, Budget, Given, LOOKED_AT, Rank, Seat, allocate};
use crate::goal::{Goal, Need, Told};
use crate::slot::Slot;
use crate::source::LayerKey;
use crate::timers::Timer;
use crate::{Forwarder, Output, PeerKey};

/// The network towards a viewer.
#[derive(Debug, Default)]
pub(crate) struct Downlink {
    /// Bits a second, sound and all; nothing where none was made yet.
    estimate: Option<u64>,
    /// What it was when something was given away last, and what that was.
    shared: Option<u64>,
    spent: u64,
    goal: Goal,
}

impl Forwarder {
    /// What the network towards a viewer takes is estimated, in bits a second; `None` where no estimate was made yet, or
    /// none can be made any more. A session for which this is never called gets what it wishes for.
    pub fn handle_estimate(&mut self, now: Instant, key: PeerKey, bits_per_second: Option<u64>) {
        let Some(at) = self.sessions.find_peer(key) else { return };
        let Some(session) = self.sessions.at_mut(at) else { return };
        let is_first = session.downlink.is_none();
        let downlink = session.downlink.get_or_insert_default();
        let was_known = std::mem::replace(&mut downlink.estimate, bits_per_second).is_some();
        let is_too_little = bits_per_second.is_some_and(|bits| bits < downlink.spent);
        if is_first || is_too_little || was_known != bits_per_second.is_some() {
            self.share(now, at);
        } else {
            self.timers.set_no_later(Timer::Share(at), now + LOOKED_AT);
        }
    }

    /// Decides anew how much of each viewed stream a session gets, and carries it out.
    pub(crate) fn share(&mut self, now: Instant, session: usize) {
        self.doubt_silence(now, session);
        let Some(s) = self.sessions.at(session) else { return };
        let preference = s.qos.preference;
        let estimate = s.downlink.as_ref().and_then(|d| d.estimate).filter(|_| s.qos.control_mode == QosControlMode::Server);
        let is_estimated = s.downlink.is_some();
        let (before, spent) = s.downlink.as_ref().map_or((None, 0), |d| (d.shared, d.spent));
        let asks = self.seated(session).into_iter().filter_map(|at| Some((at, self.ask_of(now, at)?)));
        let (seated, mut asks): (Vec<usize>, Vec<Ask>) = asks.unzip();
        if seated.is_empty() && !is_estimated {
            return;
        }
        let sound = if is_estimated { self.sound(now, session) } else { 0 };
        let mut given: Vec<Given> = match estimate {
            None => asks.iter().map(Ask::best).collect(),
            Some(estimate) => {
                let budget = Budget::new(estimate, sound, &self.config);
                let could = allocate(&budget, preference, &asks);
                // Nobody makes room for a stream that has to wait yet.
                for ((at, ask), could) in seated.iter().zip(&mut asks).zip(could) {
                    let seat = self.slots.get_mut(*at).and_then(|slot| slot.seat.as_mut());
                    let has_layers = ask.small.is_some();
                    if let Some(seat) = seat
                        && !seat.may_take(now, could, has_layers, estimate, &self.config)
                    {
                        ask.most = seat.given;
                    }
                }
                allocate(&budget, preference, &asks)
            }
        };
        if let Some(estimate) = estimate
            && let Some((at, least)) = self.last_picture(&seated, &asks, &given)
        {
            let need = sound + asks[at].price(least);
            let is_near = estimate >= need * u64::from(self.config.last_picture) / 100;
            let is_breakdown = estimate < spent / 2;
            if self.keeps(now, seated[at], is_near, is_breakdown) {
                given[at] = least;
            }
        }
        let mut has_risen = false;
        for (&at, &given) in seated.iter().zip(&given) {
            if let Some(seat) = self.slots.get_mut(at).and_then(|slot| slot.seat.as_mut()) {
                has_risen |= given > seat.given;
                if given != seat.given {
                    // Whether it is paused is told, also where no subscription changes.
                    self.touched_sessions.insert(session);
                }
                seat.take(now, given, before, &self.config);
                self.carry(now, at);
            }
        }
        if !is_estimated {
            return;
        }
        let seats = || seated.iter().filter_map(|at| self.slots.get(*at)?.seat.as_ref());
        let is_rising = seats().any(Seat::is_rising);
        let (spent, need) = self.need(estimate.unwrap_or(0), sound, &asks, &given, is_rising);
        let is_watched = !asks.is_empty() || sound > 0;
        self.timers.set(Timer::Share(session), is_watched.then(|| now + LOOKED_AT));
        let Some(s) = self.sessions.at_mut(session) else { return };
        let (Some(downlink), Some(key)) = (&mut s.downlink, s.peer) else { return };
        (downlink.shared, downlink.spent) = (estimate, spent);
        if has_risen {
            downlink.goal.succeed();
        }
        if let Some(Told { most, least }) = downlink.goal.follow(now, need, &self.config) {
            self.outputs.push_back(Output::Goal { key, most, least });
        }
    }

    /// What was given away, and how much more there should be.
    fn need(&self, estimate: u64, sound: u64, asks: &[Ask], given: &[Given], is_rising: bool) -> (u64, Need) {
        let pairs = || asks.iter().zip(given);
        let spent = sound + pairs().map(|(ask, given)| ask.price(*given)).sum::<u64>();
        let wanted = sound + asks.iter().map(|ask| ask.price(ask.best())).sum::<u64>();
        let step = pairs().filter_map(|(ask, given)| Some(ask.price(ask.next(*given)?) - ask.price(*given))).min();
        let spare = |bits: u64| bits.saturating_mul(100 + u64::from(self.config.goal_margin)) / 100;
        // More than the margin for rising also for the step, or the estimate would end just there.
        let next = step.map(|step| spare(spent + step));
        (spent, Need { all: spare(wanted), next, estimate, is_rising })
    }

    /// The slots with a picture, in the order in which the viewer asked for them.
    fn seated(&self, session: usize) -> Vec<usize> {
        let Some(s) = self.sessions.at(session) else { return Vec::new() };
        let order = |track| s.views.iter().position(|view| view.source == track);
        let mut seated: Vec<_> = s
            .slots
            .values()
            .filter_map(|at| {
                let slot = self.slots.get(*at).filter(|slot| slot.seat.is_some())?;
                Some((order(slot.bound?.track), *at))
            })
            .collect();
        seated.sort_unstable();
        seated.into_iter().map(|(_, at)| at).collect()
    }

    /// Which picture is the last when nothing would be left of any, and how much of it could go on.
    fn last_picture(&mut self, seated: &[usize], asks: &[Ask], given: &[Given]) -> Option<(usize, Given)> {
        let is_over = given.iter().all(|given| *given == Given::Nothing);
        let mut last: Option<usize> = None;
        for (index, at) in seated.iter().enumerate() {
            let Some(slot) = self.slots.get_mut(*at) else { continue };
            let is_silent = slot.silent.is_some();
            let Some(seat) = &mut slot.seat else { continue };
            if !is_over {
                seat.recover();
            } else if seat.given > Given::Nothing && !is_silent && last.is_none_or(|last| asks[index].rank < asks[last].rank) {
                last = Some(index);
            }
        }
        let index = last?;
        let seat = self.slots.get(seated[index])?.seat.as_ref()?;
        Some((index, seat.given.min(asks[index].least())))
    }

    /// Whether the last picture goes on.
    fn keeps(&mut self, now: Instant, at: usize, is_near: bool, is_breakdown: bool) -> bool {
        let Some(seat) = self.slots.get_mut(at).and_then(|slot| slot.seat.as_mut()) else { return false };
        if is_near {
            seat.recover();
        }
        is_near || (!is_breakdown && seat.holds_on(now, &self.config))
    }

    fn ask_of(&self, now: Instant, at: usize) -> Option<Ask> {
        let slot = self.slots.get(at)?;
        let (bound, seat) = (slot.bound?, slot.seat.as_ref()?);
        let source = self.sources.at(bound.wanted.source())?;
        let price = |layer: Layer| {
            let rate = &source.layers[layer as usize].rate;
            // What flows to the viewer and is silent takes nothing. Of others counts what they took when they flowed.
            let is_carried = slot.current == Some(LayerKey::new(bound.wanted.source(), layer));
            let measured = if is_carried { rate.now(now) } else { rate.last() };
            measured.unwrap_or(match layer {
                Layer::Big => self.config.big_guess,
                Layer::Small => self.config.small_guess,
            })
        };
        let is_camera = bound.track.track == Track::Camera;
        let small = (is_camera && slot.silent.is_none()).then(|| price(Layer::Small));
        let big = (seat.wish == Layer::Big || small.is_none()).then(|| price(Layer::Big));
        let rank = match (is_camera, seat.wish) {
            (true, Layer::Big) => Rank::LargeCamera,
            (true, Layer::Small) => Rank::SmallCamera,
            (false, _) => Rank::Screen,
        };
        Some(Ask { rank, small, big, held: seat.held(), most: Given::Big })
    }

    /// What the voices of a session take.
    fn sound(&self, now: Instant, session: usize) -> u64 {
        let Some(s) = self.sessions.at(session) else { return 0 };
        let voices = s.slots.values().filter_map(|at| self.slots.get(*at)).filter(|slot| slot.kind == MediaKind::Audio);
        let sources = voices.filter_map(|slot| self.sources.at(slot.bound?.wanted.source()));
        sources.filter_map(|source| source.layers[Layer::Big as usize].rate.now(now)).sum()
    }

    /// A small layer that was silent may be there by now. While it is not subscribed, nobody would see that.
    fn doubt_silence(&mut self, now: Instant, session: usize) {
        let Some(s) = self.sessions.at(session) else { return };
        for at in s.slots.values() {
            let Some(slot) = self.slots.get_mut(*at) else { continue };
            let is_watched = slot.bound.is_some_and(|bound| bound.wanted.layer() == Layer::Small);
            let is_old = |silent: Instant| now.saturating_duration_since(silent) >= self.config.small_retry;
            if slot.silent.is_some_and(is_old) && !is_watched {
                slot.silent = None;
            }
        }
    }

    /// Has a slot carry what its seat was given.
    fn carry(&mut self, now: Instant, at: usize) {
        let Some(slot) = self.slots.get_mut(at) else { return };
        let (Some(bound), Some(seat)) = (slot.bound, &slot.seat) else { return };
        let (layer, paused) = match seat.given {
            Given::Big => (seat.wish, false),
            Given::Small => (Layer::Small, false),
            // A layer that is silent costs nothing, and can be seen to come back.
            Given::Nothing if slot.silent.is_some() => (Layer::Small, false),
            Given::Nothing => (bound.wanted.layer(), true),
        };
        let wanted = LayerKey::new(bound.wanted.source(), layer);
        let replaced = (seat.given == Given::Big && layer == Layer::Small).then(|| LayerKey::new(wanted.source(), Layer::Big));
        let stops = seat.given == Given::Nothing && slot.current.is_some_and(|current| paused || current != wanted);
        if wanted == bound.wanted && replaced == slot.fallback && paused == slot.paused && !stops {
            return;
        }
        let before = slot.layers();
        let is_new = wanted != bound.wanted || (slot.paused && !paused);
        slot.bound = Some(crate::slot::Bound { wanted, since: if is_new { now } else { bound.since }, ..bound });
        slot.fallback = replaced;
        slot.paused = paused;
        if stops {
            slot.stop();
        }
        self.resubscribe(now, at, before);
    }
}

impl Slot {
    /// Whether packets have shown that what was decided for it was decided on a wrong assumption.
    pub(crate) fn is_misjudged(&self) -> bool {
        let Some(seat) = &self.seat else { return false };
        match seat.given {
            // The small layer is silent no more.
            Given::Big => seat.wish == Layer::Small && self.silent.is_none(),
            Given::Small => false,
            Given::Nothing => self.silent.is_none() && self.current.is_some() && !self.is_lingering(),
        }
    }
}
