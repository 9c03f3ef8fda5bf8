//! A network of this program's own, so that whatever a server binds or asks for stays on this machine: a network namespace
//! with loopback and one more address. It lives as long as the processes in it.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::systems::ADDRESS;

const DEVICE: &str = "bench0";

/// Runs this program anew inside. Returns only where that cannot be.
pub(super) fn enter() -> anyhow::Result<()> {
    let missing = "`unshare` is missing (Debian package util-linux)";
    if !unshare().arg("true").stderr(Stdio::null()).status().context(missing)?.success() {
        bail!(
            "network namespaces cannot be made here: run this as root, or allow others to make them \
             (sysctl kernel.unprivileged_userns_clone=1)"
        );
    }
    let program = std::env::current_exe()?;
    Err(unshare().arg(program).args(std::env::args_os().skip(1)).arg("--inside").exec()).context(missing)
}

fn unshare() -> Command {
    let mut command = Command::new("unshare");
    command.arg("--net");
    if !rustix::process::geteuid().is_root() {
        // Who may not make networks may do so where he is root of his own.
        command.args(["--user", "--map-root-user"]);
    }
    command.arg("--");
    command
}

/// Brings the network up, after [`enter`].
pub(super) fn furnish() -> anyhow::Result<()> {
    // What `--inside` promises is looked at, so that no network that others use is touched.
    let devices = std::fs::read_to_string("/proc/self/net/dev").context("no /proc")?;
    let names: Vec<_> = devices.lines().skip(2).filter_map(|line| line.split_once(':')).map(|(name, _)| name.trim()).collect();
    if names != ["lo"] {
        bail!("this is no network of its own: there are {}", names.join(", "));
    }
    ip("link set lo up")?;
    ip(&format!("link add {DEVICE} type veth peer name {DEVICE}-end"))?;
    ip(&format!("address add {ADDRESS}/24 dev {DEVICE}"))?;
    ip(&format!("link set {DEVICE} up"))?;
    ip(&format!("link set {DEVICE}-end up"))
}

fn ip(arguments: &str) -> anyhow::Result<()> {
    let output = Command::new("ip").args(arguments.split(' ')).output();
    let output = output.context("`ip` is missing (Debian package iproute2)")?;
    if !output.status.success() {
        bail!("ip {arguments}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
