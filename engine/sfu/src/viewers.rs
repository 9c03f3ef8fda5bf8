//! What the forwarder decides for the viewers of its shard: it turns wishes into bound slots and slots into subscriptions.
//! Packets do not pass here.

use std::time::Instant;

use rtc_protocol::{Layer, MediaKind, Qos, SessionId, Track, TrackRef};

use crate::allocation::Seat;
use crate::session::View;
use crate::slot::{Bound, Slot};
use crate::source::LayerKey;
use crate::speakers::{Voice, select};
use crate::timers::Timer;
use crate::{Forwarder, KeyframeNeed, PeerKey, SlotSpec};

impl Forwarder {
    pub(crate) fn view(&mut self, now: Instant, viewer: SessionId, source: TrackRef, layer: Layer) {
        if source.track.kind() != MediaKind::Video {
            return;
        }
        // Only cameras have a small layer.
        let layer = if source.track == Track::Camera { layer } else { Layer::Big };
        let at = self.sessions.find_or_add(viewer);
        let Some(session) = self.sessions.at_mut(at) else { return };
        match session.views.iter().position(|v| v.source == source) {
            Some(known) => session.views[known].layer = layer,
            None if session.views.len() < self.config.wishes_per_session => session.views.push(View { source, layer }),
            None => return,
        }
        self.arrange(now, at);
    }

    pub(crate) fn unview(&mut self, now: Instant, viewer: SessionId, source: TrackRef) {
        let Some(at) = self.sessions.find(viewer) else { return };
        let Some(session) = self.sessions.at_mut(at) else { return };
        session.views.retain(|v| v.source != source);
        self.arrange(now, at);
        self.sessions.remove_if_idle(at);
    }

    pub(crate) fn hear(&mut self, now: Instant, viewer: SessionId, source: TrackRef) {
        if source.track.kind() != MediaKind::Audio {
            return;
        }
        let at = self.sessions.find_or_add(viewer);
        let Some(session) = self.sessions.at_mut(at) else { return };
        if session.voices.len() < self.config.wishes_per_session && session.voices.iter().all(|v| v.source != source) {
            session.voices.push(Voice::new(source));
            self.arrange(now, at);
        }
    }

    pub(crate) fn unhear(&mut self, now: Instant, viewer: SessionId, source: TrackRef) {
        let Some(at) = self.sessions.find(viewer) else { return };
        let Some(session) = self.sessions.at_mut(at) else { return };
        let Some(voice) = session.voices.iter().position(|v| v.source == source) else { return };
        if session.voices.remove(voice).is_counted {
            self.count_listener(source, false);
        }
        self.arrange(now, at);
        self.sessions.remove_if_idle(at);
    }

    pub(crate) fn forget_viewer(&mut self, session: SessionId) {
        let Some(at) = self.sessions.find(session) else { return };
        self.drop_lines(at);
        if let Some(session) = self.sessions.at_mut(at) {
            session.views.clear();
            session.voices.clear();
            session.qos = Qos::default();
        }
        self.sessions.disconnect(at);
        self.sessions.remove_if_idle(at);
    }

    /// Takes the lines of a peer connection; who is in those that are gone is placed by the next [`Self::arrange`].
    pub(crate) fn set_lines(&mut self, session: usize, key: PeerKey, specs: &[SlotSpec]) {
        let Some(s) = self.sessions.at_mut(session) else { return };
        s.table.set_lines(specs);
        let lines = s.table.lines().to_vec();
        let slots = &self.slots;
        let is_kept =
            |id, at: usize| lines.iter().any(|l| l.spec.slot == id && slots.get(at).is_some_and(|s| s.kind == l.spec.kind));
        let gone: Vec<_> = s.slots.iter().filter(|(id, at)| !is_kept(**id, **at)).map(|(id, at)| (*id, *at)).collect();
        for (id, slot) in gone {
            if let Some(s) = self.sessions.at_mut(session) {
                s.slots.remove(&id);
            }
            self.drop_slot(slot);
        }
        let Some(s) = self.sessions.at_mut(session) else { return };
        for line in &lines {
            let spec = line.spec;
            s.slots.entry(spec.slot).or_insert_with(|| self.slots.insert(Slot::new(session, key, spec.slot, spec.kind)));
        }
        for line in lines.iter().filter(|l| l.spec.kind == MediaKind::Video) {
            let audio = s.table.audio_slot_of_pair(line.spec.pair);
            let companion = audio.and_then(|id| s.slots.get(&id)).copied();
            if let Some(slot) = s.slots.get(&line.spec.slot).and_then(|at| self.slots.get_mut(*at)) {
                slot.companion = companion;
            }
        }
    }

