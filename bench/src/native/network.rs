//! A network of two places on this machine with a wire between them that loses packets one way: two network namespaces and
//! a veth pair. It needs root. The namespaces have no names and live as long as the processes in them, which end when this
//! one does, however it does; so nothing can be left behind.
//!
//! Loss is made by nftables where packets leave the wire. To both ends it is what netem's random loss is, and it is there
//! on kernels without netem.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context as _, bail};

/// Ended when dropped.
pub(super) struct Network {
    near: Place,
    far: Place,
}

/// Where the engine is.
pub(super) const NEAR: Ipv4Addr = Ipv4Addr::new(10, 213, 77, 1);
const FAR: Ipv4Addr = Ipv4Addr::new(10, 213, 77, 2);
/// The wire's name at both ends.
const WIRE: &str = "uplink";

impl Network {
    /// Makes it, without loss.
    pub(super) fn new() -> anyhow::Result<Self> {
        let network = Self { near: Place::new()?, far: Place::new()? };
        let Self { near, far } = &network;
        near.ip(&format!("link add {WIRE} type veth peer name {WIRE} netns {}", far.holder.id()))?;
        for (place, address) in [(near, NEAR), (far, FAR)] {
            place.ip(&format!("address add {address}/24 dev {WIRE}"))?;
            place.ip(&format!("link set {WIRE} up"))?;
            place.ip("link set lo up")?;
        }
        Ok(network)
    }

    /// The command that runs a program near the engine.
    pub(super) fn near(&self, program: &Path) -> Command {
        self.near.command(program)
    }

    /// The command that runs a program at the far end of the wire.
    pub(super) fn far(&self, program: &Path) -> Command {
        self.far.command(program)
    }

    /// From now on this share of all packets from the far end, of whatever kind, does not arrive.
    pub(super) fn lose(&self, percent: u32) -> anyhow::Result<()> {
        let rules = format!(
            "flush ruleset\ntable inet wire {{\n chain arriving {{\n type filter hook prerouting priority -300\n \
             iifname \"{WIRE}\" numgen random mod 100 < {percent} counter drop\n }}\n}}\n"
        );
        let mut command = self.near(Path::new("nft"));
        let mut nft = command.args(["-f", "-"]).stdin(Stdio::piped()).spawn()?;
        nft.stdin.take().context("nft takes no rules")?.write_all(rules.as_bytes())?;
        if !nft.wait()?.success() {
            bail!("nft does not take the rule of loss; it needs the Debian package nftables and a kernel with nft_numgen");
        }
        Ok(())
    }
}

/// A network namespace, and the process that keeps it.
struct Place {
    holder: Child,
    /// The holder ends with it, also when this process is killed.
    _words: ChildStdin,
}

impl Place {
    fn new() -> anyhow::Result<Self> {
        let mut command = Command::new("unshare");
        let command = command.args(["--net", "cat"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut holder = command.spawn().context("`unshare` is missing (Debian package util-linux)")?;
        let (words, echo) = (holder.stdin.take(), holder.stdout.take());
        let (mut words, echo) = words.zip(echo).context("`unshare` has no input or output")?;
        // What comes back says that the namespace is there; where it cannot be, the process has ended and nothing comes.
        let mut answer = String::new();
        let is_there =
            writeln!(words, "there").is_ok() && BufReader::new(echo).read_line(&mut answer).is_ok_and(|length| length > 0);
        let place = Self { holder, _words: words };
        if !is_there {
            bail!("network namespaces cannot be made here: they need root, and a kernel that has them");
        }
        Ok(place)
    }

    /// The process of the command is the program itself, not one that waits for it. It ends with this process.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--net", "--target", &self.holder.id().to_string(), "--"]);
        command.args(["setpriv", "--pdeathsig", "KILL", "--"]).arg(program);
        command
    }

    fn ip(&self, arguments: &str) -> anyhow::Result<()> {
        let output = self.command(Path::new("ip")).args(arguments.split(' ')).output()?;
        if !output.status.success() {
            bail!("ip {arguments}: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
