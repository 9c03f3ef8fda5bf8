//! The scenario `meeting`: rooms in which members see and hear each other, from ten to the largest there are.

use std::time::Duration;

use rtc_protocol::{Role, Scene};

use super::plan::{Camera, Plan, Voice};
use super::report::{Outcome, Row, measure};
use super::{Run, SETTLE, Terms, plot};
use crate::engine::resident_kb;
use crate::native::progress;

/// Options of the scenario.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    terms: Terms,
    /// Which rooms; all where none is named.
    #[arg(long, value_delimiter = ',')]
    rooms: Vec<Shape>,
    /// How many watch in the live room.
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    audience: u32,
    /// How long each is measured, in seconds; 15, or 4 with --quick.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: Option<u64>,
}

/// A room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Shape {
    /// Ten members who all publish and see the nine others.
    Ten,
    /// Thirty who all publish and see nine of the others.
    Thirty,
    /// The largest call: 300 members of whom 50 publish.
    Full,
    /// A live room: one anchor, and an audience.
    Live,
}

const SHAPES: [Shape; 4] = [Shape::Ten, Shape::Thirty, Shape::Full, Shape::Live];
/// A picture of 240 kbit/s in large rooms, so that the load generator has processor time for all of them.
const CAMERA: Camera = Camera { frames_per_second: 15, packets: 2, bytes: 1000 };
const SMALL: Camera = Camera { frames_per_second: 5, packets: 1, bytes: 1000 };
/// How far apart members enter. What happens when they come faster is the scenario `storm`.
const APART: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(90);
/// In a large audience this one of so many decrypts what it gets; the others count.
const DECRYPTS: usize = 20;

/// Runs it and prints the figures.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let run = Run::begin()?;
    let Options { terms, rooms, audience, seconds } = options;
    let seconds = seconds.unwrap_or(if terms.quick { 4 } else { 15 });
    let rooms = match (rooms.as_slice(), terms.quick) {
        ([], true) => vec![Shape::Ten],
        ([], false) => SHAPES.to_vec(),
        (named, _) => named.to_vec(),
    };
    let mut outcome = Outcome::new("meeting", run.machine.clone());
    let rows = outcome.systems.entry("engine").or_default();
    for shape in rooms {
        progress(&format!("a meeting: {}", shape.name()));
        match shape.measure(&run, terms, *audience as usize, Duration::from_secs(seconds)) {
            Ok(row) => rows.push(row),
            Err(error) => outcome.failures.push(format!("{}: {error:#}", shape.name())),
        }
    }
    let tables = outcome.table(&run.place(terms));
    terms.tell(&tables, &outcome, || {
        let points = |of: fn(&Row) -> f64| outcome.systems["engine"].iter().map(|row| (row.members as f64, of(row))).collect();
        plot::of("Delay p99, ms, by members", "members", &[("delay p99", points(|row| row.added_ms_p99))])
    })?;
    if !outcome.failures.is_empty() {
        anyhow::bail!("not everything could be measured: {}", outcome.failures.join("; "));
    }
    Ok(())
}

impl Shape {
    fn name(self) -> &'static str {
        match self {
            Self::Ten => "10 × 10, 9 seen",
            Self::Thirty => "30 × 30, 9 seen",
            Self::Full => "300, 2 seen",
            Self::Live => "live, 1 seen",
        }
    }

    /// Members and publishers.
    fn size(self, audience: usize) -> (usize, usize) {
        match self {
            Self::Ten => (10, 10),
            Self::Thirty => (30, 30),
            Self::Full => (300, 50),
            Self::Live => (audience + 1, 1),
        }
    }

    fn plans(self, audience: usize) -> Vec<Plan> {
        let (members, publishers) = self.size(audience);
        let (views, camera) = match self {
            Self::Ten | Self::Thirty => (9, CAMERA),
            Self::Full => (2, SMALL),
            Self::Live => (1, SMALL),
        };
        (0..members)
            .map(|n| {
                let publishes = n < publishers;
                let (scene, role) = match self {
                    Self::Live if publishes => (Scene::Live, Role::Anchor),
                    Self::Live => (Scene::Live, Role::Audience),
                    _ => (Scene::VideoCall, Role::Anchor),
                };
                let mut plan = Plan::new(user(n), 1, scene, role);
                plan.camera = publishes.then_some(camera);
                // Three talk; of the others nothing but a sign of life now and then is to be heard.
                let talks = n < 3;
                plan.voice = publishes.then_some(if talks { Voice::Talks } else { Voice::Rests });
                let others = (1..=publishers).map(|ahead| (n + ahead) % publishers).filter(|other| *other != n);
                plan.views = others.take(views).map(user).collect();
                plan.slots = (views as u16).max(3);
                plan.is_light = members > 100 && !publishes && n % DECRYPTS != 0;
                plan
            })
            .collect()
    }

    fn measure(self, run: &Run, terms: &Terms, audience: usize, duration: Duration) -> anyhow::Result<Row> {
        let engine = terms.start(&[])?;
        let mut crew = run.crew(&engine, terms.threads)?;
        let (members, publishers) = self.size(audience);
        let empty_kb = resident_kb(engine.id())?;
        let mut plans = self.plans(audience);
        let rest = plans.split_off(publishers);
        use std::sync::atomic::Ordering::Relaxed;
        let publishing = plans.len();
        crew.enter(plans, APART);
        crew.until("those who publish do", PATIENCE, |p| p.on.load(Relaxed) + p.failed.load(Relaxed) >= publishing)?;
        crew.enter(rest, APART);
        crew.until("all are in", PATIENCE, |p| p.joined.load(Relaxed) + p.failed.load(Relaxed) >= members)?;
        crew.look();
        let receivers = if members == 1 { 0 } else { members - usize::from(publishers == 1) };
        crew.until("all receive", PATIENCE, |p| p.receiving.load(Relaxed) + p.failed.load(Relaxed) >= receivers)?;
        crew.wait(SETTLE)?;
        measure(&crew, &engine, (self.name().into(), members, publishers), empty_kb, duration)
    }
}

fn user(n: usize) -> String {
    format!("member-{n}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_sees_others_who_publish_and_never_itself() {
        for shape in SHAPES {
            let plans = shape.plans(2000);
            assert_eq!(plans.len(), shape.size(2000).0);
            let publish: Vec<_> = plans.iter().filter(|p| p.camera.is_some()).map(|p| p.user.clone()).collect();
            assert_eq!(publish.len(), shape.size(2000).1);
            for plan in &plans {
                assert!(plan.views.iter().all(|user| publish.contains(user) && *user != plan.user), "{plan:?}");
                assert!(plan.views.len() <= usize::from(plan.slots));
            }
        }
        assert_eq!(Shape::Ten.plans(2000)[3].views.len(), 9);
    }
}
