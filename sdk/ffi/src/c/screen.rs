//! What can be shared.

use super::{Image, ScreenSource};
use crate::boundary;
use crate::sources::{self, Sources};

/// Lists screens and windows, with pictures of at most the given sizes in pixels; 0 leaves them out. Returns a handle to the
/// list, to be ended with rtc_screen_sources_release, or 0 when there is none (the log says why).
#[unsafe(no_mangle)]
pub extern "C" fn rtc_screen_sources(
    handle: u64,
    thumbnail_width: u32,
    thumbnail_height: u32,
    icon_width: u32,
    icon_height: u32,
) -> u64 {
    let mut list = 0;
    boundary::code(handle, |instance| {
        let found = instance.subject().screen_sources((thumbnail_width, thumbnail_height), (icon_width, icon_height))?;
        list = sources::keep(Sources::new(found))?;
        Ok(0)
    });
    list
}

/// How many there are in a list, or an error code.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_screen_sources_count(list: u64) -> i32 {
    let count = boundary::unwound(|| Ok(sources::find(list)?.all().len()));
    count.map_or_else(|error| error.code, |count| i32::try_from(count).unwrap_or(i32::MAX))
}

/// Writes one of a list to `source`. Name and pictures live until the list is released. Returns 0 or an error code.
///
/// # Safety
///
/// `source` is null or points to room for one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rtc_screen_sources_at(list: u64, index: u32, source: *mut ScreenSource) -> i32 {
    let written = boundary::unwound(|| {
        let list = sources::find(list)?;
        let (found, name) = list.at(index)?;
        if source.is_null() {
            return Err(crate::error::CallError::invalid("source is a null pointer; pass the address of one"));
        }
        let lent = ScreenSource {
            kind: found.kind,
            source_id: found.id,
            name: name.as_ptr(),
            thumbnail: Image::lend(&found.thumbnail),
            icon: Image::lend(&found.icon),
            is_minimized: found.is_minimized,
            is_main_screen: found.is_main_screen,
            x: found.x,
            y: found.y,
            width: found.width,
            height: found.height,
        };
        // SAFETY: promised by the caller. It is written without being read, so it need not be initialised.
        unsafe { source.write(lent) };
        Ok(())
    });
    written.map_or_else(|error| error.code, |()| 0)
}

/// Releases a list. Returns 0, or -3 when there is no such list (any more).
#[unsafe(no_mangle)]
pub extern "C" fn rtc_screen_sources_release(list: u64) -> i32 {
    boundary::unwound(|| sources::release(list)).map_or_else(|error| error.code, |()| 0)
}
