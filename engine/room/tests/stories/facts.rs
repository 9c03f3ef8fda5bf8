//! What the record is told of entering, and in which form.

use rtc_protocol::{MemberKind, Role, Scene};
use rtc_room::{Fact, FactBody, LeaveCause, Output, RoomConfig, Time};

use crate::sim::*;

#[test]
fn the_first_to_enter_makes_the_room_and_brings_its_sdk_along() {
    let mut sim = Sim::live();
    sim.try_enter("ann", |enter| {
        enter.sdk.platform = "é".repeat(100);
        enter.record_id = Some("lesson-1".into());
    })
    .unwrap();
    let (session, user, facts) = (sim.session("ann"), user("ann"), sim.facts());
    assert_eq!(facts[0], FactBody::RoomCreated { user: user.clone(), scene: Scene::Live });
    let FactBody::SessionInfo { sdk, address, .. } = &facts[1] else { panic!("{facts:?}") };
    assert_eq!((sdk.name.as_str(), sdk.platform.as_str(), address.as_str()), ("web", "é".repeat(64).as_str(), "192.0.2.7"));
    let record_id = Some("lesson-1".into());
    let (role, kind) = (Role::Anchor, MemberKind::Person);
    assert_eq!(facts[2], FactBody::MemberEntered { session, user, role, kind, again: false, record_id });
    assert_eq!(facts.len(), 3);
}

#[test]
fn entering_again_and_losing_the_connection_are_on_record() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.facts();
    sim.lose("ann");
    sim.lose("ann");
    sim.resume("ann").unwrap();
    sim.resume("ann").unwrap();
    let (first, name) = (sim.session("ann"), user("ann"));
    assert_eq!(
        sim.facts(),
        [
            FactBody::ConnectionLost { session: first, user: name.clone() },
            FactBody::ConnectionResumed { session: first, user: name },
        ]
    );
    sim.enter("ann'");
    let facts = sim.facts();
    assert!(matches!(facts[0], FactBody::MemberLeft { session, cause: LeaveCause::Replaced, .. } if session == first));
    assert!(matches!(facts[2], FactBody::MemberEntered { again: true, .. }));

    sim.enter("bob");
    sim.exit("ann'");
    sim.facts();
    sim.enter("ann''");
    assert!(matches!(sim.facts()[1], FactBody::MemberEntered { again: false, .. }), "it had left before");
}

#[test]
fn facts_are_numbered_from_where_the_record_ended_and_survive_being_written() {
    let mut sim = Sim::new(Scene::VideoCall, RoomConfig { first_fact: 1, ..Default::default() });
    sim.enter("ann");
    let mut rooms = rtc_room::Rooms::new(RoomConfig { first_fact: 42, ..Default::default() });
    let mut enter = None;
    sim.try_enter("bob", |asked| enter = Some(asked.clone())).unwrap();
    rooms.handle_enter(Time(5), enter.unwrap()).unwrap();
    let mut facts = Vec::new();
    while let Some(output) = rooms.poll_output() {
        if let Output::Fact(fact) = output {
            facts.push(fact);
        }
    }
    assert_eq!(facts.iter().map(|fact| (fact.n, fact.at)).collect::<Vec<_>>(), [(42, Time(5)), (43, Time(5)), (44, Time(5))]);
    for fact in facts {
        let written = serde_json::to_string(&fact).unwrap();
        assert_eq!(serde_json::from_str::<Fact>(&written).unwrap(), fact, "{written}");
    }
}
