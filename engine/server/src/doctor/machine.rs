//! What the engine's machine lets it have.

use std::fs;

use rustix::process::{Resource, getrlimit};

use super::facts::{Machine, Wants};
use super::leg::{Finding, Leg};
use crate::settings::Settings;

/// A limit of open files this many times below what the settings allow is one that nobody has thought of.
const FAR: u64 = 4;

/// What an engine has told of its machine.
pub(super) fn judge(machine: &Machine) -> [Finding; 2] {
    [files(machine), buffers(machine)]
}

/// The machine is another one.
pub(super) fn untold() -> [Finding; 2] {
    [Leg::Files, Leg::Buffers].map(|leg| Finding::skipped(leg, "run rtc-engine doctor on the engine's machine to see this"))
}

/// What an engine would be given on this machine.
pub(super) fn here(settings: &Settings, leg: Leg) -> Finding {
    let most = |name: &str| {
        let text = fs::read_to_string(format!("/proc/sys/net/core/{name}")).ok()?;
        text.trim().parse::<u64>().ok().map(|most| most.min(settings.media.socket_buffer_bytes as u64))
    };
    // The engine raises the limit as far as it may.
    let open_files = getrlimit(Resource::Nofile).maximum;
    let wants = Wants::of(settings);
    match (leg, most("rmem_max"), most("wmem_max")) {
        (Leg::Files, ..) => files(&wants.with(open_files, 0, 0)),
        (_, Some(receive), Some(send)) => buffers(&wants.with(open_files, receive, send)),
        _ => Finding::skipped(Leg::Buffers, "this system does not tell what buffers it grants"),
    }
}

fn files(machine: &Machine) -> Finding {
    let wanted = machine.open_files_wanted;
    let Some(limit) = machine.open_files else { return Finding::ok(Leg::Files, "there is no limit") };
    if limit >= wanted {
        return Finding::ok(Leg::Files, format!("{limit} may be open, {wanted} are enough"));
    }
    let found = format!("at most {limit} files may be open, and the connections that the settings allow take {wanted}");
    let fix = format!(
        "set LimitNOFILE={wanted} in the service's unit (or ulimit -Hn {wanted}), or lower http.max_connections and \
         media.tcp_connections"
    );
    // The settings say what may be, not what will be.
    if limit < wanted / FAR { Finding::failed(Leg::Files, found, fix) } else { Finding::advice(Leg::Files, found, fix) }
}

fn buffers(machine: &Machine) -> Finding {
    let Machine { receive_buffer, send_buffer, buffer_wanted, .. } = *machine;
    if receive_buffer < buffer_wanted || send_buffer < buffer_wanted {
        return Finding::advice(
            Leg::Buffers,
            format!(
                "of {buffer_wanted} bytes asked for, the kernel grants {receive_buffer} to receive and {send_buffer} to send: \
                 bursts of many clients may be lost"
            ),
            format!("sysctl -w net.core.rmem_max={buffer_wanted} net.core.wmem_max={buffer_wanted}, and restart the engine"),
        );
    }
    Finding::ok(Leg::Buffers, format!("{receive_buffer} bytes to receive, {send_buffer} to send"))
}

#[cfg(test)]
mod tests {
    use super::super::leg::State;
    use super::*;

    #[test]
    fn limits_below_what_the_settings_allow_are_told_with_what_to_set() {
        let mut settings = Settings::default();
        settings.http.max_connections = 100;
        settings.media.tcp_connections = 20;
        settings.media.socket_buffer_bytes = 1000;
        let wants = Wants::of(&settings);
        let [files, buffers] = judge(&wants.with(Some(375), 1000, 999));
        assert_eq!((files.state, buffers.state), (State::Advice, State::Advice));
        assert!(files.fix.expect("a fix").contains("LimitNOFILE=376"));
        assert!(buffers.fix.expect("a fix").contains("wmem_max=1000"));
        let [files, _] = judge(&wants.with(Some(93), 1000, 1000));
        assert_eq!(files.state, State::Failed);
        for enough in [Some(376), None] {
            let findings = judge(&wants.with(enough, 1000, 1000));
            assert!(findings.iter().all(|finding| finding.state == State::Ok));
        }
    }
}
