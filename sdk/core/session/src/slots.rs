//! Which receiving line carries whom, and what of that moved. It holds no media.

use std::collections::BTreeMap;

use rtc_protocol::{Track, UserId};

use crate::{Event, Line};

/// Somebody's track.
pub(crate) type Source = (UserId, Track);

#[derive(Debug, Default)]
pub(crate) struct Slots {
    sources: BTreeMap<Line, Source>,
    /// What was told, by source.
    told: BTreeMap<Source, Line>,
    /// Lines of the connections before this one may be told still.
    connection: u16,
}

impl Slots {
    /// Who is on a line.
    pub(crate) fn source(&self, line: Line) -> Option<&Source> {
        self.sources.get(&line)
    }

    /// The line somebody's track is on.
    pub(crate) fn line(&self, source: &Source) -> Option<Line> {
        self.told.get(source).copied().filter(|line| line.connection() == self.connection)
    }

    /// Every line that is in use.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Line, &Source)> {
        self.sources.iter().map(|(line, source)| (*line, source))
    }

    /// Takes over the lines that changed. Whoever calls has checked that the lines are ours.
    pub(crate) fn changed(&mut self, bindings: impl IntoIterator<Item = (Line, Option<Source>)>) -> Vec<Event> {
        for (line, source) in bindings {
            match source {
                Some(source) => drop(self.sources.insert(line, source)),
                None => drop(self.sources.remove(&line)),
            }
        }
        self.compare(false)
    }

    /// Takes over a snapshot's lines, which are all there are.
    pub(crate) fn snapshot(&mut self, bindings: impl IntoIterator<Item = (Line, Option<Source>)>) -> Vec<Event> {
        self.sources.clear();
        self.changed(bindings)
    }

    /// A new peer connection: all lines are empty until told otherwise. Nothing is told as gone before [`Slots::settle`],
    /// so that nobody blinks who comes back at once.
    pub(crate) fn reconnected(&mut self, connection: u16) {
        self.connection = connection;
        self.sources.clear();
    }

    /// Tells of those who have not come back since [`Slots::reconnected`].
    pub(crate) fn settle(&mut self) -> Vec<Event> {
        self.compare(true)
    }

    /// Forgets everything, untold.
    pub(crate) fn clear(&mut self) {
        self.sources.clear();
        self.told.clear();
    }

    fn compare(&mut self, is_settling: bool) -> Vec<Event> {
        let mut now: BTreeMap<Source, Line> = self.sources.iter().map(|(line, source)| (source.clone(), *line)).collect();
        let mut events = Vec::new();
        for (source, line) in &self.told {
            if now.contains_key(source) {
                continue;
            }
            if line.connection() != self.connection && !is_settling {
                now.insert(source.clone(), *line);
            } else {
                events.push(moved(source, None));
            }
        }
        for (source, line) in &now {
            if self.told.get(source) != Some(line) {
                events.push(moved(source, Some(*line)));
            }
        }
        self.told = now;
        events
    }
}

fn moved((user_id, track): &Source, line: Option<Line>) -> Event {
    Event::SourceChanged { user_id: user_id.clone(), track: *track, line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(id: &str) -> Source {
        (UserId::parse(id).expect("a good id"), Track::Camera)
    }

    fn told(events: &[Event]) -> Vec<(String, Option<Line>)> {
        let place = |event: &Event| match event {
            Event::SourceChanged { user_id, line, .. } => (user_id.to_string(), *line),
            other => panic!("{other:?}"),
        };
        events.iter().map(place).collect()
    }

    #[test]
    fn who_moves_is_told_once_and_who_is_gone_first() {
        let mut slots = Slots::default();
        let (one, two) = (Line::new(0, 0), Line::new(0, 1));
        slots.changed([(one, Some(source("ann"))), (two, Some(source("bob")))]);
        let events = slots.changed([(one, Some(source("bob"))), (two, None)]);
        assert_eq!(told(&events), [("ann".into(), None), ("bob".into(), Some(one))]);
        assert!(slots.snapshot([(one, Some(source("bob")))]).is_empty());
    }

    #[test]
    fn on_a_new_connection_nobody_is_told_as_gone_before_it_has_settled() {
        let mut slots = Slots::default();
        let old = Line::new(0, 0);
        slots.changed([(old, Some(source("ann"))), (Line::new(0, 1), Some(source("bob")))]);
        slots.reconnected(1);
        assert_eq!(slots.line(&source("ann")), None);
        let new = Line::new(1, 0);
        assert_eq!(told(&slots.changed([(new, Some(source("ann")))])), [("ann".into(), Some(new))]);
        assert_eq!(told(&slots.settle()), [("bob".into(), None)]);
    }
}
