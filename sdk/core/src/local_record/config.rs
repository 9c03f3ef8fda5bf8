//! What an application wants recorded, checked. It opens nothing.

use std::path::PathBuf;

use rtc_api::{LocalRecordError, RecordConfig, Rect, ScreenCaptureSourceType};
use rtc_device::{DeviceError, ScreenOptions, ScreenTarget, Size};

use crate::options::PictureChoice;
use crate::picture;

/// The largest picture that can be encoded.
pub(super) const LARGEST: Size = Size { width: 3840, height: 2160 };
/// The smallest.
pub(super) const SMALLEST: u32 = 16;
const USUAL_FPS: u32 = 15;
const MOST_FPS: i32 = 60;

/// A checked wish.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) path: PathBuf,
    pub(super) most_bytes: Option<u64>,
    /// Nothing where only sound is recorded.
    pub(super) target: Option<ScreenTarget>,
    pub(super) options: ScreenOptions,
    /// Width and height, each 0 for whatever fits.
    pub(super) size: (u32, u32),
}

impl Plan {
    pub(super) fn new(
        config: &RecordConfig,
        choice: PictureChoice,
        kind: ScreenCaptureSourceType,
        source_id: u64,
        part: &Rect,
    ) -> Result<Self, (LocalRecordError, String)> {
        let wrong = |words: String| (LocalRecordError::ParamInvalid, words);
        if config.file_path.is_empty() {
            return Err((LocalRecordError::FilePathInvalid, "filePath is empty; name a file that ends in .mp4".to_owned()));
        }
        let side = |name: &str, value: i32, most: u32| match u32::try_from(value) {
            Ok(side) if side == 0 || (SMALLEST..=most).contains(&side) => Ok(side),
            _ => Err(wrong(format!("{name} must be 0 or from {SMALLEST} to {most}, not {value}"))),
        };
        let size = (
            side("recordWidth", config.record_width, LARGEST.width)?,
            side("recordHeight", config.record_height, LARGEST.height)?,
        );
        let frame_rate = match config.fps {
            0 => USUAL_FPS,
            // At most 60.
            fps @ 1..=MOST_FPS => fps as u32,
            fps => return Err(wrong(format!("fps must be 0 or from 1 to {MOST_FPS}, not {fps}"))),
        };
        let most_bytes = match u64::try_from(config.max_single_file_size) {
            Ok(0) => None,
            Ok(megabytes) => Some(megabytes << 20),
            Err(_) => return Err(wrong("maxSingleFileSize is below 0; it is megabytes, or 0 for one file".to_owned())),
        };
        let id = |what: LocalRecordError| {
            u32::try_from(source_id).map_err(|_| (what, format!("there is nothing with the number {source_id}")))
        };
        let target = match kind {
            ScreenCaptureSourceType::Unknown => None,
            ScreenCaptureSourceType::Custom => {
                return Err(wrong("a source of type custom cannot be recorded; name a screen or window".to_owned()));
            }
            _ if choice == PictureChoice::Pattern => Some(ScreenTarget::Pattern(picture::SCREEN_PATTERN)),
            ScreenCaptureSourceType::Window => {
                Some(ScreenTarget::Window { display: None, id: id(LocalRecordError::WindowIdInvalid)? })
            }
            ScreenCaptureSourceType::Screen => {
                Some(ScreenTarget::Screen { display: None, id: id(LocalRecordError::DesktopIdInvalid)? })
            }
        };
        let options = ScreenOptions { frame_rate, region: picture::screen_region(part), ..ScreenOptions::default() };
        Ok(Self { path: PathBuf::from(&config.file_path), most_bytes, target, options, size })
    }

    /// The number for a source that cannot be captured.
    pub(super) fn code_of(&self, error: &DeviceError) -> LocalRecordError {
        match (error, &self.target) {
            (DeviceError::Gone(_), Some(ScreenTarget::Window { .. })) => LocalRecordError::WindowIdInvalid,
            (DeviceError::Gone(_), Some(ScreenTarget::Screen { .. })) => LocalRecordError::DesktopIdInvalid,
            _ => LocalRecordError::CreateRecordCaptureFailed,
        }
    }

