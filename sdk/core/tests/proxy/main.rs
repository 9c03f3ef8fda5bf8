//! The SOCKS5 proxy of a process as its instances use it. What goes through it is told by the stories of `rtc-link`.

#[path = "../stories/engine.rs"]
mod engine;
#[path = "../stories/person.rs"]
#[allow(dead_code, reason = "these stories are about one instance")]
mod person;
#[path = "../../link/tests/stories/socks.rs"]
#[allow(dead_code, reason = "this proxy neither refuses nor loses anything")]
mod socks;

use rtc_link::Through;

use crate::engine::Engine;
use crate::person::Person;
use crate::socks::{PASSWORD, Socks, USER};

#[test]
fn instances_go_through_the_proxy_of_the_process_while_there_is_one() {
    let (engine, socks) = (Engine::start(), Socks::start());
    let set = |host| rtc_core::set_socks5_proxy(host, socks.address.port(), USER, PASSWORD, Through::default());
    assert_eq!(set("127.0.0.1"), 0);
    let _ann = Person::enters(&engine, "ann");
    let through = socks.connections();
    assert!(through > 0, "nothing went through the proxy");
    // One that cannot be is none, and nothing of the one before changes.
    assert_eq!(rtc_core::set_socks5_proxy("127.0.0.1", 0, "", "", Through::default()), -2);
    let _bob = Person::enters(&engine, "bob");
    let through_with_bob = socks.connections();
    assert!(through_with_bob > through, "bob went past the proxy");
    assert_eq!(set(""), 0);
    let _cat = Person::enters(&engine, "cat");
    assert_eq!(socks.connections(), through_with_bob, "cat went through a proxy that is not wished any more");
}
