//! What goes to and comes from the kernel's Video4Linux: structures, control calls and mapped buffers. It decides
//! nothing.
#![allow(unsafe_code)] // Control calls and mapped memory have no safe form.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;

use rustix::ioctl::{Opcode, Updater, ioctl, opcode};
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};

/// Single-planar video capture, `V4L2_BUF_TYPE_VIDEO_CAPTURE`.
pub(super) const CAPTURE: u32 = 1;
/// Buffers of the driver, mapped here, `V4L2_MEMORY_MMAP`.
const MAPPED: u32 = 1;

/// `v4l2_capability`.
#[repr(C)]
pub(super) struct Capability {
    driver: [u8; 16],
    pub(super) card: [u8; 32],
    pub(super) bus: [u8; 32],
    version: u32,
    pub(super) capabilities: u32,
    pub(super) device_capabilities: u32,
    reserved: [u32; 3],
}

/// `v4l2_fmtdesc`.
#[repr(C)]
pub(super) struct FormatDescription {
    pub(super) index: u32,
    pub(super) kind: u32,
    flags: u32,
    description: [u8; 32],
    pub(super) pixel_format: [u8; 4],
    media_bus_code: u32,
    reserved: [u32; 3],
}

/// `v4l2_format` with its `v4l2_pix_format`. The kernel's union has pointers, and with them their alignment.
#[repr(C)]
pub(super) struct Format {
    pub(super) kind: u32,
    pub(super) picture: Aligned<PictureFormat>,
}

/// Aligned as a pointer.
#[repr(C)]
pub(super) struct Aligned<T> {
    alignment: [usize; 0],
    pub(super) value: T,
}

/// `v4l2_pix_format`, and the rest of the union.
#[repr(C)]
pub(super) struct PictureFormat {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) pixel_format: [u8; 4],
    pub(super) field: u32,
    pub(super) stride: u32,
    pub(super) size: u32,
    rest: [u8; 176],
}

/// `v4l2_requestbuffers`.
#[repr(C)]
pub(super) struct BufferRequest {
    pub(super) count: u32,
    pub(super) kind: u32,
    pub(super) memory: u32,
    capabilities: u32,
    flags: u32,
}

/// `v4l2_buffer`.
#[repr(C)]
pub(super) struct Buffer {
    pub(super) index: u32,
    pub(super) kind: u32,
    pub(super) used: u32,
    pub(super) flags: u32,
    field: u32,
    timestamp: libc::timeval,
    timecode: [u32; 4],
    sequence: u32,
    pub(super) memory: u32,
    /// Where to map it; the kernel's union has a pointer as well.
    pub(super) offset: usize,
    pub(super) length: u32,
    reserved: u32,
    request: u32,
}

/// `v4l2_streamparm` with its `v4l2_captureparm`, and the rest of the union.
#[repr(C)]
pub(super) struct StreamParameters {
    pub(super) kind: u32,
    capability: u32,
    mode: u32,
    pub(super) seconds: u32,
    pub(super) frames: u32,
    rest: [u8; 184],
}

/// `v4l2_frmsizeenum`. Three numbers in a row are minimum, maximum and step, of width and then of height; a single size
/// is the first two.
#[repr(C)]
pub(super) struct FrameSize {
    pub(super) index: u32,
    pub(super) pixel_format: [u8; 4],
    /// 1 is a single size.
    pub(super) kind: u32,
    pub(super) numbers: [u32; 6],
    reserved: [u32; 2],
}

/// A structure of zeros of Video4Linux.
pub(super) trait Zeroed: Sized {
    /// All bytes zero.
    fn zeroed() -> Self;
}

macro_rules! zeroed {
    ($($name:ty),*) => {$(
        impl Zeroed for $name {
            fn zeroed() -> Self {
                // SAFETY: The type consists of integers and arrays of them, for which zeros are values.
                unsafe { std::mem::zeroed() }
            }
        }
    )*};
}

zeroed!(Capability, FormatDescription, Format, BufferRequest, Buffer, StreamParameters, FrameSize);

impl FormatDescription {
    pub(super) fn at(index: u32) -> Self {
        Self { index, kind: CAPTURE, ..Self::zeroed() }
    }
}

impl FrameSize {
    pub(super) fn at(index: u32, pixel_format: [u8; 4]) -> Self {
        Self { index, pixel_format, ..Self::zeroed() }
    }
}

impl BufferRequest {
    pub(super) fn of(count: u32) -> Self {
        Self { count, kind: CAPTURE, memory: MAPPED, ..Self::zeroed() }
    }
}

impl Buffer {
    pub(super) fn at(index: u32) -> Self {
        Self { index, kind: CAPTURE, memory: MAPPED, ..Self::zeroed() }
    }
}

impl StreamParameters {
    pub(super) fn at_rate(frames: u32) -> Self {
        Self { kind: CAPTURE, seconds: 1, frames, ..Self::zeroed() }
    }
}