    /// The size of the file's pictures, for a source of this size: its own shape where one side is left open.
    pub(super) fn size_of(&self, source: Size) -> Size {
        let scaled = |side: u32, from: u32, to: u32| {
            let scaled = u64::from(side) * u64::from(to) / u64::from(from.max(1));
            u32::try_from(scaled).unwrap_or(u32::MAX)
        };
        let wanted = match self.size {
            (0, 0) => source,
            (width, 0) => Size { width, height: scaled(width, source.width, source.height) },
            (0, height) => Size { width: scaled(height, source.height, source.width), height },
            (width, height) => Size { width, height },
        };
        let is_too_large = wanted.width > LARGEST.width || wanted.height > LARGEST.height;
        let fitting = if is_too_large { wanted.fitted(LARGEST) } else { wanted };
        Size { width: fitting.width.max(SMALLEST), height: fitting.height.max(SMALLEST) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> RecordConfig {
        RecordConfig { file_path: "a.mp4".into(), ..RecordConfig::default() }
    }

    fn plan(config: &RecordConfig, kind: ScreenCaptureSourceType, id: u64) -> Result<Plan, LocalRecordError> {
        Plan::new(config, PictureChoice::Device, kind, id, &Rect::default()).map_err(|(code, _)| code)
    }

    #[test]
    fn what_cannot_be_has_its_own_number() {
        use ScreenCaptureSourceType::{Custom, Screen, Unknown, Window};
        assert!(plan(&config(), Screen, 7).is_ok_and(|plan| plan.options.frame_rate == USUAL_FPS));
        assert!(plan(&config(), Unknown, 0).is_ok_and(|plan| plan.target.is_none()));
        let large = RecordConfig { max_single_file_size: 3, ..config() };
        assert_eq!(plan(&large, Screen, 7).map(|plan| plan.most_bytes), Ok(Some(3 << 20)));
        let no_path = RecordConfig { file_path: String::new(), ..config() };
        assert_eq!(plan(&no_path, Screen, 7).err(), Some(LocalRecordError::FilePathInvalid));
        assert_eq!(plan(&config(), Window, 1 << 32).err(), Some(LocalRecordError::WindowIdInvalid));
        assert_eq!(plan(&config(), Screen, 1 << 32).err(), Some(LocalRecordError::DesktopIdInvalid));
        assert_eq!(plan(&config(), Custom, 7).err(), Some(LocalRecordError::ParamInvalid));
        let wrong: [fn(&mut RecordConfig); 5] = [
            |config| config.fps = 61,
            |config| config.fps = -1,
            |config| config.record_width = 3842,
            |config| config.record_height = 8,
            |config| config.max_single_file_size = -1,
        ];
        for change in wrong {
            let mut config = config();
            change(&mut config);
            assert_eq!(plan(&config, Screen, 7).err(), Some(LocalRecordError::ParamInvalid), "{config:?}");
        }
    }

    #[test]
    fn a_side_that_is_left_open_keeps_the_shape() {
        let size = |width, height, source| {
            let config = RecordConfig { record_width: width, record_height: height, ..config() };
            let size = plan(&config, ScreenCaptureSourceType::Screen, 1).map(|plan| plan.size_of(source));
            size.map(|size| (size.width, size.height)).expect("a good wish")
        };
        let screen = Size { width: 1920, height: 1080 };
        assert_eq!(size(0, 0, screen), (1920, 1080));
        assert_eq!(size(1280, 0, screen), (1280, 720));
        assert_eq!(size(0, 540, screen), (960, 540));
        assert_eq!(size(640, 640, screen), (640, 640));
        assert_eq!(size(0, 0, Size { width: 7680, height: 4320 }), (3840, 2160));
        assert_eq!(size(0, 0, Size { width: 10, height: 2000 }), (16, 2000));
    }
}
