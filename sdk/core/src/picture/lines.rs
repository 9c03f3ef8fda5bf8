//! On which line a stream comes: says where one stream of packets ends and another begins. It sees no packets.

/// The lines of one watched stream.
#[derive(Debug)]
pub(super) struct Lines<L> {
    current: Option<L>,
    /// The one before, of which packets may still be under way.
    left: Option<L>,
}

/// What a packet belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Belongs {
    /// To the stream of the packet before.
    Here,
    /// To a new one that begins with it.
    ToNew,
    /// To one that is over.
    ToOld,
}

impl<L: Copy + PartialEq> Lines<L> {
    pub(super) const fn new() -> Self {
        Self { current: None, left: None }
    }

    pub(super) fn packet(&mut self, line: L) -> Belongs {
        if self.current == Some(line) {
            Belongs::Here
        } else if self.left == Some(line) {
            Belongs::ToOld
        } else {
            self.left = self.current.replace(line).or(self.left);
            Belongs::ToNew
        }
    }

    /// Whether the stream comes on this line at the moment.
    pub(super) fn is_on(&self, line: L) -> bool {
        self.current == Some(line)
    }

    /// The stream moves to a line, or comes on none.
    pub(super) fn moved(&mut self, line: Option<L>) {
        if let Some(line) = line {
            // It may come back to a line it had.
            self.left = self.current.filter(|current| *current != line);
            self.current = self.current.filter(|current| *current == line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_line_begins_a_new_stream_and_the_old_one_is_over() {
        let mut lines = Lines::new();
        assert_eq!([lines.packet(1), lines.packet(1)], [Belongs::ToNew, Belongs::Here]);
        assert!(lines.is_on(1) && !lines.is_on(2));
        lines.moved(Some(2));
        assert_eq!([lines.packet(1), lines.packet(2), lines.packet(1)], [Belongs::ToOld, Belongs::ToNew, Belongs::ToOld]);
        lines.moved(None);
        lines.moved(Some(1));
        assert_eq!([lines.packet(2), lines.packet(1)], [Belongs::ToOld, Belongs::ToNew]);
    }
}
