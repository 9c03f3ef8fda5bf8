//! Bounds of single values.

use std::fmt::Display;

use super::SettingsError;

pub(super) fn at_least<T: PartialOrd + Display + Copy>(key: &str, value: T, least: T) -> Result<(), SettingsError> {
    if value < least { Err(SettingsError::value(key, &format!("is {value}; the least is {least}"))) } else { Ok(()) }
}

pub(super) fn at_most<T: PartialOrd + Display + Copy>(key: &str, value: T, most: T) -> Result<(), SettingsError> {
    if value > most { Err(SettingsError::value(key, &format!("is {value}; the most is {most}"))) } else { Ok(()) }
}
