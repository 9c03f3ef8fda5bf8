//! `docs/security.md` names tests that are there, and one or the lack of an input for every threat.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rtc_fuzz_bodies::TARGETS;

/// Rows without a test although the input is there: what they say is held by something else than tests.
const HELD_OTHERWISE: [&str; 1] = ["Dependencies that are not what they seem"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

struct Row {
    threat: String,
    done: String,
    tests: Vec<String>,
}

/// The rows of all tables, whose tests stand in the last column between backticks.
fn rows() -> Vec<Row> {
    let text = fs::read_to_string(root().join("docs/security.md")).expect("the page");
    let lines = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix('|'));
    let cells = lines.map(|line| line.split(" | ").map(str::trim).collect::<Vec<_>>());
    let rows = cells.filter(|cells| !matches!(cells[0], "threat" | "---")).map(|cells| {
        let [threat, _, done, tests] = cells[..] else { panic!("a row has four cells: {cells:?}") };
        let tests = tests.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        Row { threat: threat.to_owned(), done: done.to_lowercase(), tests }
    });
    rows.collect()
}

#[test]
fn every_threat_has_a_test_or_no_input() {
    let rows = rows();
    assert!(rows.len() > 40, "{} rows were found", rows.len());
    for Row { threat, done, tests } in rows {
        let is_open = done.contains("not there yet") || HELD_OTHERWISE.contains(&&*threat);
        assert!(is_open || !tests.is_empty(), "no test is named for: {threat}");
    }
}

#[test]
fn every_test_that_is_named_is_there() {
    let targets: BTreeSet<&str> = TARGETS.iter().map(|target| target.name).collect();
    let mut files = BTreeMap::new();
    let mut missing = Vec::new();
    for test in rows().into_iter().flat_map(|row| row.tests) {
        if let Some(target) = test.strip_prefix("fuzz/corpus/") {
            if !targets.contains(target) {
                missing.push(test);
            }
            continue;
        }
        let (path, name) = test.split_once("::").unwrap_or_else(|| panic!("`{test}` is not file::test"));
        let text = files.entry(path.to_owned()).or_insert_with(|| {
            // Tests inside of a module or macro stand further in.
            let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
            text.lines().map(str::trim).collect::<Vec<_>>().join("\n")
        });
        let is_there = match Path::new(path).extension().and_then(|extension| extension.to_str()) {
            Some("rs") => {
                ["#[test]\nfn", "#[tokio::test]\nasync fn"].iter().any(|begins| text.contains(&format!("{begins} {name}(")))
            }
            Some("mjs") => text.contains(&format!("test('{name}'")),
            _ => panic!("{path} is no file of tests"),
        };
        if !is_there {
            missing.push(test);
        }
    }
    assert!(missing.is_empty(), "named in docs/security.md and not there: {missing:#?}");
}
