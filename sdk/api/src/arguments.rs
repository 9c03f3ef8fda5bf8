//! The arguments of a call, taken one by one from the JSON object in which a façade sends them. It does not know which
//! method has which.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// So many unknown fields of an argument are named at most.
const MOST_NAMED: usize = 8;
/// Of longer ones only the beginning is named.
const LONGEST_NAME: usize = 100;

/// The named arguments of one call.
#[derive(Debug)]
pub struct Arguments {
    method: String,
    values: Map<String, Value>,
}

/// What is wrong with a call's arguments. The text names method and argument and says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArgumentError {
    /// The text is no JSON object.
    #[error("{method} needs its arguments as a JSON object: {cause}")]
    NoObject {
        /// The method that was called.
        method: String,
        /// What the parser met instead.
        cause: String,
    },
    /// An argument is not there.
    #[error("{method} needs the argument `{argument}`; add it")]
    Missing {
        /// The method that was called.
        method: String,
        /// The argument's name.
        argument: String,
    },
    /// An argument is of the wrong type or outside its range.
    #[error("{method} cannot use the argument `{argument}`: {cause}")]
    Wrong {
        /// The method that was called.
        method: String,
        /// The argument's name, with the field inside it: `param.userId`.
        argument: String,
        /// What is wrong with it.
        cause: String,
    },
    /// An argument that the method does not have.
    #[error("{method} has no argument `{argument}`; check its spelling or leave it out")]
    Unknown {
        /// The method that was called.
        method: String,
        /// The name that was given.
        argument: String,
    },
}

impl Arguments {
    /// Reads the arguments of a call. No text at all stands for none.
    pub fn parse(method: &str, json: &str) -> Result<Self, ArgumentError> {
        let method = method.to_owned();
        if json.trim().is_empty() {
            return Ok(Self { method, values: Map::new() });
        }
        match serde_json::from_str(json) {
            Ok(values) => Ok(Self { method, values }),
            Err(cause) => Err(ArgumentError::NoObject { method, cause: cause.to_string() }),
        }
    }

    /// Takes an argument that must be there.
    pub fn take<T: DeserializeOwned>(&mut self, argument: &str) -> Result<T, ArgumentError> {
        match self.values.remove(argument) {
            Some(value) => self.read(argument, value),
            None => Err(ArgumentError::Missing { method: self.method.clone(), argument: argument.to_owned() }),
        }
    }

    /// Takes an argument that may be left out or null.
    pub fn take_or<T: DeserializeOwned>(&mut self, argument: &str, default: T) -> Result<T, ArgumentError> {
        match self.values.remove(argument) {
            Some(Value::Null) | None => Ok(default),
            Some(value) => self.read(argument, value),
        }
    }

    /// Makes sure that nothing was given that the method does not have.
    pub fn end(self) -> Result<(), ArgumentError> {
        match self.values.into_iter().next() {
            Some((argument, _)) => Err(ArgumentError::Unknown { method: self.method, argument }),
            None => Ok(()),
        }
    }

