//! A core for the system that is measured, and the others for this program: what share of a core a system uses is then no
//! matter of where the kernel puts it, and who sends and receives does not get in its way. It measures nothing.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// How cores are divided.
pub(super) struct Apart {
    system: CpuSet,
    others: CpuSet,
}

impl Apart {
    /// By the cores that the calling thread may run on: the first one for the system. Nothing where there is one only.
    pub(super) fn now() -> Option<Self> {
        let all = sched_getaffinity(None).ok()?;
        let first = (0..CpuSet::MAX_CPU).find(|core| all.is_set(*core))?;
        let (mut system, mut others) = (CpuSet::new(), all);
        system.set(first);
        others.unset(first);
        (others.count() > 0).then_some(Self { system, others })
    }

    /// Whoever is started by the calling thread from now on is on the system's core.
    pub(super) fn stay_with_system(&self) -> rustix::io::Result<()> {
        sched_setaffinity(None, &self.system)
    }

    /// The calling thread, and those it starts from now on, are on the others.
    pub(super) fn leave_system(&self) -> rustix::io::Result<()> {
        sched_setaffinity(None, &self.others)
    }
}
