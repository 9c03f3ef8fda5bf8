//! Cameras by Video4Linux: the list, the format that comes nearest to what is wanted, and a stream of buffers.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::kernel::{
    self, Buffer, BufferRequest, CAPTURE, Capability, Format, FormatDescription, FrameSize, Mapping, StreamParameters, Zeroed,
};
use super::{CameraMode, FrameSource, LARGEST, convert};
use crate::{DeviceError, DeviceInfo, DeviceKind, PixelFormat, RawFrame, Size};

const SYSTEM: &str = "Video4Linux";
/// Buffers the driver fills while one is being read.
const BUFFERS: u32 = 4;
/// Longer lists are not believed.
const MOST: u32 = 256;
/// `V4L2_CAP_VIDEO_CAPTURE` and `V4L2_CAP_STREAMING`.
const NEEDED: u32 = 0x1 | 0x0400_0000;
/// `V4L2_CAP_DEVICE_CAPS`: the node's own capabilities are told apart from those of the whole device.
const OWN_CAPABILITIES: u32 = 0x8000_0000;
/// `V4L2_BUF_FLAG_ERROR`: the picture is damaged.
const DAMAGED: u32 = 0x40;

/// How a camera sends pictures, the most wanted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Nv12,
    I420,
    Yuyv,
    Jpeg,
}

impl Encoding {
    const ALL: [Self; 4] = [Self::Nv12, Self::I420, Self::Yuyv, Self::Jpeg];

    fn code(self) -> [u8; 4] {
        *match self {
            Self::Nv12 => b"NV12",
            Self::I420 => b"YU12",
            Self::Yuyv => b"YUYV",
            Self::Jpeg => b"MJPG",
        }
    }

    fn of(code: [u8; 4]) -> Option<Self> {
        Self::ALL.into_iter().find(|encoding| encoding.code() == code)
    }

    /// What handlers get.
    fn delivered(self) -> PixelFormat {
        match self {
            Self::Nv12 => PixelFormat::Nv12,
            Self::I420 | Self::Jpeg => PixelFormat::I420,
            Self::Yuyv => PixelFormat::Yuyv,
        }
    }
}

/// All cameras that can be opened. The id is where a camera is plugged in, not the number that it happens to have.
pub(super) fn list() -> Vec<DeviceInfo> {
    nodes().into_iter().map(|(info, _)| info).collect()
}

/// What a camera can do.
pub(super) fn modes(id: &str) -> Result<Vec<CameraMode>, DeviceError> {
    let device = open_node(Some(id))?.1;
    let mut modes = Vec::new();
    for (encoding, size) in sizes(&device) {
        let mode = CameraMode { format: encoding.delivered(), size, compressed: encoding == Encoding::Jpeg };
        if !modes.contains(&mode) {
            modes.push(mode);
        }
    }
    Ok(modes)
}

fn nodes() -> Vec<(DeviceInfo, File)> {
    let Ok(directory) = fs::read_dir("/sys/class/video4linux") else { return Vec::new() };
    let mut names: Vec<String> = directory.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    // video10 comes after video9.
    names.sort_by_key(|name| (name.len(), name.clone()));
    let mut found: Vec<(DeviceInfo, File)> = Vec::new();
    for name in names {
        let Ok(device) = OpenOptions::new().read(true).write(true).open(format!("/dev/{name}")) else { continue };
        let Some((mut id, label)) = describe(&device) else { continue };
        // One plug can have several cameras.
        if found.iter().any(|(other, _)| other.id == id) {
            id = format!("{id} {name}");
        }
        found.push((DeviceInfo { kind: DeviceKind::Camera, id, name: label }, device));
    }
    found
}

/// Bus and name of a node that captures video into buffers; `None` for other nodes.
fn describe(device: &File) -> Option<(String, String)> {
    let mut capability = Capability::zeroed();
    kernel::query_capability(device, &mut capability).ok()?;
    let own =
        if capability.capabilities & OWN_CAPABILITIES == 0 { capability.capabilities } else { capability.device_capabilities };
    (own & NEEDED == NEEDED).then(|| (text(&capability.bus), text(&capability.card)))
}

fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

fn open_node(id: Option<&str>) -> Result<(DeviceInfo, File), DeviceError> {
    let mut nodes = nodes();
    let index = match id {
        None if nodes.is_empty() => return Err(DeviceError::None(DeviceKind::Camera)),
        None => 0,
        Some(id) => nodes
            .iter()
            .position(|(info, _)| info.id == id)
            .ok_or_else(|| DeviceError::NotFound { kind: DeviceKind::Camera, id: id.to_owned() })?,
    };
    Ok(nodes.swap_remove(index))
}

