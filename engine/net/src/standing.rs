//! Where a media thread runs and how urgently: the core it stays on, and its niceness. What it does is not known here.

use std::io;

/// What a media thread asks of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The core to stay on; any where none is named.
    pub(crate) core: Option<usize>,
    /// As nice(2) has it, less is more urgent; 0 leaves what it is.
    pub(crate) niceness: i8,
}

/// Whether threads of this process may run on a core. Where cores cannot be chosen, on none.
pub fn may_use_core(core: usize) -> bool {
    system::may_use_core(core)
}

impl Standing {
    /// Has the calling thread stand like that. What the system refuses stays as it is, and is logged: media flows all the same.
    pub(crate) fn take(self) {
        if let Some(core) = self.core
            && let Err(cause) = system::stay_on(core)
        {
            tracing::warn!(core, "a media thread cannot stay on its core: {cause}");
        }
        match system::be(self.niceness) {
            Ok(()) => {}
            Err(cause) if cause.kind() == io::ErrorKind::PermissionDenied => {
                tracing::debug!(niceness = self.niceness, "media threads go before no others: {cause}");
            }
            Err(cause) => tracing::warn!(niceness = self.niceness, "media threads go before no others: {cause}"),
        }
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::io;

    use rustix::process::{getpriority_process, setpriority_process};
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    pub(super) fn may_use_core(core: usize) -> bool {
        core < CpuSet::MAX_CPU && sched_getaffinity(None).is_ok_and(|cores| cores.is_set(core))
    }

    pub(super) fn stay_on(core: usize) -> io::Result<()> {
        if core >= CpuSet::MAX_CPU {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut cores = CpuSet::new();
        cores.set(core);
        Ok(sched_setaffinity(None, &cores)?)
    }

    /// On Linux a niceness is of a thread, and no process means the one that calls (setpriority(2)).
    pub(super) fn be(niceness: i8) -> io::Result<()> {
        // Who started the engine may have made it more urgent yet.
        if niceness == 0 || getpriority_process(None)? <= i32::from(niceness) {
            return Ok(());
        }
        Ok(setpriority_process(None, niceness.into())?)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::io;

    pub(super) fn may_use_core(_: usize) -> bool {
        false
    }

    pub(super) fn stay_on(_: usize) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn be(_: i8) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_thread_stays_on_its_core_and_no_other_thread_is_touched() {
        let core = (0..1024).find(|core| may_use_core(*core)).expect("this runs somewhere");
        let cores = || (0..1024).filter(|core| may_use_core(*core)).collect::<Vec<_>>();
        let before = cores();
        let alone = std::thread::spawn(move || {
            Standing { core: Some(core), niceness: 0 }.take();
            cores()
        });
        assert_eq!(alone.join().expect("no panic"), [core]);
        assert_eq!(cores(), before);
        assert!(!may_use_core(100_000));
    }

    #[test]
    fn a_thread_is_as_urgent_as_the_system_allows_and_no_other_one_is() {
        let niceness = || rustix::process::getpriority_process(None).expect("a niceness");
        let before = niceness();
        // There is no such core, which is no reason not to be urgent.
        let take = |niceness| Standing { core: Some(100_000), niceness }.take();
        let alone = std::thread::spawn(move || {
            take(0);
            let untouched = niceness();
            take(-5);
            let urgent = niceness();
            take(-4);
            (untouched, urgent, niceness(), rustix::process::setpriority_process(None, -5).is_ok())
        });
        let (untouched, urgent, later, is_allowed) = alone.join().expect("no panic");
        assert_eq!(untouched, before);
        assert_eq!(urgent, if is_allowed { before.min(-5) } else { before });
        assert_eq!(later, urgent, "who is more urgent stays that");
        assert_eq!(niceness(), before);
    }
}
