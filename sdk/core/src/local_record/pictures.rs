//! The pictures of a recording: scaled to the file's size and encoded, on the thread of the capture.

use std::time::Instant;

use rtc_api::LocalRecordError;
use rtc_device::RawFrame;
use rtc_record::VideoCodec as Recorded;
use rtc_video::codec::{CodecError, Codecs as _, Content, EncoderSettings, Software, VideoCodec, VideoEncoder};
use rtc_video::frame::{Frame, FrameError, Pool, Size};
use rtc_video::scale::{FillMode, Scaler};

use super::config::Plan;
use super::teller::Teller;
use super::{LocalRecordEvent, since};
use crate::picture::Converter;
use crate::recording::Running;

/// Pixels from which a second thread helps more than it costs.
const TWO_THREADS_FROM: u32 = 1280 * 720;
/// No screen is readable with less, whatever its size.
const LEAST_KBPS: u32 = 500;

pub(super) struct Pictures {
    plan: Plan,
    recording: Running,
    teller: Teller,
    epoch: Instant,
    converter: Converter,
    scaler: Scaler,
    /// The file keeps the size it began with: what has another one later is fitted into it.
    encoder: Option<(Box<dyn VideoEncoder>, Size)>,
    is_broken: bool,
}

#[derive(Debug, thiserror::Error)]
enum PictureError {
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error(transparent)]
    Codec(#[from] CodecError),
}

impl Pictures {
    pub(super) fn new(plan: &Plan, recording: Running, teller: Teller, epoch: Instant) -> Self {
        Self {
            plan: plan.clone(),
            recording,
            teller,
            epoch,
            converter: Converter::default(),
            scaler: Scaler::new(Pool::default()),
            encoder: None,
            is_broken: false,
        }
    }

    /// A picture of the screen.
    pub(super) fn take(&mut self, raw: &RawFrame<'_>) {
        let at = since(self.epoch, raw.captured_at);
        // Half a million years fit.
        let Some(frame) = self.converter.frame(raw, at.as_micros() as u64) else { return };
        let needs_key = self.recording.needs_key_frame();
        match self.encoded(&frame, needs_key) {
            Ok(Some(data)) => {
                self.is_broken = false;
                self.recording.write(|recorder| recorder.write_video(at, Recorded::H264, data));
            }
            Ok(None) => {}
            Err(error) => {
                if !std::mem::replace(&mut self.is_broken, true) {
                    let message = format!("pictures are left out: {error}");
                    self.teller.tell(LocalRecordEvent::Error { code: LocalRecordError::CreateRecordCaptureFailed, message });
                }
            }
        }
    }

    fn encoded(&mut self, frame: &Frame, needs_key: bool) -> Result<Option<Vec<u8>>, PictureError> {
        let (encoder, size) = match &mut self.encoder {
            Some(encoder) => encoder,
            none => {
                let source = rtc_device::Size::new(frame.width(), frame.height());
                let wanted = self.plan.size_of(source);
                let size = Size::nearest(wanted.width, wanted.height);
                let fps = self.plan.options.frame_rate;
                let settings = EncoderSettings {
                    bitrate_kbps: (size.area() / 1000 * fps / 10).max(LEAST_KBPS),
                    frame_rate: fps,
                    content: Content::Screen,
                    threads: if size.area() >= TWO_THREADS_FROM { 2 } else { 1 },
                };
                let encoder = Software.encoder(VideoCodec::H264, settings)?;
                self.teller.tell(LocalRecordEvent::Started { width: size.width(), height: size.height(), fps });
                none.insert((encoder, size))
            }
        };
        let fitted = self.scaler.scale(frame, *size, FillMode::Fit)?;
        Ok(encoder.encode(&fitted, needs_key)?.map(|picture| picture.data.to_vec()))
    }
}