    /// Empties a session: it has no lines and listens to nobody, but keeps its wishes.
    pub(crate) fn drop_lines(&mut self, session: usize) {
        let Some(s) = self.sessions.at_mut(session) else { return };
        s.table.set_lines(&[]);
        let slots = std::mem::take(&mut s.slots);
        let mut counted = Vec::new();
        for voice in &mut s.voices {
            voice.selected = None;
            if std::mem::take(&mut voice.is_counted) {
                counted.push(voice.source);
            }
        }
        for slot in slots.into_values() {
            self.drop_slot(slot);
        }
        for source in counted {
            self.count_listener(source, false);
        }
        if let Some(s) = self.sessions.at_mut(session) {
            s.downlink = None;
        }
        self.timers.set(Timer::Share(session), None);
        self.leave_crowd(session);
        self.touched_sessions.remove(&session);
    }

    fn drop_slot(&mut self, at: usize) {
        let Some(slot) = self.slots.try_remove(at) else { return };
        self.timers.set(Timer::Linger(at), None);
        self.count_seat(slot.bound, false);
        for layer in slot.layers().into_iter().flatten() {
            self.unsubscribe(at, layer);
        }
    }

    /// Decides anew who is in which slot of a session, and carries it out.
    pub(crate) fn arrange(&mut self, now: Instant, session: usize) {
        self.select_voices(now, session);
        let Some(s) = self.sessions.at_mut(session) else { return };
        let room = s.table.count(MediaKind::Audio).min(self.config.voices);
        let is_crowded = room > 0 && s.voices.len() > room;
        let newly_counted: Vec<_> = s.voices.iter().filter(|v| v.is_counted != (room > 0)).map(|v| v.source).collect();
        s.voices.iter_mut().for_each(|v| v.is_counted = room > 0);
        let views: Vec<_> = s.views.iter().map(|v| v.source).collect();
        let voices: Vec<_> = s.voices.iter().filter(|v| v.selected.is_some()).map(|v| v.source).collect();
        s.table.place_videos(&views);
        s.table.place_voices(&voices);

        for source in newly_counted {
            self.count_listener(source, room > 0);
        }
        if is_crowded {
            self.crowded.insert(session);
            self.timers.set_no_later(Timer::Speakers, now + self.config.speaker_interval);
        } else {
            self.leave_crowd(session);
        }
        self.carry_out(now, session);
        self.touched_sessions.insert(session);
    }

    fn leave_crowd(&mut self, session: usize) {
        if self.crowded.remove(&session) && self.crowded.is_empty() {
            self.timers.set(Timer::Speakers, None);
        }
    }

    /// Says whether the selection changed.
    fn select_voices(&mut self, now: Instant, session: usize) -> bool {
        let Some(s) = self.sessions.at_mut(session) else { return false };
        let room = s.table.count(MediaKind::Audio).min(self.config.voices);
        for voice in &mut s.voices {
            let source = self.sources.find(&voice.source).and_then(|at| self.sources.at(at));
            voice.loudness = source.map_or(0.0, |source| source.loudness.at_time(now));
            voice.recent = source.map_or(0.0, |source| source.loudness.recent(now));
        }
        select(now, room, &mut s.voices, &self.config)
    }

