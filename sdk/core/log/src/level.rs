//! How serious a line is, in the numbers applications know (`TRTCLogLevel`).

/// How serious a line is. As a filter: the least serious level that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Level {
    /// Written for each packet or frame.
    Verbose = 0,
    /// For who develops the SDK or with it.
    Debug = 1,
    /// The life of the engine and its rooms.
    Info = 2,
    /// Wrong but survived.
    Warn = 3,
    /// Something the application asked for failed.
    Error = 4,
    /// The engine cannot go on.
    Fatal = 5,
    /// As a filter: nothing passes.
    #[default]
    None = 6,
}

impl Level {
    /// The level with this number; `None` if there is none.
    pub fn from_code(code: i32) -> Option<Self> {
        Some(match code {
            0 => Self::Verbose,
            1 => Self::Debug,
            2 => Self::Info,
            3 => Self::Warn,
            4 => Self::Error,
            5 => Self::Fatal,
            6 => Self::None,
            _ => return None,
        })
    }

    /// The number of this level.
    pub fn code(self) -> i32 {
        self as i32
    }

    /// One letter for a line.
    pub(crate) fn letter(self) -> char {
        match self {
            Self::Verbose => 'V',
            Self::Debug => 'D',
            Self::Info => 'I',
            Self::Warn => 'W',
            Self::Error => 'E',
            Self::Fatal => 'F',
            Self::None => '-',
        }
    }
}

impl From<tracing::Level> for Level {
    fn from(level: tracing::Level) -> Self {
        match level {
            tracing::Level::TRACE => Self::Verbose,
            tracing::Level::DEBUG => Self::Debug,
            tracing::Level::INFO => Self::Info,
            tracing::Level::WARN => Self::Warn,
            tracing::Level::ERROR => Self::Error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_interface() {
        for code in 0..=6 {
            assert_eq!(Level::from_code(code).unwrap().code(), code);
        }
        assert_eq!((Level::from_code(-1), Level::from_code(7)), (None, None));
    }
}
