//! How busy the processor and the memory of this machine are, and this process's share. It measures when asked and
//! has no clock of its own.

use std::fs;

use crate::DeviceError;

/// One reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SystemUsage {
    /// This process's share of all processors since the reading before, 0 to 100 percent.
    pub app_cpu: u32,
    /// Time that the processors were not idle since the reading before, 0 to 100 percent.
    pub system_cpu: u32,
    /// Memory of the machine in MiB.
    pub system_memory: u32,
    /// Memory in use that could not be given to others at once, in MiB.
    pub used_memory: u32,
    /// Memory of this process that is not swapped out, in MiB.
    pub app_memory: u32,
}

/// Remembers the reading before.
#[derive(Debug, Default)]
pub struct UsageMeter {
    before: Option<Ticks>,
}

/// Processor time since the machine started, in clock ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ticks {
    app: u64,
    busy: u64,
    all: u64,
}

impl UsageMeter {
    /// A meter that starts to count at its first reading.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the system's counters. The shares of the first reading are 0.
    ///
    /// # Errors
    /// [`DeviceError::Unsupported`] where there is no `/proc` of Linux.
    pub fn measure(&mut self) -> Result<SystemUsage, DeviceError> {
        let read = |path| fs::read_to_string(path).map_err(|error| unreadable(path, error));
        let stat = read("/proc/stat")?;
        let own = read("/proc/self/stat")?;
        let memory = read("/proc/meminfo")?;
        let status = read("/proc/self/status")?;

        let (busy, all) = processor_ticks(&stat).ok_or_else(|| unreadable("/proc/stat", "no line of all processors"))?;
        let app = process_ticks(&own).ok_or_else(|| unreadable("/proc/self/stat", "too few fields"))?;
        let ticks = Ticks { app, busy, all };
        let (app_cpu, system_cpu) = self.before.replace(ticks).map_or((0, 0), |before| shares(before, ticks));
        let total = kibibytes(&memory, "MemTotal:").unwrap_or(0);
        let free = kibibytes(&memory, "MemAvailable:").or_else(|| kibibytes(&memory, "MemFree:")).unwrap_or(0);
        Ok(SystemUsage {
            app_cpu,
            system_cpu,
            system_memory: mebibytes(total),
            used_memory: mebibytes(total.saturating_sub(free)),
            app_memory: mebibytes(kibibytes(&status, "VmRSS:").unwrap_or(0)),
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "map_err hands errors over by value")]
fn unreadable(path: &str, cause: impl ToString) -> DeviceError {
    let why = format!("{path}: {}; only Linux is measured", cause.to_string());
    DeviceError::Unsupported { what: "measuring the load", why }
}

/// The process's share and that of all processes. The system's counters and the process's are read one after the other and
/// rounded each by itself, so the process may seem busier than the machine: then the machine was at least as busy.
fn shares(before: Ticks, now: Ticks) -> (u32, u32) {
    let all = now.all.saturating_sub(before.all);
    // At most 100, so it fits.
    let share = |part: u64| part.saturating_mul(100).checked_div(all).unwrap_or(0).min(100) as u32;
    let app = share(now.app.saturating_sub(before.app));
    (app, share(now.busy.saturating_sub(before.busy)).max(app))
}

/// Busy and all ticks of all processors: user, nice, system, idle, iowait, irq, softirq, steal. Guest time is in user
/// time already.
fn processor_ticks(stat: &str) -> Option<(u64, u64)> {
    let line = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let ticks: Vec<u64> = line.split_ascii_whitespace().take(8).map_while(|field| field.parse().ok()).collect();
    let all: u64 = ticks.iter().sum();
    let idle = ticks.get(3)? + ticks.get(4).unwrap_or(&0);
    Some((all - idle, all))
}

/// User and system ticks of all threads. The second field is a name in parentheses that may hold anything.
fn process_ticks(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

fn kibibytes(text: &str, label: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(label))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

fn mebibytes(kibibytes: u64) -> u32 {
    u32::try_from(kibibytes / 1024).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_name_with_a_parenthesis_is_no_field() {
        let stat = "42 (a) b) S 1 1 1 0 -1 4194560 1 0 0 0 70 30 0 0 20 0 1 0 100 0 0";
        assert_eq!(process_ticks(stat), Some(100));
        assert_eq!(process_ticks("42 (a"), None);
    }

    #[test]
    fn waiting_for_a_disk_is_idle() {
        let stat = "cpu  10 0 10 60 20 0 0 0 5 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";
        assert_eq!(processor_ticks(stat), Some((20, 100)));
    }

    #[test]
    fn shares_are_of_the_time_between_two_readings() {
        let before = Ticks { app: 100, busy: 1000, all: 5000 };
        let now = Ticks { app: 150, busy: 1100, all: 5200 };
        assert_eq!(shares(before, now), (25, 50));
        assert_eq!(shares(before, before), (0, 0), "no time has passed");
    }

    #[test]
    fn a_machine_is_at_least_as_busy_as_a_process_on_it() {
        let before = Ticks { app: 0, busy: 0, all: 0 };
        assert_eq!(shares(before, Ticks { app: 20, busy: 18, all: 40 }), (50, 50));
    }

    #[test]
    fn this_machine_and_this_process_have_memory() {
        let usage = UsageMeter::new().measure().expect("tests run on Linux");
        assert!(usage.app_memory > 0 && usage.app_memory <= usage.system_memory);
        assert!(usage.used_memory <= usage.system_memory);
        assert_eq!((usage.app_cpu, usage.system_cpu), (0, 0), "there was no reading before");
    }

    #[test]
    fn a_busy_process_is_seen() {
        let mut meter = UsageMeter::new();
        meter.measure().expect("tests run on Linux");
        let before = meter.before.expect("a reading was made");
        // Clock ticks are coarse, so work until some were counted.
        let mut number = 1_u64;
        loop {
            for _ in 0..1_000_000 {
                number = std::hint::black_box(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
            }
            let stat = fs::read_to_string("/proc/self/stat").expect("tests run on Linux");
            if process_ticks(&stat).is_some_and(|app| app >= before.app + 20) {
                break;
            }
        }
        let usage = meter.measure().expect("tests run on Linux");
        let now = meter.before.expect("a second reading was made");
        assert!(now.app >= before.app + 20 && now.all > before.all, "{before:?} {now:?}");
        assert_eq!((usage.app_cpu, usage.system_cpu), shares(before, now));
    }
}
