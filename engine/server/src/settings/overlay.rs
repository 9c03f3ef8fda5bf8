//! Lays a file over the defaults and variables over the file, key by key, so that every fault is told with its key.

use std::fmt;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::Settings;
use super::nearest::nearest;

/// Names the file; not a setting itself.
pub(super) const CONFIG_VARIABLE: &str = "RTC_ENGINE_CONFIG";
/// What every variable begins with.
const PREFIX: &str = "RTC_ENGINE_";
/// Variables of the same prefix that other programs of this project read.
const FOREIGN: [&str; 5] =
    [CONFIG_VARIABLE, "RTC_ENGINE_SERVER", "RTC_ENGINE_BINARY", "RTC_ENGINE_BUILD_CACHE", "RTC_ENGINE_PYTHON"];

/// What is wrong with the settings. Each message names the key and says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read the settings file {path}: {cause}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// The file is not TOML.
    #[error("the settings file is not TOML: {0}")]
    Syntax(String),
    /// No such key.
    #[error("{place}: there is no setting {key}{hint}")]
    UnknownKey {
        /// The file.
        place: Place,
        /// The key, with its section.
        key: String,
        /// What may have been meant.
        hint: String,
    },
    /// The value cannot be.
    #[error("{place}: {key} {problem}")]
    Value {
        /// Where the value came from.
        place: Place,
        /// The key, with its section.
        key: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A variable.
    Variable(String),
    /// A file.
    File(PathBuf),
    /// The settings as a whole.
    Settings,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => f.write_str(name),
            Self::File(path) => path.display().fmt(f),
            Self::Settings => f.write_str("settings"),
        }
    }
}

impl SettingsError {
    pub(crate) fn value(key: &str, problem: &str) -> Self {
        Self::Value { place: Place::Settings, key: key.into(), problem: problem.into() }
    }

    /// Says in which file it is, where that is not known yet.
    pub(super) fn in_file(mut self, path: &Path) -> Self {
        match &mut self {
            Self::UnknownKey { place, .. } | Self::Value { place, .. } if *place == Place::Settings => {
                *place = Place::File(path.to_owned());
            }
            Self::Syntax(text) => *text = format!("{}: {text}", path.display()),
            _ => {}
        }
        self
    }
}

/// The settings of a file's text and of variables.
pub(super) fn parse(text: &str, variables: &[(String, String)]) -> Result<Settings, SettingsError> {
    let mut settings = defaults();
    let file: Table = text.parse().map_err(|error: toml::de::Error| SettingsError::Syntax(error.to_string()))?;
    for (key, value) in leaves(&file) {
        set(&mut settings, &key, value, &Place::Settings)?;
    }
    for key in keys() {
        let name = variable(&key);
        let Some((_, text)) = variables.iter().find(|(candidate, _)| *candidate == name) else { continue };
        let place = Place::Variable(name);
        let value = read(leaf(&settings, &key), text).map_err(|problem| SettingsError::Value {
            place: place.clone(),
            key: key.clone(),
            problem,
        })?;
        set(&mut settings, &key, value, &place)?;
    }
    // Each value has been tried on its own, so this cannot fail; if it does, its message is all there is.
    Settings::try_from_table(settings).map_err(|problem| SettingsError::value("settings", &problem))
}

/// Every key with its section, in order.
pub(super) fn keys() -> Vec<String> {
    leaves(&defaults()).into_iter().map(|(key, _)| key).collect()
}

/// The variable that sets a key.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "_").to_uppercase())
}

/// The default settings as a table.
pub(super) fn defaults() -> Table {
    Table::try_from(Settings::default()).expect("settings hold nothing that TOML lacks")
}

/// Every value of a table with its key. A table that stands where a value should be comes out as one.
pub(super) fn leaves(table: &Table) -> Vec<(String, Value)> {
    let mut out = Vec::new();
    for (key, value) in table {
        match value {
            Value::Table(section) => {
                out.extend(leaves(section).into_iter().map(|(inner, value)| (format!("{key}.{inner}"), value)));
            }
            _ => out.push((key.clone(), value.clone())),
        }
    }
    out
}

