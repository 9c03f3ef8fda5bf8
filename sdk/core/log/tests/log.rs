//! What becomes of tracing events: lines in files, calls of a sink, and what is lost.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use flate2::read::GzDecoder;
use rtc_log::{Error, Level, Log, Redacted, Settings, Sink};
use tempfile::TempDir;
use tracing::{debug, error, info, info_span, trace, warn};
use tracing_subscriber::layer::SubscriberExt;

/// A log of everything, and the folder it goes to.
fn log() -> (TempDir, Settings) {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { level: Level::Verbose, directory: Some(folder.path().to_path_buf()), ..Settings::default() };
    (folder, settings)
}

/// Runs with the log as the subscriber of this thread, and waits until all is written.
fn logging(log: &Log, story: impl FnOnce()) {
    tracing::subscriber::with_default(tracing_subscriber::registry().with(log.layer()), story);
    log.flush();
}

/// The files of a folder, full ones first, in the order of their numbers.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    let number = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let parts: Vec<_> = name.split(['_', '.']).map(str::to_owned).collect();
        parts[3].parse().unwrap_or(u64::MAX)
    };
    files.sort_by_key(number);
    files
}

/// All lines of a folder, those in compressed files as well.
fn lines(folder: &Path) -> Vec<String> {
    let mut text = String::new();
    for path in files(folder) {
        let file = fs::File::open(&path).unwrap();
        if path.extension().is_some_and(|extension| extension == "gz") {
            GzDecoder::new(file).read_to_string(&mut text).unwrap();
        } else {
            { file }.read_to_string(&mut text).unwrap();
        }
    }
    text.lines().map(str::to_owned).collect()
}

/// A sink that sends on what it is told.
fn collector() -> (Sink, Receiver<(Level, String, String)>) {
    let (sender, told) = channel();
    let sink = move |level, module: &str, text: &str| drop(sender.send((level, module.to_owned(), text.to_owned())));
    (Box::new(sink), told)
}

#[test]
fn an_event_becomes_a_line_with_its_level_module_fields_and_spans() {
    let (folder, settings) = log();
    let log = Log::start(settings).unwrap();
    logging(&log, || {
        let span = info_span!(target: "rtc_core", "room", id = 42, user = tracing::field::Empty);
        let _inside = span.enter();
        span.record("user", "ada");
        warn!(target: "rtc_link", tries = 3, error = %"refused", "cannot connect");
    });
    let lines = lines(folder.path());
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].ends_with("Z W rtc_link room id=42 user=ada: cannot connect tries=3 error=refused"), "{lines:?}");
    let name = files(folder.path())[0].file_name().unwrap().to_string_lossy().into_owned();
    assert!(name.starts_with("rtc_2") && name.ends_with(&format!("_{}.log", std::process::id())), "{name}");
}

#[test]
fn the_level_filters_and_can_be_changed_at_any_time() {
    fn all(turn: &str) {
        trace!(target: "rtc_a", "{turn} V");
        debug!(target: "rtc_a", "{turn} D");
        info!(target: "rtc_a", "{turn} I");
        warn!(target: "rtc_a", "{turn} W");
        error!(target: "rtc_a", "{turn} E");
    }
    let (folder, settings) = log();
    let log = Log::start(Settings { level: Level::None, ..settings }).unwrap();
    logging(&log, || {
        all("none");
        log.write(Level::Fatal, "rtc_a", "none F");
        log.flush();
        assert!(files(folder.path()).is_empty(), "not even a file");
        for level in [Level::Warn, Level::Verbose, Level::Fatal] {
            log.set_level(level);
            assert_eq!(log.level(), level);
            all(&format!("{level:?}"));
            log.write(Level::Fatal, "rtc_a", "F");
            log.write(Level::None, "rtc_a", "nothing");
        }
    });
    let lines = lines(folder.path());
    let texts: Vec<_> = lines.iter().map(|line| line.split_once("rtc_a ").unwrap().1).collect();
    let expected = ["Warn W", "Warn E", "F", "Verbose V", "Verbose D", "Verbose I", "Verbose W", "Verbose E", "F", "F"];
    assert_eq!(texts, expected);
}