const GROUP: u8 = b'V';
const QUERY_CAPABILITY: Opcode = opcode::read::<Capability>(GROUP, 0);
const ENUMERATE_FORMATS: Opcode = opcode::read_write::<FormatDescription>(GROUP, 2);
const SET_FORMAT: Opcode = opcode::read_write::<Format>(GROUP, 5);
const REQUEST_BUFFERS: Opcode = opcode::read_write::<BufferRequest>(GROUP, 8);
const QUERY_BUFFER: Opcode = opcode::read_write::<Buffer>(GROUP, 9);
const QUEUE: Opcode = opcode::read_write::<Buffer>(GROUP, 15);
const DEQUEUE: Opcode = opcode::read_write::<Buffer>(GROUP, 17);
const START: Opcode = opcode::write::<u32>(GROUP, 18);
const STOP: Opcode = opcode::write::<u32>(GROUP, 19);
const SET_PARAMETERS: Opcode = opcode::read_write::<StreamParameters>(GROUP, 22);
const ENUMERATE_SIZES: Opcode = opcode::read_write::<FrameSize>(GROUP, 74);

macro_rules! calls {
    ($($(#[$about:meta])* $name:ident($value:ty) = $opcode:ident;)*) => {$(
        $(#[$about])*
        pub(super) fn $name(device: &File, value: &mut $value) -> io::Result<()> {
            // SAFETY: The opcode was made from the size of this type, and the kernel reads and writes no more than that.
            unsafe { ioctl(device.as_fd(), Updater::<$opcode, $value>::new(value)) }.map_err(io::Error::from)
        }
    )*};
}

calls! {
    /// What the device is and can do.
    query_capability(Capability) = QUERY_CAPABILITY;
    /// The pixel format with this index.
    enumerate_formats(FormatDescription) = ENUMERATE_FORMATS;
    /// The size with this index.
    enumerate_sizes(FrameSize) = ENUMERATE_SIZES;
    /// Sets the format and reads what became of it.
    set_format(Format) = SET_FORMAT;
    /// Sets the time of a frame and reads what became of it.
    set_parameters(StreamParameters) = SET_PARAMETERS;
    /// Has the driver make buffers.
    request_buffers(BufferRequest) = REQUEST_BUFFERS;
    /// Where a buffer is.
    query_buffer(Buffer) = QUERY_BUFFER;
    /// Gives a buffer to the driver.
    queue(Buffer) = QUEUE;
    /// Takes a filled buffer from the driver.
    dequeue(Buffer) = DEQUEUE;
    /// Starts capturing on this kind of queue.
    start(u32) = START;
    /// Stops capturing on this kind of queue.
    stop(u32) = STOP;
}

/// A buffer of the driver in our memory.
pub(super) struct Mapping {
    start: *mut libc::c_void,
    length: usize,
}

// SAFETY: The mapping belongs to this value alone and is not tied to a thread.
unsafe impl Send for Mapping {}

impl Mapping {
    pub(super) fn new(device: &File, buffer: &Buffer) -> io::Result<Self> {
        let length = buffer.length as usize;
        // SAFETY: A null address lets the kernel choose one that nothing else uses.
        let start = unsafe {
            mmap(
                std::ptr::null_mut(),
                length,
                ProtFlags::READ,
                MapFlags::SHARED,
                device.as_fd(),
                // The kernel uses 32 bits of the union for offsets.
                (buffer.offset & 0xffff_ffff) as u64,
            )
        }?;
        Ok(Self { start, length })
    }

    /// Copies the first `used` bytes out. To be called while the driver does not own the buffer.
    pub(super) fn copy(&self, used: usize, into: &mut Vec<u8>) {
        into.clear();
        // SAFETY: The mapping is `length` bytes long and lives as long as this value; a dequeued buffer is not written.
        let bytes = unsafe { std::slice::from_raw_parts(self.start.cast::<u8>(), self.length.min(used)) };
        into.extend_from_slice(bytes);
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: Nothing borrows from the mapping beyond a call.
        let _cannot_fail = unsafe { munmap(self.start, self.length) };
    }
}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use std::mem::offset_of;

    use super::*;

    /// The numbers are those of the C header on 64-bit Linux.
    #[test]
    fn structures_and_calls_are_those_of_the_kernel() {
        assert_eq!(QUERY_CAPABILITY, 0x8068_5600);
        assert_eq!(ENUMERATE_FORMATS, 0xc040_5602);
        assert_eq!(SET_FORMAT, 0xc0d0_5605);
        assert_eq!(REQUEST_BUFFERS, 0xc014_5608);
        assert_eq!(QUERY_BUFFER, 0xc058_5609);
        assert_eq!(QUEUE, 0xc058_560f);
        assert_eq!(DEQUEUE, 0xc058_5611);
        assert_eq!((START, STOP), (0x4004_5612, 0x4004_5613));
        assert_eq!(SET_PARAMETERS, 0xc0cc_5616);
        assert_eq!(ENUMERATE_SIZES, 0xc02c_564a);
        assert_eq!((offset_of!(Capability, capabilities), offset_of!(Capability, device_capabilities)), (84, 88));
        assert_eq!(offset_of!(FormatDescription, pixel_format), 44);
        assert_eq!(offset_of!(Format, picture), 8);
        assert_eq!((offset_of!(PictureFormat, stride), offset_of!(PictureFormat, size)), (16, 20));
        assert_eq!((offset_of!(Buffer, used), offset_of!(Buffer, flags)), (8, 12));
        assert_eq!((offset_of!(Buffer, memory), offset_of!(Buffer, offset)), (60, 64));
        assert_eq!(offset_of!(Buffer, length), 72);
        assert_eq!((offset_of!(StreamParameters, seconds), offset_of!(StreamParameters, frames)), (12, 16));
        assert_eq!((offset_of!(FrameSize, kind), offset_of!(FrameSize, numbers)), (8, 12));
    }
}
