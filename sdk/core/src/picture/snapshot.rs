//! Single pictures of streams for the application. It keeps none.

use rtc_api::{RenderParams, VideoStreamType};
use rtc_video::convert::PixelFormat;
use rtc_video::frame::{Frame, FrameError, Pool};

use super::{Snapshot, settings};

/// A picture of a stream, upright; empty where there is none. With `render` as its view shows it, but whole.
pub(super) fn of(user: String, stream_type: VideoStreamType, frame: Option<Frame>, render: Option<&RenderParams>) -> Snapshot {
    let empty = Snapshot { user_id: user, stream_type, data: Vec::new(), width: 0, height: 0 };
    let Some(frame) = frame else { return empty };
    match developed(&frame, render) {
        Ok((data, frame)) => Snapshot { data, width: frame.width(), height: frame.height(), ..empty },
        Err(error) => {
            tracing::warn!("a snapshot could not be made: {error}");
            empty
        }
    }
}

fn developed(frame: &Frame, render: Option<&RenderParams>) -> Result<(Vec<u8>, Frame), FrameError> {
    let pool = Pool::new(2);
    let mut frame = frame.upright(&pool)?;
    if let Some(params) = render {
        frame = frame.rotate(settings::rotation(params.rotation), &pool)?;
        if settings::is_mirrored(params) {
            frame = frame.mirror(&pool)?;
        }
    }
    Ok((frame.to_bytes(PixelFormat::Bgra)?, frame))
}