#[test]
fn secrets_do_not_reach_the_log() {
    #[derive(Debug)]
    #[allow(dead_code)] // It is there to be printed.
    struct Hello {
        user: &'static str,
        proof: Redacted<&'static str>,
    }
    let (folder, settings) = log();
    let log = Log::start(settings).unwrap();
    logging(&log, || {
        let proof = Redacted::new("SECRET1");
        let hello = Hello { user: "ada", proof };
        let _span = info_span!(target: "rtc_a", "enter", resume_token = "SECRET2").entered();
        info!(target: "rtc_a", %proof, ?proof, ?hello, user_sig = "SECRET3", private_map_key = ?"SECRET4", "hello {proof}");
        debug!(target: "somebody_else", "ice-pwd:SECRET5");
        info!(target: "somebody_else", "SECRET6");
        warn!(target: "somebody_else", "it rains");
    });
    let text = lines(folder.path()).join("\n");
    assert!(!text.contains("SECRET"), "{text}");
    assert!(text.contains("ada") && text.contains("user_sig=[redacted]") && text.contains("it rains"), "{text}");
}

#[test]
fn a_sink_is_told_level_module_and_text_until_another_takes_its_place() {
    let (_folder, settings) = log();
    let log = Log::start(Settings { directory: None, ..settings }).unwrap();
    let (first, told_first) = collector();
    let (second, told_second) = collector();
    log.set_sink(Some(first));
    logging(&log, || info!(target: "rtc_a", "one"));
    log.set_sink(Some(second));
    logging(&log, || error!(target: "rtc_b", number = 2));
    log.set_sink(None);
    logging(&log, || error!(target: "rtc_b", "three"));
    assert_eq!(told_first.iter().collect::<Vec<_>>(), [(Level::Info, "rtc_a".into(), "one".into())]);
    assert_eq!(told_second.iter().collect::<Vec<_>>(), [(Level::Error, "rtc_b".into(), "number=2".into())]);
}

#[test]
fn a_sink_may_log_replace_itself_and_panic() {
    let (folder, settings) = log();
    let log = Log::start(settings).unwrap();
    let (next, told) = collector();
    let (inner, mut next) = (log.clone(), Some(next));
    log.set_sink(Some(Box::new(move |_, _, _| {
        inner.write(Level::Error, "rtc_sink", "an echo");
        error!("another echo");
        inner.flush();
        inner.set_sink(next.take());
    })));
    logging(&log, || {
        info!(target: "rtc_a", "first");
        info!(target: "rtc_a", "second");
    });
    assert_eq!(told.try_iter().count(), 1, "the second line went to the sink that was put in place");
    log.set_sink(Some(Box::new(|_, _, _| panic!("a sink of no use"))));
    logging(&log, || {
        info!(target: "rtc_a", "third");
        info!(target: "rtc_a", "fourth");
    });
    let lines = lines(folder.path());
    assert_eq!(lines.len(), 4, "no echo, and the log outlives the panic: {lines:?}");
}

#[test]
fn a_full_queue_loses_lines_instead_of_time_and_tells_how_many() {
    let (folder, settings) = log();
    let log = Log::start(Settings { queue: 10, ..settings }).unwrap();
    let (running, is_running) = channel();
    let (release, gate) = channel::<()>();
    log.set_sink(Some(Box::new(move |_, _, _| {
        // It holds up the log's thread at the first line. Later it finds nobody at the other end.
        let _ = running.send(());
        let _ = gate.recv();
    })));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(log.layer()), || {
        info!(target: "rtc_a", "the first");
        is_running.recv().unwrap();
        for number in 0..100 {
            info!(target: "rtc_a", number);
        }
    });
    assert_eq!(log.lost(), 90, "ten were waiting");
    drop(release);
    log.flush();
    let lines = lines(folder.path());
    assert_eq!(lines.len(), 12);
    assert!(lines[11].contains(" W rtc_log 90 lines were lost"), "{lines:?}");
}

#[test]
fn full_files_are_compressed_and_no_line_is_lost_on_the_way() {
    let (folder, settings) = log();
    let log = Log::start(Settings { file_size: 4_000, files: 100, queue: 1_000, ..settings }).unwrap();
    logging(&log, || {
        for number in 0..500 {
            info!(target: "rtc_a", number, "a line of some length");
        }
    });
    log.set_compress(false);
    logging(&log, || {
        for number in 500..1_000 {
            info!(target: "rtc_a", number, "a line of some length");
        }
    });
    // Compressing is done by another thread; what it is at now is finished with the log.
    let folder = finished(log, folder);
    let lines = lines(folder.path());
    assert_eq!(lines.len(), 1_000);
    assert!(lines.iter().zip(0..).all(|(line, number)| line.ends_with(&format!("number={number}"))));
    let files = files(folder.path());
    let is_compressed = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "gz");
    assert!(files.len() > 10 && is_compressed(&files[0]) && !is_compressed(&files[files.len() - 2]), "{files:?}");
    assert!(files.iter().all(|path| path.metadata().unwrap().len() <= 4_000));
}

