//! The log as an application uses it through an instance. There is one in a process, so that each story has a process of its
//! own.

#[path = "../stories/alone.rs"]
mod alone;
#[path = "../stories/engine.rs"]
mod engine;
#[path = "../stories/person.rs"]
#[allow(dead_code, reason = "these stories are about one instance")]
mod person;

use std::fs;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rtc_core::{Event, LogLevel};
use tracing::{info, warn};

use crate::engine::{Engine, PATIENCE};
use crate::person::Person;

/// The texts of the lines from now on.
fn lines() -> Receiver<String> {
    let (tell, told) = channel();
    rtc_core::set_log_callback(Some(Box::new(move |_, _, text| drop(tell.send(text.to_owned())))));
    told
}

/// Logs a last line and gives those that were told until then, but for what the SDK says by itself.
fn until_now(lines: &Receiver<String>) -> Vec<String> {
    warn!("until now");
    let told = std::iter::from_fn(|| lines.recv_timeout(PATIENCE).ok()).take_while(|line| line != "until now");
    told.filter(|line| line.starts_with("test: ")).collect()
}

#[test]
fn lines_are_told_and_written_from_the_level_on() {
    if !alone::is_inside() {
        return drop(alone::run(lines_are_told_and_written_from_the_level_on, &[]));
    }
    let engine = Engine::start();
    let ann = Person::new(&engine);
    let [first, second] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let told = lines();
    ann.cloud.set_log_dir_path(&first.path().to_string_lossy());
    let log = |level, number| {
        ann.cloud.set_log_level(level);
        warn!("test: warning {number}");
        info!(target: "rtc_test", "test: information {number}");
    };
    log(LogLevel::None, 1);
    log(LogLevel::Warn, 2);
    log(LogLevel::Info, 3);
    let expected = ["test: warning 2", "test: warning 3", "test: information 3"];
    assert_eq!(until_now(&told), expected);
    ann.cloud.set_log_dir_path(&second.path().to_string_lossy());
    log(LogLevel::Warn, 4);
    assert_eq!(until_now(&told), ["test: warning 4"]);
    rtc_core::set_log_callback(None);
    warn!("test: nobody is told");
    // It ends, because nobody tells it any more.
    assert!(!told.iter().any(|line| line.contains("nobody")), "told although nobody listens");

    // Everything is written that was told and not told, the last line a moment after it was logged.
    let deadline = Instant::now() + PATIENCE;
    while !written(second.path()).contains("test: nobody is told") {
        assert!(Instant::now() < deadline, "{}", written(second.path()));
        std::thread::park_timeout(Duration::from_millis(20));
    }
    let (before, after) = (written(first.path()), written(second.path()));
    assert!(expected.iter().all(|line| before.contains(line)) && !before.contains("warning 4"), "{before}");
    assert!(after.contains("test: warning 4"), "{after}");
}

/// Everything in the files of a folder.
fn written(folder: &Path) -> String {
    let files = fs::read_dir(folder).expect("it is there").map(|file| file.expect("it can be read").path());
    files.map(|path| fs::read_to_string(path).expect("text")).collect()
}

#[test]
fn the_console_gets_lines_while_it_is_wanted() {
    if !alone::is_inside() {
        let console = alone::run(the_console_gets_lines_while_it_is_wanted, &[]);
        assert!(console.contains("test: wanted") && !console.contains("test: not wanted"), "{console}");
        return;
    }
    let engine = Engine::start();
    let ann = Person::new(&engine);
    let told = lines();
    ann.cloud.set_log_level(LogLevel::Warn);
    ann.cloud.set_console_enabled(true);
    warn!("test: wanted");
    until_now(&told);
    ann.cloud.set_console_enabled(false);
    warn!("test: not wanted");
    until_now(&told);
}

#[test]
fn full_files_are_compressed_where_that_is_wished() {
    if !alone::is_inside() {
        return drop(alone::run(full_files_are_compressed_where_that_is_wished, &[]));
    }
    let engine = Engine::start();
    let ann = Person::new(&engine);
    let told = lines();
    ann.cloud.set_log_level(LogLevel::Warn);
    let full_file = |is_compressed| {
        let folder = tempfile::tempdir().expect("a folder");
        ann.cloud.set_log_dir_path(&folder.path().to_string_lossy());
        ann.cloud.set_log_compress_enabled(is_compressed);
        let text = "x".repeat(8000);
        // A file has 10 MiB.
        for _ in 0..1400 {
            warn!("{text}");
        }
        until_now(&told);
        let deadline = Instant::now() + PATIENCE;
        loop {
            let files = fs::read_dir(folder.path()).expect("it is there").map(|file| file.expect("a file").file_name());
            let mut names: Vec<String> = files.map(|name| name.to_string_lossy().into_owned()).collect();
            names.sort();
            // The full one, and the one that is written now.
            if names.len() == 2 && names.iter().filter(|name| name.ends_with(".gz")).count() == usize::from(is_compressed) {
                return;
            }
            assert!(Instant::now() < deadline, "{is_compressed}: {names:?}");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    };
    full_file(false);
    full_file(true);
}

#[test]
fn figures_are_in_the_log_while_they_are_wanted() {
    if !alone::is_inside() {
        return drop(alone::run(figures_are_in_the_log_while_they_are_wanted, &[]));
    }
    let engine = Engine::start();
    let mut ann = Person::enters(&engine, "ann");
    let told = lines();
    ann.cloud.set_log_level(LogLevel::Info);
    ann.cloud.show_debug_view(1);
    let is_figures = |line: &String| line.starts_with("figures ");
    let wanted = std::iter::from_fn(|| told.recv_timeout(PATIENCE).ok()).any(|line| is_figures(&line));
    assert!(wanted, "no figures are logged");
    ann.cloud.show_debug_view(0);
    ann.settles();
    drop(told);
    let told = lines();
    ann.until("figures", |event| matches!(event, Event::Statistics { .. }).then_some(()));
    warn!("the end");
    let others: Vec<String> = told.iter().take_while(|line| line != "the end").collect();
    assert!(!others.iter().any(is_figures), "{others:?}");
}