fn sizes(device: &File) -> Vec<(Encoding, Size)> {
    let mut sizes = Vec::new();
    for index in 0..MOST {
        let mut description = FormatDescription::at(index);
        if kernel::enumerate_formats(device, &mut description).is_err() {
            break;
        }
        let Some(encoding) = Encoding::of(description.pixel_format) else { continue };
        for index in 0..MOST {
            let mut size = FrameSize::at(index, encoding.code());
            if kernel::enumerate_sizes(device, &mut size).is_err() {
                break;
            }
            sizes.extend(offered(size.kind, size.numbers).into_iter().map(|size| (encoding, size)));
        }
    }
    sizes
}

/// A single size, or the usual ones within a range.
fn offered(kind: u32, numbers: [u32; 6]) -> Vec<Size> {
    const SINGLE: u32 = 1;
    const USUAL: [Size; 6] = [
        Size::new(320, 180),
        Size::new(320, 240),
        Size::new(640, 360),
        Size::new(640, 480),
        Size::new(1280, 720),
        Size::new(1920, 1080),
    ];
    if kind == SINGLE {
        let size = Size::new(numbers[0], numbers[1]);
        let sane = !size.is_empty() && size.width <= LARGEST && size.height <= LARGEST;
        return if sane { vec![size] } else { Vec::new() };
    }
    let [least_width, most_width, width_step, least_height, most_height, height_step] = numbers;
    let within = |value: u32, least: u32, most: u32, step: u32| {
        value >= least && value <= most && (value - least).is_multiple_of(step.max(1))
    };
    USUAL
        .into_iter()
        .filter(|size| {
            within(size.width, least_width, most_width, width_step)
                && within(size.height, least_height, most_height, height_step)
        })
        .collect()
}

/// The offered size that is the smallest not below the wanted one, else the largest; raw before compressed.
fn nearest(offers: &[(Encoding, Size)], wanted: Size) -> Option<(Encoding, Size)> {
    let rank = |encoding: Encoding| Encoding::ALL.iter().position(|other| *other == encoding);
    offers.iter().copied().min_by_key(|(encoding, size)| {
        let lacks = size.width < wanted.width || size.height < wanted.height;
        (lacks, size.pixels().abs_diff(wanted.pixels()), rank(*encoding))
    })
}

/// An open camera that captures.
pub(super) struct V4lCamera {
    id: String,
    device: File,
    buffers: Vec<Mapping>,
    encoding: Encoding,
    size: Size,
    stride: usize,
    frame_rate: u32,
    raw: Vec<u8>,
    decoded: Vec<u8>,
}

impl V4lCamera {
    pub(super) fn open(id: Option<&str>, wanted: Size, frame_rate: u32) -> Result<Self, DeviceError> {
        let (info, device) = open_node(id)?;
        let failed = |error: io::Error| translate(&error, &info.name);
        let Some((encoding, size)) = nearest(&sizes(&device), wanted) else {
            let why = format!("'{}' sends no format that is understood; choose another", info.name);
            return Err(DeviceError::Unsupported { what: "this camera", why });
        };

        let mut format = Format::zeroed();
        format.kind = CAPTURE;
        let picture = &mut format.picture.value;
        (picture.width, picture.height, picture.pixel_format) = (size.width, size.height, encoding.code());
        kernel::set_format(&device, &mut format).map_err(failed)?;
        // The driver may have changed everything.
        let picture = &format.picture.value;
        let size = Size::new(picture.width, picture.height);
        let encoding = Encoding::of(picture.pixel_format)
            .filter(|_| !size.is_empty() && size.width <= LARGEST && size.height <= LARGEST)
            .ok_or_else(|| DeviceError::system(SYSTEM, "the driver chose a format that is not understood"))?;
        let delivered = encoding.delivered();
        let stride = (picture.stride as usize).max(delivered.row(size.width));

        let mut parameters = StreamParameters::at_rate(frame_rate);
        // Some drivers have one rate only and refuse.
        let refused = kernel::set_parameters(&device, &mut parameters).is_err();
        let settled = if refused { 0 } else { parameters.frames.checked_div(parameters.seconds).unwrap_or(0) };
        let frame_rate = if settled == 0 { frame_rate } else { settled };

        let mut request = BufferRequest::of(BUFFERS);
        kernel::request_buffers(&device, &mut request).map_err(failed)?;
        let mut buffers = Vec::new();
        for index in 0..request.count {
            let mut buffer = Buffer::at(index);
            kernel::query_buffer(&device, &mut buffer).map_err(failed)?;
            buffers.push(Mapping::new(&device, &buffer).map_err(failed)?);
            kernel::queue(&device, &mut buffer).map_err(failed)?;
        }
        kernel::start(&device, &mut { CAPTURE }).map_err(failed)?;
        Ok(Self { id: info.id, device, buffers, encoding, size, stride, frame_rate, raw: Vec::new(), decoded: Vec::new() })
    }

