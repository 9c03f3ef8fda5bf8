//! Being put out, and leaving in unusual moments.

use rtc_protocol::RemovalReason;
use rtc_session::{Command, Ending, Event};

use crate::engine::{Engine, Tickets as _};
use crate::person::Person;

fn ending(event: &Event) -> Option<Ending> {
    match event {
        Event::Exited(ending) => Some(ending.clone()),
        _ => None,
    }
}

#[test]
fn who_enters_twice_puts_the_first_out() {
    let engine = Engine::start();
    let mut first = Person::enters(engine.ticket("ann"));
    let _second = Person::enters(engine.ticket("ann"));
    let ending = first.until("out", ending);
    assert_eq!(ending, Ending::Removed(RemovalReason::Kick));
    assert_eq!(ending.exit_reason().map(u8::from), Some(1));
}

#[test]
fn leaving_while_entering_ends_at_once_and_leaves_nobody_behind() {
    let engine = Engine::start();
    let mut hasty = Person::arrives(engine.ticket("ann"));
    hasty.does(Command::Exit);
    assert_eq!(hasty.until("out", ending), Ending::Own);
    // Whoever comes next finds an empty room.
    let bob = Person::enters(engine.ticket("bob"));
    bob.does(Command::SendMessage { cmd_id: 1, data: vec![1] });
    assert!(bob.leaves().iter().all(|words| !words.contains("ann")));
}

#[test]
fn a_link_that_is_dropped_leaves_in_order() {
    let engine = Engine::start();
    let mut ann = Person::enters(engine.ticket("ann"));
    drop(Person::enters(engine.ticket("bob")));
    let reason = ann.until("that bob left", |event| match event {
        Event::MemberLeft { reason, .. } => Some(u8::from(*reason)),
        _ => None,
    });
    assert_eq!(reason, 0);
}
