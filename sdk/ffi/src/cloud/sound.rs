//! Sound frames and sound hooks of the engine as those of the boundary. It does not touch samples.

use std::sync::Arc;

use rtc_core::{AudioFrameHook, HookPlace};

use crate::engine::AudioHooks;
use crate::frame::AudioFrame;

/// A frame of an application, for the engine.
pub(super) fn from_application(frame: &AudioFrame<'_>) -> rtc_core::AudioFrame {
    rtc_core::AudioFrame {
        samples: frame.samples.to_vec(),
        sample_rate: frame.sample_rate,
        channels: frame.channels,
        timestamp: frame.timestamp,
        extra_data: frame.extra.clone(),
    }
}

/// What the engine put into such a frame.
pub(super) fn copy_back(from: &rtc_core::AudioFrame, to: &mut AudioFrame<'_>) {
    let samples = from.samples.len().min(to.samples.len());
    to.samples[..samples].copy_from_slice(&from.samples[..samples]);
    to.timestamp = from.timestamp;
}

/// The hook for the places an application listens at; none when it listens nowhere.
pub(super) fn hook(hooks: AudioHooks) -> Option<Arc<dyn AudioFrameHook>> {
    let AudioHooks { captured, local_processed, remote, mixed_play, mixed_all } = &hooks;
    let all = [captured, local_processed, mixed_play, mixed_all];
    let is_there = remote.is_some() || all.iter().any(|hook| hook.is_some());
    is_there.then(|| Arc::new(Hooks(hooks)) as Arc<dyn AudioFrameHook>)
}

struct Hooks(AudioHooks);

impl AudioFrameHook for Hooks {
    fn wants(&self, place: HookPlace) -> bool {
        match place {
            HookPlace::Captured => self.0.captured.is_some(),
            HookPlace::LocalProcessed => self.0.local_processed.is_some(),
            HookPlace::MixedPlay => self.0.mixed_play.is_some(),
        }
    }

    fn captured(&self, frame: &mut rtc_core::AudioFrame) {
        if let Some(hear) = &self.0.captured {
            lend(frame, |frame| hear(frame));
        }
    }

    fn local_processed(&self, frame: &mut rtc_core::AudioFrame) {
        if let Some(hear) = &self.0.local_processed {
            lend(frame, |frame| hear(frame));
        }
    }

    fn play(&self, user: &str, frame: &rtc_core::AudioFrame) {
        if let Some(hear) = &self.0.remote {
            // The application gets a copy, because C cannot be kept from writing to it.
            lend(&mut frame.clone(), |frame| hear(frame, user));
        }
    }

    fn mixed_play(&self, frame: &mut rtc_core::AudioFrame) {
        if let Some(hear) = &self.0.mixed_play {
            lend(frame, |frame| hear(frame));
        }
    }

    fn mixed_all(&self, frame: &rtc_core::AudioFrame) {
        if let Some(hear) = &self.0.mixed_all {
            lend(&mut frame.clone(), |frame| hear(frame));
        }
    }
}

fn lend(frame: &mut rtc_core::AudioFrame, hear: impl FnOnce(&mut AudioFrame<'_>)) {
    let mut lent = AudioFrame {
        samples: &mut frame.samples,
        sample_rate: frame.sample_rate,
        channels: frame.channels,
        timestamp: frame.timestamp,
        extra: std::mem::take(&mut frame.extra_data),
    };
    hear(&mut lent);
    frame.extra_data = lent.extra;
}
