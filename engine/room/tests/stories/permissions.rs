//! What a PrivateMapKey allows.

use rtc_protocol::{ErrorCode, Layer, Stream, Track};
use rtc_room::Permissions;

use crate::sim::*;

fn without(bit: Permissions) -> Permissions {
    Permissions(Permissions::ALL.0 & !bit.0)
}

#[test]
fn without_enter_nobody_enters() {
    let mut sim = Sim::call();
    let error = sim.try_enter("ann", |enter| enter.permissions = without(Permissions::ENTER)).unwrap_err();
    assert_eq!(error.name, ErrorCode::NoPermissionToEnter);
    sim.expect_outputs(&[]);
}

#[test]
fn without_create_one_enters_only_a_room_that_is_there() {
    let mut sim = Sim::call();
    let enter = |sim: &mut Sim| sim.try_enter("ann", |enter| enter.permissions = without(Permissions::CREATE));
    assert_eq!(enter(&mut sim).unwrap_err().name, ErrorCode::NoPermissionToCreate);
    sim.expect_outputs(&[]);
    sim.enter("bob");
    enter(&mut sim).unwrap();
}

#[test]
fn each_track_needs_its_own_permission() {
    for (track, bit, code) in [
        (Microphone, Permissions::SEND_AUDIO, ErrorCode::NoPermissionToPublish),
        (Camera, Permissions::SEND_VIDEO, ErrorCode::NoPermissionToPublish),
        (Screen, Permissions::SEND_SUB, ErrorCode::NoPermissionToShareScreen),
    ] {
        let mut sim = Sim::call();
        sim.try_enter("ann", |enter| enter.permissions = without(bit)).unwrap();
        for other in Track::ALL {
            if other == track {
                assert_eq!(sim.refused("ann", publish(track, On)), code);
                assert_eq!(sim.refused("ann", publish(track, Muted)), code);
                sim.publish("ann", track, Off);
            } else {
                sim.publish("ann", other, On);
            }
        }
    }
}

#[test]
fn each_video_needs_its_own_permission_to_be_viewed() {
    for (stream, bit) in [(Stream::Main, Permissions::RECEIVE_VIDEO), (Stream::Sub, Permissions::RECEIVE_SUB)] {
        let mut sim = Sim::call();
        sim.enter("ann");
        sim.publish("ann", Camera, On);
        sim.publish("ann", Screen, On);
        sim.try_enter("bob", |enter| enter.permissions = without(bit)).unwrap();
        assert_eq!(sim.refused("bob", view("ann", stream, Layer::Big)), ErrorCode::NoPermissionToReceive);
        let other = if stream == Stream::Main { Stream::Sub } else { Stream::Main };
        sim.view("bob", "ann", other);
    }
}

#[test]
fn without_receive_audio_one_enters_and_hears_nobody() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.publish("ann", Microphone, On);
    sim.forget();
    sim.try_enter("bob", |enter| enter.permissions = without(Permissions::RECEIVE_AUDIO)).unwrap();
    assert_eq!(sim.refused("bob", listen(Some("ann"), true)), ErrorCode::NoPermissionToReceive);
    assert_eq!(sim.refused("bob", listen(None, true)), ErrorCode::NoPermissionToReceive);
    sim.must("bob", listen(None, false));
    sim.expect_media(&[]);
}

#[test]
fn an_audience_with_the_original_s_audience_ticket_hears_and_views_cameras() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.publish("ann", Microphone, On);
    sim.publish("ann", Camera, On);
    sim.publish("ann", Screen, On);
    sim.forget();
    sim.try_enter("zoe", |enter| enter.permissions = Permissions::AUDIENCE).unwrap();
    sim.view("zoe", "ann", Stream::Main);
    sim.expect_media(&["zoe hears ann", "zoe views ann Camera Big"]);
    assert_eq!(sim.refused("zoe", view("ann", Stream::Sub, Layer::Big)), ErrorCode::NoPermissionToReceive);
}