#[test]
fn only_so_many_files_are_kept_and_files_of_others_stay() {
    let (folder, settings) = log();
    for (name, age) in [("rtc_20200101_1.log", 2), ("rtc_20200101_1_7.log.gz", 1), ("rtc_notes.log", 3), ("mine.txt", 4)] {
        let file = fs::File::create(folder.path().join(name)).unwrap();
        file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(86_400 * age)).unwrap();
    }
    let log = Log::start(Settings { file_size: 1_000, files: 3, ..settings }).unwrap();
    logging(&log, || {
        for number in 0..200 {
            info!(target: "rtc_a", number);
        }
    });
    let folder = finished(log, folder);
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names.len(), 2 + 3 + 1, "{names:?}");
    assert!(names.contains(&"mine.txt".into()) && names.contains(&"rtc_notes.log".into()), "{names:?}");
    assert!(!names.iter().any(|name| name.contains("20200101")), "the oldest go first: {names:?}");
}

#[test]
fn the_log_moves_to_another_folder_and_says_when_it_cannot() {
    let (folder, settings) = log();
    let log = Log::start(Settings { directory: None, ..settings }).unwrap();
    log.write(Level::Info, "rtc_a", "before");
    log.flush();
    let (first, second) = (folder.path().join("a"), folder.path().join("b/c"));
    log.set_directory(&first).unwrap();
    log.write(Level::Info, "rtc_a", "one");
    log.flush();
    log.set_directory(&second).unwrap();
    log.write(Level::Info, "rtc_a", "two");
    let file = files(&first).remove(0);
    assert!(matches!(log.set_directory(&file), Err(Error::Directory { .. })), "that is a file");
    log.write(Level::Info, "rtc_a", "three");
    log.flush();
    assert_eq!((lines(&first).len(), lines(&second).len()), (1, 2));
}

#[test]
fn a_folder_that_went_is_made_again_and_lines_that_find_none_are_counted() {
    let (folder, settings) = log();
    let directory = folder.path().join("logs");
    let log = Log::start(Settings { directory: Some(directory.clone()), ..settings.clone() }).unwrap();
    fs::remove_dir(&directory).unwrap();
    log.write(Level::Info, "rtc_a", "one");
    log.flush();
    assert_eq!((lines(&directory).len(), log.lost()), (1, 0));

    let directory = folder.path().join("other");
    let log = Log::start(Settings { directory: Some(directory.clone()), ..settings }).unwrap();
    fs::remove_dir(&directory).unwrap();
    fs::write(&directory, b"in the way").unwrap();
    log.write(Level::Info, "rtc_a", "one");
    log.write(Level::Info, "rtc_a", "two");
    log.flush();
    assert_eq!(log.lost(), 2);
}

#[test]
fn threads_log_together_and_their_lines_stay_whole() {
    let (folder, settings) = log();
    let log = Log::start(settings).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let log = &log;
            scope.spawn(move || {
                for number in 0..500 {
                    log.write(Level::Info, "rtc_a", &format!("thread={thread} number={number}"));
                }
            });
        }
    });
    log.flush();
    let lines = lines(folder.path());
    assert_eq!((lines.len(), log.lost()), (2_000, 0));
    for thread in 0..4 {
        let of_thread = lines.iter().filter(|line| line.contains(&format!("thread={thread} ")));
        assert!(of_thread.zip(0..).all(|(line, number)| line.ends_with(&format!("number={number}"))), "in their order");
    }
}

#[test]
fn the_console_gets_lines_while_it_is_on() {
    const CHILD: &str = "RTC_LOG_TALKS";
    if std::env::var_os(CHILD).is_some() {
        let log = Log::start(Settings { level: Level::Info, ..Settings::default() }).unwrap();
        log.install().unwrap();
        assert!(matches!(log.install(), Err(Error::Installed)));
        for on in [true, false] {
            log.set_console(on);
            info!(target: "rtc_a", on, "to whom it may concern");
            log.flush();
        }
        return;
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_console_gets_lines_while_it_is_on", "--nocapture"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    let console = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{console}");
    assert!(console.contains("I rtc_a to whom it may concern on=true\n") && !console.contains("on=false"), "{console}");
}

/// Waits until the log's thread has ended, which it does when nobody can log any more.
fn finished(log: Log, folder: TempDir) -> TempDir {
    let (ended, has_ended) = channel::<()>();
    let ended = Arc::new(Mutex::new(ended));
    // The sink belongs to the log and goes with it, after the files.
    log.set_sink(Some(Box::new(move |_, _, _| drop(ended.lock()))));
    drop(log);
    assert!(has_ended.recv().is_err());
    folder
}