    /// Fields that a struct does not have are passed over, because a newer façade may know more than this library; a warning
    /// names them, because they may as well be misspelled.
    fn read<T: DeserializeOwned>(&self, argument: &str, value: Value) -> Result<T, ArgumentError> {
        let mut unknown = Vec::new();
        let mut pass_over = |path: serde_ignored::Path<'_>| {
            if unknown.len() < MOST_NAMED {
                let place = format!("{argument}.{path}");
                unknown.push(place.escape_debug().take(LONGEST_NAME).collect::<String>());
            }
        };
        let read = serde_path_to_error::deserialize(serde_ignored::Deserializer::new(value, &mut pass_over));
        if !unknown.is_empty() {
            tracing::warn!("{} passes over unknown fields; check their spelling: {}", self.method, unknown.join(", "));
        }
        read.map_err(|error| {
            let inside = error.path().to_string();
            let argument = if inside == "." { argument.to_owned() } else { format!("{argument}.{inside}") };
            ArgumentError::Wrong { method: self.method.clone(), argument, cause: error.into_inner().to_string() }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::{AppScene, Params};

    #[test]
    fn arguments_are_taken_by_name_and_type() {
        let json = r#"{"scene":1,"param":{"userId":"a","roomId":7}}"#;
        let mut arguments = Arguments::parse("enterRoom", json).expect("an object");
        let param: Params = arguments.take("param").expect("well formed");
        assert_eq!((param.user_id.as_str(), param.room_id), ("a", 7));
        assert_eq!(arguments.take("scene"), Ok(AppScene::Live));
        assert_eq!(arguments.end(), Ok(()));
    }

    #[test]
    fn an_enum_says_which_number_it_does_not_have() {
        let mut arguments = Arguments::parse("enterRoom", r#"{"scene":9}"#).expect("an object");
        let error = arguments.take::<AppScene>("scene").expect_err("there is no such scene").to_string();
        assert!(error.contains("enterRoom") && error.contains("`scene`") && error.contains("9"), "{error}");
        assert!(error.contains("TRTCAppScene"), "{error}");
    }

    #[test]
    fn a_wrong_field_is_named_with_its_place() {
        let json = r#"{"config":{"videoLayoutList":[{},{"zOrder":"top"}]}}"#;
        let mut arguments = Arguments::parse("startPublishMediaStream", json).expect("an object");
        let error = arguments.take::<crate::StreamMixingConfig>("config").expect_err("a layer is a number").to_string();
        assert!(error.contains("`config.videoLayoutList[1].zOrder`"), "{error}");
    }

    /// What is logged meanwhile.
    fn logged(act: impl FnOnce()) -> String {
        #[derive(Clone, Default)]
        struct Lines(Arc<Mutex<Vec<u8>>>);

        impl io::Write for Lines {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().expect("not poisoned").write(bytes)
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }

        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(subscriber, act);
        String::from_utf8(lines.0.lock().expect("not poisoned").clone()).expect("text")
    }

    #[test]
    fn unknown_fields_are_passed_over_and_named_with_their_place() {
        let json = r#"{"config":{"videoLayoutList":[{"zOrder":2},{"zorder":1}],"new":{"a":1}}}"#;
        let log = logged(|| {
            let mut arguments = Arguments::parse("startPublishMediaStream", json).expect("an object");
            let config: crate::StreamMixingConfig = arguments.take("config").expect("nothing is wrong");
            assert_eq!(config.video_layout_list[0].z_order, 2);
            assert_eq!(arguments.end(), Ok(()));
        });
        assert!(log.contains("WARN") && log.contains("startPublishMediaStream"), "{log}");
        assert!(log.ends_with(": config.new, config.videoLayoutList.1.zorder\n"), "{log}");
    }

    #[test]
    fn what_is_known_is_not_named_and_not_more_than_a_few_are() {
        let log = logged(|| {
            let json = r#"{"scene":1,"param":{"userId":"a","roomId":7}}"#;
            let mut arguments = Arguments::parse("enterRoom", json).expect("an object");
            assert!(arguments.take::<AppScene>("scene").is_ok() && arguments.take::<Params>("param").is_ok());
        });
        assert_eq!(log, "");
        let fields: Vec<String> = (0..1000).map(|n| format!(r#""x{n}":{n}"#)).collect();
        let log = logged(|| {
            let long = "y".repeat(100_000);
            let json = format!(r#"{{"param":{{"w\n{long}":0,{}}}}}"#, fields.join(","));
            let mut arguments = Arguments::parse("enterRoom", &json).expect("an object");
            assert!(arguments.take::<Params>("param").is_ok());
        });
        assert_eq!(log.matches("param.x").count(), MOST_NAMED - 1);
        assert!(log.lines().count() == 1 && log.len() < 1000, "{}", log.len());
    }

    #[test]
    fn what_is_missing_or_too_much_is_named() {
        let mut arguments = Arguments::parse("muteLocalAudio", r#"{"muted":true}"#).expect("an object");
        let missing = arguments.take::<bool>("mute").expect_err("it is not there");
        assert_eq!(missing.to_string(), "muteLocalAudio needs the argument `mute`; add it");
        let unknown = arguments.end().expect_err("there is one too many");
        assert_eq!(unknown.to_string(), "muteLocalAudio has no argument `muted`; check its spelling or leave it out");
    }

    #[test]
    fn what_has_a_default_may_be_left_out_or_null() {
        for json in ["", "{}", r#"{"deviceName":null}"#] {
            let mut arguments = Arguments::parse("startSystemAudioLoopback", json).expect("an object or nothing");
            assert_eq!(arguments.take_or("deviceName", String::new()), Ok(String::new()), "{json}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for json in ["[]", "1", "{", "nonsense"] {
            let error = Arguments::parse("exitRoom", json).expect_err("no object");
            assert!(matches!(error, ArgumentError::NoObject { .. }), "{error}");
        }
    }
}
