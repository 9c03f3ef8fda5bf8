//! `sdk/api/behaviour.txt` names a test for every method that is supported, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use rtc_api_generate::root;

use crate::not_there_yet;
use crate::surface::Surface;

#[test]
fn every_supported_method_has_a_test_of_its_behaviour() {
    let listed = listed();
    let names: BTreeSet<&String> = listed.iter().map(|(method, _)| method).collect();
    let unsupported = not_there_yet::listed();
    let supported: BTreeSet<String> = Surface::read().everything().filter(|name| !unsupported.contains(name)).collect();
    let missing: Vec<_> = supported.iter().filter(|name| !names.contains(name)).collect();
    let surplus: Vec<_> = names.into_iter().filter(|name| !supported.contains(*name)).collect();
    assert!(missing.is_empty(), "no test of their behaviour is named in sdk/api/behaviour.txt: {missing:#?}");
    assert!(surplus.is_empty(), "in sdk/api/behaviour.txt, but not supported or not described: {surplus:#?}");
}

#[test]
fn every_test_that_is_named_is_there() {
    let mut files = BTreeMap::new();
    for (method, test) in listed() {
        let (path, name) = test.split_once("::").unwrap_or_else(|| panic!("{method}: `{test}` is not file::test"));
        let text = files.entry(path.to_owned()).or_insert_with(|| {
            std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{method}: {path}: {error}"))
        });
        let definition = if path.ends_with(".rs") { format!("#[test]\nfn {name}()") } else { format!("\nvoid {name}(") };
        // Tests inside of a module stand further in.
        let flat = text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
        assert!(flat.contains(&definition), "{method}: there is no test `{name}` in {path}");
    }
}

/// Methods and tests, a line each.
fn listed() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join("sdk/api/behaviour.txt")).expect("the list");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let listed: Vec<_> = lines
        .map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            let pair = words.next().zip(words.next()).filter(|_| words.next().is_none());
            pair.unwrap_or_else(|| panic!("`{line}` is not a method and a test"))
        })
        .collect();
    let different: BTreeSet<_> = listed.iter().collect();
    assert_eq!(different.len(), listed.len(), "a line stands twice");
    listed
}
