//! The C++ headers have what the inventory of the original's has: every class, method, parameter, type, default, struct,
//! field, enum, value, code, old name, platform and header, in the same order. The headers are parsed, not the description.
#![allow(clippy::print_stdout, reason = "how much is covered is for people to read")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::facts::Fact;

mod facts;
mod headers;
mod inventory;

#[test]
fn the_headers_have_everything_that_the_inventory_has_and_nothing_else() {
    let root = rtc_api_generate::root();
    let text = fs::read_to_string(root.join("spec/native/cpp.json")).expect("the inventory is in the repository");
    let expected = inventory::facts(&serde_json::from_str(&text).expect("the inventory is JSON"));
    let found = headers::facts(&root.join("sdk/cpp/include"));

    let missing: Vec<&Fact> = expected.difference(&found).collect();
    let surplus: Vec<&Fact> = found.difference(&expected).filter(|fact| !added(fact)).collect();
    let matched = expected.len() - missing.len();
    println!("{matched} of {} facts, {:.1} %", expected.len(), 100.0 * matched as f64 / expected.len() as f64);
    assert!(expected.len() > 1000, "the inventory was not read: {} facts", expected.len());
    assert!(missing.is_empty() && surplus.is_empty(), "missing: {missing:#?}\nsurplus: {surplus:#?}");
}

#[test]
fn a_changed_default_is_noticed() {
    let folder = rtc_api_generate::root().join("sdk/cpp/include");
    let name = Path::new("TRTCTypeDef.h");
    let text = fs::read_to_string(folder.join(name)).expect("the header is generated");
    let changed = text.replace("videoBitrate(550)", "videoBitrate(551)");
    assert_ne!(text, changed);
    let (before, after): (BTreeSet<_>, BTreeSet<_>) = (headers::parse(name, &text), headers::parse(name, &changed));
    assert_eq!(before.difference(&after).count(), 1);
}

/// What the headers have beyond the original's: the names of overloads that are made visible again need no fact, so it is
/// only the callback type that the inventory names without spelling it.
fn added(fact: &Fact) -> bool {
    fact.0.contains("typedef void (*onUpdateNetworkTime)")
}
