//! The arguments of a call, taken one by one from the JSON object in which a façade sends them. It does not know which
//! method has which.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

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

    fn read<T: DeserializeOwned>(&self, argument: &str, value: Value) -> Result<T, ArgumentError> {
        serde_path_to_error::deserialize(value).map_err(|error| {
            let inside = error.path().to_string();
            let argument = if inside == "." { argument.to_owned() } else { format!("{argument}.{inside}") };
            ArgumentError::Wrong { method: self.method.clone(), argument, cause: error.into_inner().to_string() }
        })
    }
}

#[cfg(test)]
mod tests {
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