/// Variables that are no setting, each with the setting that may have been meant.
pub(super) fn misspelt(names: impl Iterator<Item = String>) -> Vec<(String, String)> {
    let known: Vec<String> = keys().iter().map(|key| variable(key)).collect();
    names
        .filter(|name| name.starts_with(PREFIX) && !known.contains(name) && !FOREIGN.contains(&name.as_str()))
        .filter_map(|name| {
            // Other programs of this project have variables as well, so only what is very near is meant for this one.
            let meant = nearest(&name, known.iter().map(String::as_str), 2)?.to_owned();
            Some((name, meant))
        })
        .collect()
}

fn set(settings: &mut Table, key: &str, value: Value, place: &Place) -> Result<(), SettingsError> {
    let wrong = |problem: String| SettingsError::Value { place: place.clone(), key: key.into(), problem };
    let Some(slot) = slot(settings, key) else {
        let known = keys();
        let hint = match nearest(key, known.iter().map(String::as_str), key.chars().count() / 3) {
            Some(meant) => format!("; did you mean {meant}?"),
            None => "; `rtc-engine config --print` shows all of them".into(),
        };
        return Err(SettingsError::UnknownKey { place: place.clone(), key: key.into(), hint });
    };
    // A list of one may be given without brackets.
    let value = match value {
        Value::String(text) if slot.is_array() => read(slot, &text).map_err(wrong)?,
        value => value,
    };
    if slot.type_str() != value.type_str() {
        return Err(wrong(format!("must be {}, not {}", describe(slot), describe(&value))));
    }
    let before = std::mem::replace(slot, value);
    // Tried here and now, so that the fault is this key's.
    if let Err(problem) = Settings::try_from_table(settings.clone()) {
        if let Some(slot) = self::slot(settings, key) {
            *slot = before;
        }
        return Err(wrong(problem));
    }
    Ok(())
}

fn slot<'a>(settings: &'a mut Table, key: &str) -> Option<&'a mut Value> {
    match key.split_once('.') {
        Some((section, inner)) => slot(settings.get_mut(section)?.as_table_mut()?, inner),
        None => settings.get_mut(key).filter(|value| !value.is_table()),
    }
}

fn leaf<'a>(settings: &'a Table, key: &str) -> &'a Value {
    const KNOWN: &str = "the key was taken from the defaults, which this table has all of";
    match key.split_once('.') {
        Some((section, inner)) => leaf(settings[section].as_table().expect(KNOWN), inner),
        None => settings.get(key).expect(KNOWN),
    }
}

/// A variable's text as a value of the same type as `like`.
fn read(like: &Value, text: &str) -> Result<Value, String> {
    let text = text.trim();
    Ok(match like {
        Value::Integer(_) => Value::Integer(text.parse().map_err(|_| format!("must be a whole number, not {text:?}"))?),
        Value::Boolean(_) => Value::Boolean(match text.to_ascii_lowercase().as_str() {
            "true" | "on" | "yes" | "1" => true,
            "false" | "off" | "no" | "0" => false,
            _ => return Err(format!("must be true or false, not {text:?}")),
        }),
        Value::Array(_) => Value::Array(
            text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(|item| Value::String(item.into())).collect(),
        ),
        _ => Value::String(text.into()),
    })
}

fn describe(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text in quotes",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a number with a fraction",
        Value::Boolean(_) => "true or false",
        Value::Array(_) => "a list",
        Value::Table(_) => "a section",
        Value::Datetime(_) => "a date",
    }
}

impl Settings {
    fn try_from_table(table: Table) -> Result<Self, String> {
        // Only the first line: the others draw the place in a text that the user has not written.
        table.try_into().map_err(|error: toml::de::Error| error.message().to_owned())
    }
}
