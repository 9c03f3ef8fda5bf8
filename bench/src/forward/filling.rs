//! Adds members until a system uses a given share of one core. It measures no packets.

use std::time::{Duration, Instant};

use anyhow::bail;

use super::audience::Audience;
use crate::systems::System;

/// For how long it is looked at what is used, after as long for what is new to settle.
const LOOK: Duration = Duration::from_secs(3);
/// Looks at most: the number doubles while it is far off, and what is left is proportional.
const LOOKS: u32 = 12;
/// More are not entered.
const MOST: u32 = 4000;
/// This share of what is wanted is near enough.
const NEAR: f64 = 0.97;

/// Adds members until `share` of one core is used.
pub(super) fn fill(system: &mut dyn System, audience: &mut Audience<'_>, share: f64) -> anyhow::Result<()> {
    for _ in 0..LOOKS {
        let (began, before) = (Instant::now(), system.cpu()?.total);
        audience.attend(LOOK)?;
        let used = (system.cpu()?.total - before).as_secs_f64() / began.elapsed().as_secs_f64();
        let more = missing(audience.members(), used, share);
        if more == 0 {
            return Ok(());
        }
        if audience.members() + more > MOST {
            bail!("{} subscribers use only {:.0} % of a core", audience.members(), used * 100.0);
        }
        audience.enter(system, more)?;
        audience.attend(LOOK)?;
    }
    bail!("no number of subscribers was found that uses {:.0} % of a core", share * 100.0)
}

/// How many more it takes, by what so many use. A packet costs less the more they are, so this comes from below.
fn missing(members: u32, used: f64, wanted: f64) -> u32 {
    if used >= wanted * NEAR {
        return 0;
    }
    let proportional = f64::from(members) * (wanted / used.max(f64::MIN_POSITIVE) - 1.0);
    (proportional.ceil() as u32).min(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_added_in_proportion_at_most_doubled_and_none_when_it_is_near() {
        assert_eq!(missing(100, 0.01, 0.7), 100);
        assert_eq!(missing(100, 0.0, 0.7), 100);
        assert_eq!(missing(400, 0.5, 0.7), 160);
        assert_eq!(missing(400, 0.685, 0.7), 0);
        assert_eq!(missing(400, 0.9, 0.7), 0);
    }

    #[test]
    fn a_cost_that_falls_as_they_get_more_is_followed_to_the_share_that_is_wanted() {
        let used = |members: u32| f64::from(members) * 1e-3 * (0.7 + 0.3 * 50.0 / f64::from(members));
        let mut members = 50;
        let looks = (0..LOOKS).take_while(|_| {
            let more = missing(members, used(members), 0.7);
            members += more;
            more > 0
        });
        assert!(looks.count() < LOOKS as usize);
        assert!((0.67..0.72).contains(&used(members)), "{members} use {}", used(members));
    }
}
