//! One member who speaks and perhaps shows something, one who hears and sees it, an engine beside one of them, and a wire to
//! the other that gets bad once everything is flowing.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rtc_wire::{Counts, Direction, NEAR, Network, Place, Profile as Impairment};
use serde::Serialize;

use super::call::{Busy, Profile, Watching};
use super::party::{LOGS, Party, Role};
use super::person::{PATIENCE, Scene, Ticket};
use super::speech::{Score, Speech};
use super::voice::{Finished, Heard, Spoken};
use crate::engine::Engine;

/// What chance on the wire comes from. The same in all, though no two runs send the same packets at the same times.
const SEED: u64 = 1;

/// What is said, shown and impaired.
pub(super) struct Conversation<'a> {
    /// The engine's binary.
    pub(super) engine: &'a Path,
    pub(super) speech: &'a Speech,
    /// Where what was heard is written down.
    pub(super) folder: &'a Path,
    /// Where the clients' logs go, a folder each; nowhere if nothing.
    pub(super) logs: Option<PathBuf>,
    /// Seconds of getting used to the network, before the speech.
    pub(super) before: u64,
    /// Seconds after it, in which its end has to arrive.
    pub(super) after: u64,
    /// The picture beside the voice.
    pub(super) camera: Option<Profile>,
    pub(super) is_live: bool,
    /// Who is at the far end: the speaker (up) or the listener (down). Packets of this direction meet the impairment.
    pub(super) direction: Direction,
    pub(super) impairment: Impairment,
    /// Whether packets of the other direction meet it as well.
    pub(super) is_both: bool,
    /// What the network becomes, and how long after the speech has begun.
    pub(super) changes: Vec<(Duration, Impairment)>,
    /// Who is a browser.
    pub(super) web: Web,
}

/// Which of the two is Chromium with the Web SDK instead of the native client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) enum Web {
    Nobody,
    Speaker,
    Listener,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    pub(super) score: Score,
    /// Percent of sound that had to be invented.
    pub(super) concealed: f64,
    pub(super) heard: Heard,
    /// How often the speaker was told that its connection is lost.
    pub(super) speaker_lost_connection: u32,
    pub(super) wire: Traffic,
    /// How busy all cores were, with everything; near 100 the figures tell more of the machine than of the network.
    pub(super) machine_percent: f64,
}

/// What the impaired direction was given and what came out of it, with all headers from IP on.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Traffic {
    pub(super) sent_kilobits: f64,
    pub(super) arrived_kilobits: f64,
    /// Percent of packets that did not arrive.
    pub(super) lost_percent: f64,
}

impl Conversation<'_> {
    /// Has it.
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        let network = Network::new(SEED)?;
        let (speaker_at, listener_at) = match self.direction {
            Direction::Up => (network.far(), network.near()),
            Direction::Down => (network.near(), network.far()),
        };
        let binary = std::path::absolute(self.engine)?;
        let engine = Engine::start_at(NEAR, || network.near().command(&binary)).context("the engine does not start")?;
        let [speaks, hears] = if self.is_live { [Scene::LiveAnchor, Scene::LiveAudience] } else { [Scene::Call, Scene::Call] };
        let listen = |user: &str, watch| {
            let file = self.folder.join(format!("{user}.wav"));
            let ticket = Ticket::new(&engine, user)?.to(hears);
            let role = Role::Hear { file: file.clone(), watch };
            let start = if user == "listener" && self.web == Web::Listener { Party::browse } else { Party::start };
            let party = start(&ticket, &role, &|program| self.command(listener_at, program, user))?;
            Ok::<_, anyhow::Error>((party, file))
        };
        let (mut listener, file) = listen("listener", self.camera.is_some())?;
        // Who sees and hears is told one share of loss for both, so beside it sits somebody who hears only.
        let mut ear = self.camera.map(|_| listen("ear", false)).transpose()?;
        let speaker =
            Role::Speak { file: self.speech.file().to_owned(), before: self.before, after: self.after, camera: self.camera };
        let speaker_ticket = Ticket::new(&engine, "speaker")?.to(speaks);
        let start = if self.web == Web::Speaker { Party::browse } else { Party::start };
        let mut speaker = start(&speaker_ticket, &speaker, &|program| self.command(speaker_at, program, "speaker"))?;
        if self.camera.is_some() {
            let _: Watching = listener.answer(PATIENCE).context("no picture is seen")?;
        }

        self.impair(&network, self.impairment);
        speaker.say("speak")?;
        let Spoken { spoken_from_us } = speaker.answer(PATIENCE)?;
        listener.say("measure")?;
        if let Some((ear, _)) = &mut ear {
            ear.say("measure")?;
        }
        let (begin, before, machine) = (Instant::now(), network.counts(self.direction), Busy::read()?);
        for (at, impairment) in &self.changes {
            thread::sleep((begin + *at).saturating_duration_since(Instant::now()));
            self.impair(&network, *impairment);
        }
        let Finished { lost_connection, .. } = speaker.answer(Duration::from_secs(120))?;
        let machine_percent = Busy::read()?.percent_since(machine);
        let wire = Traffic::between(before, network.counts(self.direction), begin.elapsed());
        let heard: Heard = listener.end()?;
        let concealed = match ear {
            Some((ear, _)) => ear.end::<Heard>()?.final_loss,
            None => heard.final_loss,
        };
        let score = self.speech.score(spoken_from_us, &file, heard.heard_from_us)?;
        Ok(Outcome { score, concealed, heard, speaker_lost_connection: lost_connection, wire, machine_percent })
    }

    fn impair(&self, network: &Network, impairment: Impairment) {
        network.set(self.direction, impairment);
        if self.is_both {
            let back = if self.direction == Direction::Up { Direction::Down } else { Direction::Up };
            network.set(back, impairment);
        }
    }

    fn command(&self, place: &Place, program: &Path, user: &str) -> Command {
        let mut command = place.command(program);
        command.envs(self.logs.iter().map(|folder| (LOGS, folder.join(user))));
        command
    }
}

impl Traffic {
    fn between(before: Counts, after: Counts, duration: Duration) -> Self {
        let kilobits = |bytes: u64| bytes as f64 * 8.0 / 1000.0 / duration.as_secs_f64();
        let lost = |counts: Counts| counts.cut + counts.lost + counts.dropped;
        Self {
            sent_kilobits: kilobits(after.taken_bytes - before.taken_bytes),
            arrived_kilobits: kilobits(after.given_bytes - before.given_bytes),
            lost_percent: (lost(after) - lost(before)) as f64 / (after.taken - before.taken).max(1) as f64 * 100.0,
        }
    }
}
