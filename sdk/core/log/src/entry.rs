//! One line of the log, before and after it is text.

use std::fmt::Write;
use std::time::SystemTime;

use time::OffsetDateTime;

use crate::Level;

/// Longer texts are cut, so that one line cannot fill the log.
const LONGEST_TEXT: usize = 8 << 10;

/// One line.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) time: SystemTime,
    pub(crate) level: Level,
    pub(crate) module: String,
    pub(crate) text: String,
}

impl Entry {
    /// A line of now.
    pub(crate) fn new(level: Level, module: &str, mut text: String) -> Self {
        if text.len() > LONGEST_TEXT {
            text.truncate(text.floor_char_boundary(LONGEST_TEXT));
            text.push('…');
        }
        Self { time: SystemTime::now(), level, module: module.to_owned(), text }
    }

    /// As files and the console have it: time in UTC, level, module, text, end of line.
    pub(crate) fn line(&self) -> String {
        let time = OffsetDateTime::from(self.time);
        let (date, letter) = (time.date(), self.level.letter());
        let mut line = String::with_capacity(self.text.len() + self.module.len() + 32);
        // Writing into a string does not fail.
        let _ = write!(
            line,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z {letter} {} ",
            date.year(),
            u8::from(date.month()),
            date.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.millisecond(),
            self.module
        );
        for character in self.text.chars() {
            // A text with line ends in it could pretend to be other lines.
            if character.is_control() { line.extend(character.escape_default()) } else { line.push(character) }
        }
        line.push('\n');
        line
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_line_has_time_level_module_and_text_and_is_one_line() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_709_210_096_007);
        let entry = Entry { time, ..Entry::new(Level::Warn, "rtc_link", "lost\nit".into()) };
        assert_eq!(entry.line(), "2024-02-29T12:34:56.007Z W rtc_link lost\\nit\n");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let entry = Entry::new(Level::Info, "m", "ü".repeat(LONGEST_TEXT));
        assert!(entry.text.len() <= LONGEST_TEXT + '…'.len_utf8() && entry.text.ends_with("ü…"));
    }
}
