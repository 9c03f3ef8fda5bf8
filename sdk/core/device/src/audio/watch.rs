//! Which device is in use, decided from lists and choices, and the thread that looks when something changed. It calls
//! no sound system itself.

use std::sync::Weak;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::backend::Notify;
use super::devices::Inner;
use crate::worker::Worker;
use crate::{DeviceChange, DeviceError, DeviceEvent, DeviceInfo, DeviceKind};

/// What is known of one kind of device, and the choice.
#[derive(Debug, Default)]
pub(super) struct Selection {
    devices: Vec<DeviceInfo>,
    default: Option<String>,
    choice: Choice,
    volume: Option<(String, (u32, bool))>,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Choice {
    #[default]
    Default,
    Device(String),
}

impl Selection {
    /// The device in use.
    pub(super) fn current(&self) -> Option<&DeviceInfo> {
        let chosen = match &self.choice {
            Choice::Default => None,
            Choice::Device(id) => self.devices.iter().find(|device| device.id == *id),
        };
        chosen.or_else(|| self.default_device()).or_else(|| self.devices.first())
    }

    fn default_device(&self) -> Option<&DeviceInfo> {
        let id = self.default.as_deref()?;
        self.devices.iter().find(|device| device.id == id)
    }

    /// Chooses a device. False when there is none with this id.
    pub(super) fn choose(&mut self, id: &str) -> bool {
        let known = self.devices.iter().any(|device| device.id == id);
        if known {
            self.choice = Choice::Device(id.to_owned());
        }
        known
    }

    /// Follows the default, or stays with what is in use.
    pub(super) fn follow(&mut self, follow: bool) {
        self.choice = match self.current() {
            Some(device) if !follow => Choice::Device(device.id.clone()),
            _ => Choice::Default,
        };
    }

    /// Takes a new list and says what differs, in the order in which applications should hear it.
    pub(super) fn update(&mut self, kind: DeviceKind, devices: Vec<DeviceInfo>, default: Option<String>) -> Vec<DeviceEvent> {
        let before = self.current().cloned();
        let old = std::mem::replace(&mut self.devices, devices);
        let default_changed = self.default != default;
        self.default = default;

        let mut events = Vec::new();
        let missing = |list: &[DeviceInfo], device: &DeviceInfo| !list.iter().any(|other| other.id == device.id);
        for device in self.devices.iter().filter(|device| missing(&old, device)) {
            events.push(DeviceEvent { device: device.clone(), change: DeviceChange::Added });
        }
        for device in old.iter().filter(|device| missing(&self.devices, device)) {
            events.push(DeviceEvent { device: device.clone(), change: DeviceChange::Removed });
            // A device that comes back is not chosen again behind the user's back.
            if self.choice == Choice::Device(device.id.clone()) {
                self.choice = Choice::Default;
            }
        }
        if default_changed && let Some(device) = self.default_device() {
            events.push(DeviceEvent { device: device.clone(), change: DeviceChange::DefaultChanged });
        }
        if before.as_ref().map(|device| &device.id) != self.current().map(|device| &device.id) {
            events.extend(self.active());
        }
        debug_assert!(events.iter().all(|event| event.device.kind == kind));
        events
    }

    /// The event that the device in use is in use.
    pub(super) fn active(&self) -> Option<DeviceEvent> {
        self.current().map(|device| DeviceEvent { device: device.clone(), change: DeviceChange::Active })
    }

    /// Takes what was read of the device in use. The first reading of a device is no event.
    pub(super) fn update_volume(&mut self, device: &DeviceInfo, read: Option<(u32, bool)>) -> Option<DeviceEvent> {
        let read = read?;
        let before = self.volume.replace((device.id.clone(), read));
        let changed = before.is_some_and(|(id, value)| id == device.id && value != read);
        let (volume, muted) = read;
        changed.then(|| DeviceEvent { device: device.clone(), change: DeviceChange::Volume { volume, muted } })
    }
}

/// The thread that looks again when the sound system says that something changed.
pub(super) struct Watch {
    bell: Bell,
    worker: Worker,
}

/// Has the watching thread look. Rings while it looks are one ring.
#[derive(Clone)]
pub(super) struct Bell(SyncSender<()>);

impl Bell {
    pub(super) fn ring(&self) {
        // Full means that it will look anyway.
        let _full = self.0.try_send(());
    }

