//! Pixels out of and into X11: through shared memory where the server can, else through its socket.
//!
//! The memory is a file without a name that the server maps. Here it is read and written as a file: that is one copy,
//! which is needed anyway to have the pixels in a buffer of our own, and it needs no `unsafe`.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;

use rustix::fs::{MemfdFlags, ftruncate, memfd_create};
use x11rb::connection::{Connection, RequestConnection};
use x11rb::protocol::shm::{ConnectionExt as _, Seg};
use x11rb::protocol::xproto::{ConnectionExt as _, Drawable, Gcontext, ImageFormat};

use super::{Failure, X11};
use crate::{Rectangle, Size};

const ALL_PLANES: u32 = u32::MAX;
/// `ZPixmap` as a number: shared memory requests have it as such.
const Z_PIXMAP: u8 = 2;
const PIXEL: usize = 4;
/// Bytes of a `PutImage` request besides its pixels.
const PUT_HEAD: usize = 28;

/// Memory shared with the server.
struct Segment {
    id: Seg,
    file: File,
    length: usize,
}

impl Segment {
    fn new(x11: &X11, length: usize) -> Result<Self, Failure> {
        let failed = |error: rustix::io::Errno| Failure::Broken(error.to_string());
        let file = memfd_create("rtc-engine-picture", MemfdFlags::CLOEXEC).map_err(failed)?;
        ftruncate(&file, length as u64).map_err(failed)?;
        let file = File::from(file);
        let given: OwnedFd = file.try_clone().map_err(|error| Failure::Broken(error.to_string()))?.into();
        let id = x11.connection.generate_id()?;
        x11.connection.shm_attach_fd(id, given, false)?.check()?;
        Ok(Self { id, file, length })
    }
}

/// At least `length` bytes of memory shared with the server.
fn segment<'a>(held: &'a mut Option<Segment>, x11: &X11, length: usize) -> Result<&'a Segment, Failure> {
    if let Some(old) = held.take_if(|segment| segment.length < length) {
        x11.connection.shm_detach(old.id)?;
    }
    match held {
        Some(segment) => Ok(segment),
        None => Ok(held.insert(Segment::new(x11, length)?)),
    }
}

/// Reads pixels of windows and pixmaps.
#[derive(Default)]
pub(crate) struct PictureReader {
    held: Option<Segment>,
}

impl PictureReader {
    /// Reads a rectangle that lies within a drawable, as opaque BGRA without padding.
    pub(crate) fn read(&mut self, x11: &X11, drawable: Drawable, area: Rectangle, into: &mut Vec<u8>) -> Result<(), Failure> {
        let (x, y, width, height) = narrow(area)?;
        let length = area.size().pixels() * PIXEL;
        if x11.shared_memory {
            let segment = segment(&mut self.held, x11, length)?;
            x11.connection.shm_get_image(drawable, x, y, width, height, ALL_PLANES, Z_PIXMAP, segment.id, 0)?.reply()?;
            into.resize(length, 0);
            segment.file.read_exact_at(into, 0).map_err(|error| Failure::Broken(error.to_string()))?;
        } else {
            let image = x11.connection.get_image(ImageFormat::Z_PIXMAP, drawable, x, y, width, height, ALL_PLANES)?.reply()?;
            into.clear();
            into.extend_from_slice(image.data.get(..length).ok_or(Failure::Gone)?);
        }
        // The fourth byte of a pixel of depth 24 is anything, and that of depth 32 is for a compositor.
        into.chunks_exact_mut(PIXEL).for_each(|pixel| pixel[3] = u8::MAX);
        Ok(())
    }
}

/// Writes pixels into windows.
#[derive(Default)]
pub(crate) struct PictureWriter {
    held: Option<Segment>,
}

impl PictureWriter {
    /// Writes BGRA without padding into the upper left corner of a drawable, and waits until it is done.
    pub(crate) fn write(
        &mut self,
        x11: &X11,
        drawable: Drawable,
        context: Gcontext,
        depth: u8,
        (data, size): (&[u8], Size),
    ) -> Result<(), Failure> {
        let (_, _, width, height) = narrow(Rectangle::new(0, 0, size.width, size.height))?;
        if x11.shared_memory {
            let segment = segment(&mut self.held, x11, data.len())?;
            segment.file.write_all_at(data, 0).map_err(|error| Failure::Broken(error.to_string()))?;
            let (id, connection) = (segment.id, &x11.connection);
            let request = connection
                .shm_put_image(drawable, context, width, height, 0, 0, width, height, 0, 0, depth, Z_PIXMAP, false, id, 0)?;
            // Waits, because the memory is written again for the next picture.
            return Ok(request.check()?);
        }
        let row = usize::from(width) * PIXEL;
        let rows = (x11.connection.maximum_request_bytes().saturating_sub(PUT_HEAD) / row.max(1)).max(1);
        let mut y = 0;
        for band in data.chunks(rows * row) {
            // A band has at most as many rows as the picture.
            let lines = (band.len() / row) as u16;
            x11.connection.put_image(ImageFormat::Z_PIXMAP, drawable, context, width, lines, 0, y, 0, depth, band)?.check()?;
            y = y.saturating_add_unsigned(lines);
        }
        Ok(())
    }
}

/// As numbers of the protocol. Larger pictures than it knows do not exist.
fn narrow(area: Rectangle) -> Result<(i16, i16, u16, u16), Failure> {
    let numbers = (area.x.try_into(), area.y.try_into(), area.width.try_into(), area.height.try_into());
    match numbers {
        (Ok(x), Ok(y), Ok(width), Ok(height)) if width > 0 && height > 0 => Ok((x, y, width, height)),
        _ => Err(Failure::Gone),
    }
}
