//! What an instance answers by itself, in a room or not.

use crate::engine::Engine;
use crate::person::Person;

#[test]
fn the_version_is_that_of_the_package() {
    let engine = Engine::start();
    let ann = Person::new(&engine);
    assert_eq!(ann.cloud.sdk_version(), env!("CARGO_PKG_VERSION"));
}

#[test]
fn what_only_other_machines_have_is_answered_as_by_one_that_has_it_not() {
    let engine = Engine::start();
    let ann = Person::new(&engine);
    let devices = ann.cloud.device_manager();
    assert!(!devices.is_front_camera());
    assert!(!devices.is_auto_focus_enabled());
    assert!(!devices.application_mute_state());
    assert_eq!(devices.camera_zoom_max_ratio().to_bits(), 1.0_f32.to_bits());
}
