//! Who is how loud, told at an interval (`onUserVoiceVolume`). It measures nothing itself.

use rtc_api::{AudioVolumeEvaluateParams, Event, VolumeInfo};
use rtc_audio::Meter;

use super::voices::Voices;

/// The shortest interval, as documented.
const SHORTEST_MS: u32 = 100;
const BLOCK_MS: u32 = 10;

/// `enableAudioVolumeEvaluation` of one seat.
pub(super) struct VolumeEvaluation {
    params: AudioVolumeEvaluateParams,
    interval_ms: u32,
    passed_ms: u32,
}

impl VolumeEvaluation {
    /// Nothing where it is turned off: not enabled, or an interval of 0.
    pub(super) fn new(is_on: bool, params: AudioVolumeEvaluateParams) -> Option<Self> {
        (is_on && params.interval > 0).then(|| Self { interval_ms: params.interval.max(SHORTEST_MS), params, passed_ms: 0 })
    }

    /// 10 ms passed. Tells when it is time, also when nobody says anything. `own` is the own voice, where it is sent.
    pub(super) fn tick(&mut self, voices: &mut Voices, own: Option<&mut Meter>) {
        self.passed_ms += BLOCK_MS;
        if self.passed_ms < self.interval_ms {
            return;
        }
        self.passed_ms = 0;
        let mut user_volumes = Vec::new();
        if let Some(meter) = own {
            user_volumes.push(self.own(meter));
            meter.reset();
        }
        let mut total_volume = 0;
        for (user, meter) in voices.meters() {
            let volume = u32::from(meter.volume());
            total_volume = total_volume.max(volume);
            let spectrum_data = self.spectrum(meter);
            user_volumes.push(VolumeInfo { user_id: user.to_string(), volume, spectrum_data, ..VolumeInfo::default() });
            meter.reset();
        }
        voices.courier().tell(Event::UserVoiceVolume { user_volumes, total_volume });
    }

    /// The own voice has an empty user id; voice activity and pitch are told of it only.
    fn own(&self, meter: &Meter) -> VolumeInfo {
        VolumeInfo {
            user_id: String::new(),
            volume: meter.volume().into(),
            vad: i32::from(self.params.enable_vad_detection && meter.voice()),
            pitch: if self.params.enable_pitch_calculation { meter.pitch().unwrap_or(0.0) } else { 0.0 },
            spectrum_data: self.spectrum(meter),
        }
    }

    fn spectrum(&self, meter: &Meter) -> Vec<f32> {
        if self.params.enable_spectrum_calculation { meter.spectrum().to_vec() } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::courier::CallbackThread;

    /// After how many blocks it is told for the first time, of three hundred; nothing where it never is.
    fn first_told(is_on: bool, interval: u32) -> Option<usize> {
        let (tell, told) = channel();
        let mut callbacks =
            CallbackThread::start(Box::new(move |event: &Event| drop(tell.send(event.clone())))).expect("a thread");
        let mut voices = Voices::new(callbacks.courier());
        let params = AudioVolumeEvaluateParams { interval, ..AudioVolumeEvaluateParams::default() };
        let mut evaluation = VolumeEvaluation::new(is_on, params)?;
        let mut own = Meter::new();
        let first = (1..=300).find(|_| {
            evaluation.tick(&mut voices, Some(&mut own));
            evaluation.passed_ms == 0
        });
        let event = told.recv().expect("it is told");
        assert!(matches!(event, Event::UserVoiceVolume { user_volumes, .. } if user_volumes.len() == 1));
        callbacks.close();
        first
    }

    #[test]
    fn volumes_are_told_at_their_interval_and_not_more_often_than_ten_times_a_second() {
        assert_eq!(first_told(true, 300), Some(30));
        assert_eq!(first_told(true, 1000), Some(100));
        assert_eq!(first_told(true, 1), Some(10));
        assert_eq!(first_told(true, 0), None);
        assert_eq!(first_told(false, 300), None);
    }
}