    fn carry_out(&mut self, now: Instant, session: usize) {
        let Some(s) = self.sessions.at(session) else { return };
        let layer_of = |track| s.views.iter().find(|v| v.source == track).map_or(Layer::Big, |v| v.layer);
        let plan: Vec<_> = s
            .table
            .lines()
            .iter()
            .filter_map(|l| Some((*s.slots.get(&l.spec.slot)?, l.occupant.map(|track| (track, layer_of(track))))))
            .collect();
        for &(slot, occupant) in &plan {
            match occupant {
                Some((track, layer)) => self.bind(now, slot, track, layer),
                None => self.unbind(now, slot),
            }
        }
        self.share(now, session);
        // Somebody who is shown in a line of his own again needs no lingering elsewhere.
        for &(slot, _) in &plan {
            let Some(lingering) = self.slots.get(slot).filter(|s| s.is_lingering()).and_then(|s| s.told) else { continue };
            if plan.iter().any(|(_, occupant)| occupant.is_some_and(|(track, _)| track == lingering.track)) {
                self.end_linger(now, slot);
            }
        }
    }

    /// Puts a track into a slot. Of a picture nothing flows before [`Self::share`] has given it something.
    fn bind(&mut self, now: Instant, at: usize, track: TrackRef, wish: Layer) {
        let Some(slot) = self.slots.get_mut(at) else { return };
        if slot.bound.is_some_and(|b| b.track == track) {
            slot.seat.iter_mut().for_each(|seat| seat.set_wish(wish));
            return;
        }
        let wanted = LayerKey::new(self.sources.find_or_add(track), wish);
        let before = slot.layers();
        let was_lingering = slot.is_lingering();
        let left = slot.bound.replace(Bound { track, wanted, since: now });
        let entered = slot.bound;
        slot.fallback = None;
        slot.silent = None;
        if slot.kind == MediaKind::Audio {
            // Sound needs no key frame to go on.
            slot.stop();
        } else {
            slot.seat = Some(Seat::new(wish));
            slot.paused = true;
            if slot.is_lingering() && !was_lingering {
                self.timers.set(Timer::Linger(at), Some(now + self.config.linger));
            }
        }
        self.count_seat(entered, true);
        self.count_seat(left, false);
        self.resubscribe(now, at, before);
    }

    fn unbind(&mut self, now: Instant, at: usize) {
        let Some(slot) = self.slots.get_mut(at) else { return };
        if slot.bound.is_some() {
            let before = slot.layers();
            let left = slot.bound.take();
            slot.fallback = None;
            (slot.seat, slot.paused, slot.silent) = (None, false, None);
            slot.stop();
            self.count_seat(left, false);
            self.resubscribe(now, at, before);
        }
    }

    /// A source that is in a slot is not forgotten, subscribed or not.
    fn count_seat(&mut self, bound: Option<Bound>, on: bool) {
        let Some(at) = bound.map(|bound| bound.wanted.source()) else { return };
        if let Some(source) = self.sources.at_mut(at) {
            source.seats = if on { source.seats + 1 } else { source.seats.saturating_sub(1) };
            self.touched_sources.insert(at);
        }
    }

    /// Follows a change of a slot: subscribes it to what it needs now, and sees to the key frames it waits for.
    pub(crate) fn resubscribe(&mut self, now: Instant, at: usize, before: [Option<LayerKey>; 3]) {
        let Some(slot) = self.slots.get(at) else { return };
        let after = slot.layers();
        let waits: [Option<LayerKey>; 3] = after.map(|l| l.filter(|l| slot.waits_for(*l)));
        self.touched_sessions.insert(slot.session);
        for (i, layer) in after.iter().enumerate() {
            let Some(layer) = *layer else { continue };
            if !before.contains(&Some(layer)) && !after[..i].contains(&Some(layer)) {
                self.subscribe(at, layer);
            }
        }
        for (i, layer) in before.iter().enumerate() {
            let Some(layer) = *layer else { continue };
            if !after.contains(&Some(layer)) && !before[..i].contains(&Some(layer)) {
                self.unsubscribe(at, layer);
            }
        }
        for layer in waits.into_iter().flatten() {
            self.ask(layer, KeyframeNeed::Join);
            self.timers.set_no_later(Timer::Retry(layer), now + self.config.keyframe_retry);
        }
        if let Some(small) = after[1].filter(|l| l.layer() == Layer::Small) {
            self.timers.set_no_later(Timer::Silence(small), now + self.config.small_silent);
        }
    }

