//! What this process holds of the system.

use std::fs;
use std::time::{Duration, Instant};

use crate::engine::PATIENCE;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    pub(crate) threads: usize,
    pub(crate) files: usize,
    /// Resident.
    pub(crate) memory_kb: u64,
}

impl Figures {
    pub(crate) fn now() -> Self {
        trim_heap();
        let count = |folder: &str| fs::read_dir(folder).expect("Linux has it").count();
        let status = fs::read_to_string("/proc/self/status").expect("Linux has it");
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let memory = memory.and_then(|text| text.trim().strip_suffix(" kB")?.parse().ok());
        Self {
            threads: count("/proc/self/task"),
            files: count("/proc/self/fd"),
            memory_kb: memory.expect("a number of kilobytes"),
        }
    }
}

/// Lets all threads share one heap. With one for each thread that there ever was at a time, what they keep for later varies
/// by tens of megabytes, and hides what is lost.
pub(crate) fn keep_one_heap() {
    // SAFETY: it sets a number of the C library, which takes it at any time.
    #[allow(unsafe_code)]
    let done = unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) };
    assert_eq!(done, 1, "the C library has no such setting");
}

/// Gives back what is free.
fn trim_heap() {
    // SAFETY: it takes the locks of the heap itself, and leaves what is in use where it is.
    #[allow(unsafe_code)]
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Waits until what ends behind the calls has ended. A number that is not given is not waited for.
#[track_caller]
pub(crate) fn until_as_few(threads: usize, files: Option<usize>) -> Figures {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let now = Figures::now();
        if now.threads <= threads && files.is_none_or(|files| now.files <= files) {
            return now;
        }
        let names = || fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
        let names = || names().filter_map(|task| fs::read_to_string(task.path().join("comm")).ok()).collect::<Vec<_>>();
        assert!(Instant::now() < deadline, "{now:?} are left, of {threads} threads and {files:?} files: {:?}", names());
        std::thread::park_timeout(Duration::from_millis(20));
    }
}