    /// Waits for a filled buffer, copies it out and gives it back. False when none came, or a damaged one.
    fn take(&mut self, patience: Duration) -> io::Result<bool> {
        let timeout =
            Timespec { tv_sec: i64::try_from(patience.as_secs()).unwrap_or(i64::MAX), tv_nsec: patience.subsec_nanos().into() };
        let mut waiting = [PollFd::new(&self.device, PollFlags::IN)];
        if poll(&mut waiting, Some(&timeout))? == 0 {
            return Ok(false);
        }
        let mut buffer = Buffer::at(0);
        kernel::dequeue(&self.device, &mut buffer)?;
        let mapping = self.buffers.get(buffer.index as usize).ok_or(io::ErrorKind::InvalidData)?;
        mapping.copy(buffer.used as usize, &mut self.raw);
        let damaged = buffer.flags & DAMAGED != 0;
        kernel::queue(&self.device, &mut buffer)?;
        Ok(!damaged)
    }
}

impl FrameSource for V4lCamera {
    fn layout(&self) -> (PixelFormat, Size) {
        (self.encoding.delivered(), self.size)
    }

    fn frame_rate(&self) -> u32 {
        self.frame_rate
    }

    fn device(&self) -> &str {
        &self.id
    }

    fn next_frame(&mut self, patience: Duration) -> Result<Option<RawFrame<'_>>, DeviceError> {
        if !self.take(patience).map_err(|error| translate(&error, &self.id))? {
            return Ok(None);
        }
        let captured_at = Instant::now();
        let (format, size) = self.layout();
        if self.encoding == Encoding::Jpeg {
            return Ok(match convert::jpeg_to_i420(&self.raw, size, &mut self.decoded) {
                Ok(()) => {
                    let stride = size.width as usize;
                    Some(RawFrame { format, size, stride, data: &self.decoded, captured_at })
                }
                Err(cause) => {
                    tracing::debug!(cause, "a damaged picture of the camera was left out");
                    None
                }
            });
        }
        let whole = convert::is_whole(format, size, self.stride, self.raw.len());
        Ok(whole.then_some(RawFrame { format, size, stride: self.stride, data: &self.raw, captured_at }))
    }
}

impl Drop for V4lCamera {
    fn drop(&mut self) {
        // Fails when the camera was unplugged.
        let _stopped = kernel::stop(&self.device, &mut { CAPTURE });
    }
}

fn translate(error: &io::Error, name: &str) -> DeviceError {
    match error.raw_os_error() {
        Some(libc::EBUSY) => DeviceError::Busy(name.to_owned()),
        Some(libc::EACCES | libc::EPERM) => DeviceError::NotAuthorized(name.to_owned()),
        Some(libc::ENODEV | libc::ENXIO) => DeviceError::Gone(name.to_owned()),
        _ => DeviceError::system(SYSTEM, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_size_that_is_enough_wins_and_raw_before_compressed() {
        let small = Size::new(640, 360);
        let large = Size::new(1920, 1080);
        let offers = [(Encoding::Jpeg, small), (Encoding::Yuyv, small), (Encoding::Jpeg, large)];
        assert_eq!(nearest(&offers, Size::new(480, 270)), Some((Encoding::Yuyv, small)));
        assert_eq!(nearest(&offers, Size::new(1280, 720)), Some((Encoding::Jpeg, large)));
        assert_eq!(nearest(&offers, Size::new(3840, 2160)), Some((Encoding::Jpeg, large)));
        assert_eq!(nearest(&[], small), None);
    }

    #[test]
    fn ranges_offer_the_usual_sizes_and_nonsense_offers_nothing() {
        let range = offered(3, [160, 1280, 16, 120, 720, 4]);
        assert!(range.contains(&Size::new(1280, 720)) && !range.contains(&Size::new(1920, 1080)));
        assert_eq!(offered(1, [640, 480, 0, 0, 0, 0]), [Size::new(640, 480)]);
        assert!(offered(1, [u32::MAX, 480, 0, 0, 0, 0]).is_empty());
        assert!(offered(2, [u32::MAX, 0, 0, u32::MAX, 0, 0]).is_empty());
    }

    #[test]
    fn a_camera_that_is_not_there_is_not_found() {
        let refused = V4lCamera::open(Some("nowhere"), Size::new(640, 360), 15).err();
        assert_eq!(refused, Some(DeviceError::NotFound { kind: DeviceKind::Camera, id: "nowhere".to_owned() }));
    }

    #[test]
    fn names_end_at_their_zero() {
        assert_eq!(text(b"UVC Camera\0\0garbage"), "UVC Camera");
        assert_eq!(text(b"no end"), "no end");
    }
}