    /// For a sound system.
    pub(super) fn notify(&self) -> Notify {
        let bell = self.clone();
        Box::new(move || bell.ring())
    }
}

/// What the watching thread waits on.
pub(super) struct Woken(Bell, Receiver<()>);

impl Watch {
    pub(super) fn bell() -> (Bell, Woken) {
        let (sender, receiver) = sync_channel(1);
        let bell = Bell(sender);
        (bell.clone(), Woken(bell, receiver))
    }

    pub(super) fn spawn(inner: Weak<Inner>, Woken(bell, woken): Woken) -> Result<Self, DeviceError> {
        let worker = Worker::spawn("device-watch", move |stop| {
            while woken.recv().is_ok() && !stop.is_set() {
                let Some(inner) = inner.upgrade() else { return };
                inner.notice();
            }
        })?;
        Ok(Self { bell, worker })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.worker.ask_to_stop();
        self.bell.ring();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(id: &str) -> DeviceInfo {
        DeviceInfo { kind: DeviceKind::Speaker, id: id.to_owned(), name: format!("Speaker {id}") }
    }

    fn changes(events: &[DeviceEvent]) -> Vec<(&str, DeviceChange)> {
        events.iter().map(|event| (event.device.id.as_str(), event.change)).collect()
    }

    fn with(ids: &[&str], default: &str) -> Selection {
        let mut selection = Selection::default();
        let devices = ids.iter().map(|id| device(id)).collect();
        let _first = selection.update(DeviceKind::Speaker, devices, Some(default.to_owned()));
        selection
    }

    #[test]
    fn an_unplugged_chosen_device_falls_back_to_the_default() {
        let mut selection = with(&["a", "b"], "a");
        assert!(selection.choose("b") && !selection.choose("c"));
        assert_eq!(selection.current(), Some(&device("b")));
        let events = selection.update(DeviceKind::Speaker, vec![device("a")], Some("a".to_owned()));
        assert_eq!(changes(&events), [("b", DeviceChange::Removed), ("a", DeviceChange::Active)]);

        let events = selection.update(DeviceKind::Speaker, vec![device("a"), device("b")], Some("a".to_owned()));
        assert_eq!(changes(&events), [("b", DeviceChange::Added)], "the old choice is not taken up again");
    }

    #[test]
    fn a_new_default_is_followed_unless_a_device_was_chosen() {
        let mut selection = with(&["a", "b"], "a");
        let events = selection.update(DeviceKind::Speaker, vec![device("a"), device("b")], Some("b".to_owned()));
        assert_eq!(changes(&events), [("b", DeviceChange::DefaultChanged), ("b", DeviceChange::Active)]);

        selection.follow(false);
        let events = selection.update(DeviceKind::Speaker, vec![device("a"), device("b")], Some("a".to_owned()));
        assert_eq!(changes(&events), [("a", DeviceChange::DefaultChanged)]);
        assert_eq!(selection.current(), Some(&device("b")));
        selection.follow(true);
        assert_eq!(selection.current(), Some(&device("a")));
    }

    #[test]
    fn a_volume_is_told_when_it_changes_and_not_when_the_device_does() {
        let mut selection = with(&["a", "b"], "a");
        assert_eq!(selection.update_volume(&device("a"), Some((70, false))), None);
        let event = selection.update_volume(&device("a"), Some((30, false))).expect("it changed");
        assert_eq!(event.change, DeviceChange::Volume { volume: 30, muted: false });
        assert_eq!(selection.update_volume(&device("b"), Some((90, true))), None);
    }
}
