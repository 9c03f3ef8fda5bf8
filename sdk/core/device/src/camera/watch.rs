//! Cameras that are plugged in and out. It opens none, except to ask for its name.

use std::fs;
use std::time::{Duration, Instant};

use super::v4l;
use crate::worker::Worker;
use crate::{DeviceChange, DeviceError, DeviceEvent, DeviceInfo};

/// How often the names of the system's nodes are read, which touches no camera.
const INTERVAL: Duration = Duration::from_secs(1);
/// How many times more cameras are listed after a change: a new one may be used only after the system's rules ran.
const AGAIN: u32 = 5;

/// Tells of cameras that come and go; ends when dropped.
#[derive(Debug)]
pub struct CameraWatch {
    _worker: Worker,
}

impl CameraWatch {
    /// Starts watching. What is there already is not told. `on_event` is called on a thread of its own with
    /// [`DeviceChange::Added`] and [`DeviceChange::Removed`].
    ///
    /// # Errors
    /// [`DeviceError::System`] when there can be no more threads.
    pub fn start(mut on_event: impl FnMut(DeviceEvent) + Send + 'static) -> Result<Self, DeviceError> {
        let (mut names, mut cameras) = (nodes(), v4l::list());
        let worker = Worker::spawn("device-cameras", move |stop| {
            let mut lists = 0;
            while stop.wait_until(Instant::now() + INTERVAL) {
                let now = nodes();
                if names != now {
                    (names, lists) = (now, AGAIN);
                }
                if lists == 0 {
                    continue;
                }
                lists -= 1;
                let listed = v4l::list();
                changes(&cameras, &listed).into_iter().for_each(&mut on_event);
                cameras = listed;
            }
        })?;
        Ok(Self { _worker: worker })
    }
}

/// Names of the nodes of all cameras, and of what else uses this part of the system.
fn nodes() -> Vec<String> {
    // Does not exist before the first camera.
    let Ok(directory) = fs::read_dir("/sys/class/video4linux") else { return Vec::new() };
    let mut names: Vec<String> = directory.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// What differs between two lists, removals first: a camera that was moved is first gone.
fn changes(before: &[DeviceInfo], now: &[DeviceInfo]) -> Vec<DeviceEvent> {
    let missing = |list: &[DeviceInfo], camera: &DeviceInfo| !list.iter().any(|other| other.id == camera.id);
    let removed = before.iter().filter(|camera| missing(now, camera)).map(|camera| (camera, DeviceChange::Removed));
    let added = now.iter().filter(|camera| missing(before, camera)).map(|camera| (camera, DeviceChange::Added));
    removed.chain(added).map(|(camera, change)| DeviceEvent { device: camera.clone(), change }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DeviceKind;

    #[test]
    fn a_camera_that_was_moved_is_gone_and_new() {
        let camera = |id: &str| DeviceInfo { kind: DeviceKind::Camera, id: id.to_owned(), name: "Eye".to_owned() };
        let events = changes(&[camera("usb-1"), camera("usb-2")], &[camera("usb-2"), camera("usb-3")]);
        let told: Vec<_> = events.iter().map(|event| (event.device.id.as_str(), event.change)).collect();
        assert_eq!(told, [("usb-1", DeviceChange::Removed), ("usb-3", DeviceChange::Added)]);
        assert!(changes(&[camera("usb-1")], &[camera("usb-1")]).is_empty());
    }
}