    fn subscribe(&mut self, slot: usize, layer: LayerKey) {
        if let Some(state) = self.sources.layer_mut(layer) {
            state.subscriptions.push(slot);
            self.touched_sources.insert(layer.source());
        }
    }

    fn unsubscribe(&mut self, slot: usize, layer: LayerKey) {
        if let Some(state) = self.sources.layer_mut(layer)
            && let Some(i) = state.subscriptions.iter().position(|s| *s == slot)
        {
            state.subscriptions.swap_remove(i);
            self.touched_sources.insert(layer.source());
        }
    }

    fn count_listener(&mut self, source: TrackRef, on: bool) {
        let at = self.sources.find_or_add(source);
        if let Some(source) = self.sources.at_mut(at) {
            source.listeners = if on { source.listeners + 1 } else { source.listeners.saturating_sub(1) };
            self.touched_sources.insert(at);
        }
    }

    /// Marks that a key frame is needed; the publisher's shard is asked with the next outputs.
    pub(crate) fn ask(&mut self, layer: LayerKey, need: KeyframeNeed) {
        if let Some(state) = self.sources.layer_mut(layer) {
            state.asked = state.asked.max(Some(need));
            self.touched_sources.insert(layer.source());
        }
    }

    pub(crate) fn end_linger(&mut self, now: Instant, at: usize) {
        if let Some(slot) = self.slots.get_mut(at).filter(|s| s.is_lingering()) {
            let before = slot.layers();
            slot.stop();
            self.resubscribe(now, at, before);
        }
    }

    /// A key frame did not come in time.
    pub(crate) fn retry_keyframe(&mut self, now: Instant, layer: LayerKey) {
        let Some(state) = self.sources.layer_mut(layer) else { return };
        let waiting = state.subscriptions.iter().filter_map(|s| self.slots.get(*s)).filter(|s| s.waits_for(layer));
        // While somebody has another picture, a silent layer need not be asked: it starts again with a key frame.
        let (any, without_picture) = waiting.fold((false, false), |(_, without), s| (true, without || s.current.is_none()));
        let flows = state.flows(now);
        if any {
            if flows || without_picture {
                self.ask(layer, KeyframeNeed::Join);
            }
            self.timers.set(Timer::Retry(layer), Some(now + self.config.keyframe_retry));
        }
    }

    /// Slots whose small layer has fallen silent take the big one until it comes back.
    pub(crate) fn look_for_silence(&mut self, now: Instant, small: LayerKey) {
        let Some(state) = self.sources.layer_mut(small) else { return };
        let last_packet = state.last_packet;
        let mut again = None;
        let mut silent = Vec::new();
        for &at in &state.subscriptions {
            let Some(slot) = self.slots.get(at) else { continue };
            let Some(bound) = slot.bound.filter(|b| b.wanted == small) else { continue };
            if slot.silent.is_some() {
                continue;
            }
            let falls_silent = last_packet.map_or(bound.since, |at| at.max(bound.since)) + self.config.small_silent;
            if falls_silent <= now {
                silent.push(at);
            } else {
                again = Some(again.map_or(falls_silent, |a: Instant| a.min(falls_silent)));
            }
        }
        self.timers.set(Timer::Silence(small), again);
        for at in silent {
            let Some(slot) = self.slots.get_mut(at) else { continue };
            slot.silent = Some(now);
            // Who wished for the small layer would not be better off with nothing.
            slot.seat.iter_mut().filter(|seat| seat.wish == Layer::Small).for_each(Seat::refresh);
            let session = slot.session;
            self.share(now, session);
        }
    }

    /// Chooses the loudest for every session that cannot hear everybody.
    pub(crate) fn choose_speakers(&mut self, now: Instant) {
        self.speakers_chosen = Some(now);
        let crowded: Vec<usize> = self.crowded.iter().copied().collect();
        for session in crowded {
            if self.select_voices(now, session) {
                self.arrange(now, session);
            }
        }
        if !self.crowded.is_empty() {
            self.timers.set_no_later(Timer::Speakers, now + self.config.speaker_interval);
        }
    }
}
