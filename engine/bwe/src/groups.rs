//! Packets that left together as one: a burst is delayed as a whole, and within it distances say nothing. It judges no delay.

/// Packets that left within 5 ms, or that a jam on the way has made arrive together. Times are µs, each on its own clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group {
    first_sent: i64,
    pub(crate) last_sent: i64,
    first_arrived: i64,
    pub(crate) last_arrived: i64,
    /// The least of arrival minus departure among its packets, and the bytes of that one.
    pub(crate) delay: i64,
    pub(crate) bytes: u32,
}

/// Puts packets into groups, in the order in which they were sent.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    open: Option<Group>,
}

impl Groups {
    /// A packet arrived. Gives the group that is complete by that.
    #[inline]
    pub(crate) fn observe(&mut self, sent: i64, arrived: i64, bytes: u32) -> Option<Group> {
        let delay = arrived - sent;
        let Some(open) = &mut self.open else {
            self.open = Some(Group::new(sent, arrived, bytes));
            return None;
        };
        // What was overtaken has nothing to say about the queue of now.
        if sent < open.first_sent {
            return None;
        }
        if sent - open.first_sent <= TOGETHER || open.is_continued_by(sent, arrived) {
            open.last_sent = open.last_sent.max(sent);
            open.last_arrived = open.last_arrived.max(arrived);
            if delay < open.delay {
                (open.delay, open.bytes) = (delay, bytes);
            }
            return None;
        }
        self.open.replace(Group::new(sent, arrived, bytes))
    }
}

impl Group {
    fn new(sent: i64, arrived: i64, bytes: u32) -> Self {
        let delay = arrived - sent;
        Self { first_sent: sent, last_sent: sent, first_arrived: arrived, last_arrived: arrived, delay, bytes }
    }

    /// Whether a packet came out of the same jam: right behind, though it was sent later.
    fn is_continued_by(&self, sent: i64, arrived: i64) -> bool {
        let behind = arrived - self.last_arrived;
        behind <= TOGETHER && behind < sent - self.last_sent && arrived - self.first_arrived < JAM_MOST
    }
}

const TOGETHER: i64 = 5_000;
const JAM_MOST: i64 = 100_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(packets: impl IntoIterator<Item = (i64, i64)>) -> Vec<(i64, i64, i64)> {
        let mut groups = Groups::default();
        let found = packets.into_iter().filter_map(|(sent, arrived)| groups.observe(sent * 1000, arrived * 1000, 1000));
        found.map(|group| (group.last_sent / 1000, group.last_arrived / 1000, group.delay / 1000)).collect()
    }

    #[test]
    fn a_burst_is_one_group() {
        let packets = [(0, 50), (0, 52), (3, 54), (33, 90), (34, 91), (66, 120)];
        assert_eq!(groups(packets), [(3, 54, 50), (34, 91, 57)]);
    }

    #[test]
    fn what_a_jam_kept_is_one_group_with_the_delay_of_its_last() {
        let jam = (0..30).map(|n| (10 * n, 300 + n));
        assert_eq!(groups(jam.chain([(310, 360)])), [(290, 329, 39)]);
    }

    #[test]
    fn what_was_overtaken_is_left_out() {
        assert_eq!(groups([(0, 50), (20, 70), (10, 90), (40, 95)]), [(0, 50, 50), (20, 70, 50)]);
    }
}
