//! A window of the application in which one stream is drawn. It belongs to the thread of that stream.

use std::time::Instant;

use rtc_api::RenderParams;
use rtc_device::{PixelFormat, RawFrame, Renderer, Size, WindowRenderer};
use rtc_video::frame::Frame;

use super::settings;

/// The window, opened with the first picture.
#[derive(Default)]
pub(super) struct Window {
    /// 0 for none.
    id: u64,
    params: RenderParams,
    renderer: Option<WindowRenderer>,
    /// It cannot be drawn into; told once.
    is_refused: bool,
}

impl Window {
    /// Draws there and so from the next picture on.
    pub(super) fn set(&mut self, id: u64, params: &RenderParams) {
        if self.id != id {
            *self = Self { id, ..Self::default() };
        }
        self.params = params.clone();
    }

    pub(super) fn show(&mut self, frame: &Frame) {
        if self.id == 0 || self.is_refused {
            return;
        }
        let options = settings::render_options(&self.params, frame.rotation);
        let drawn = self.opened(options).and_then(|renderer| {
            renderer.change(options);
            renderer.draw(&RawFrame {
                format: PixelFormat::I420,
                size: Size::new(frame.width(), frame.height()),
                // Sides are even, so that colours have half of it.
                stride: frame.width() as usize,
                data: frame.i420(),
                captured_at: Instant::now(),
            })
        });
        if let Err(error) = drawn {
            tracing::warn!(window = self.id, "pictures are not drawn any more: {error}");
            self.is_refused = true;
            self.renderer = None;
        }
    }

    fn opened(&mut self, options: rtc_device::RenderOptions) -> Result<&mut WindowRenderer, rtc_device::DeviceError> {
        if let Some(ref mut renderer) = self.renderer {
            return Ok(renderer);
        }
        let id = u32::try_from(self.id).map_err(|_| rtc_device::DeviceError::Gone(format!("window {}", self.id)))?;
        Ok(self.renderer.insert(WindowRenderer::open(None, id, options)?))
    }
}
