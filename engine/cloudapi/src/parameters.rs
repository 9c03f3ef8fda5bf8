//! The parameters of an action, whichever way they came: a JSON body, or form fields with flattened names
//! (`UserIds.0=a&UserIds.1=b`). What they mean is the action's business.

use std::collections::BTreeMap;
use std::fmt;

use rtc_auth::form;
use rtc_auth::request_signature::{RequestParts, Signed};
use rtc_protocol::SdkAppId;
use serde_json::{Map, Value};

use crate::refusal::{Code, Refusal, quoted};
use crate::request::Common;

/// How deep form names may be nested; JSON has a bound of its own. The deepest parameter of the service has six levels.
const MAX_DEPTH: usize = 16;

#[derive(Debug)]
pub(crate) struct Parameters {
    fields: Map<String, Value>,
    /// Forms have no types: numbers come as texts.
    untyped: bool,
}

/// A parameter is of another type than the action's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct WrongType {
    name: String,
    wanted: &'static str,
    given: &'static str,
}

impl fmt::Display for WrongType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, wanted, given } = self;
        write!(f, "{name} must be {wanted}, and is {given}")
    }
}

impl Parameters {
    /// Reads the parameters of a signed request, wherever its signature covers them.
    pub(crate) fn read(parts: &RequestParts<'_>, signed: &Signed<'_>) -> Result<Self, Refusal> {
        if let Some(pairs) = signed.form() {
            let code = if parts.method == "GET" { Code::UrlParams } else { Code::BodyParams };
            let pairs = pairs.iter().filter(|(name, _)| !Common::FIELDS.contains(&&name[..])).cloned();
            return Self::from_form(pairs).map_err(|e| Refusal::new(code, e));
        }
        if parts.method == "GET" {
            let pairs = form::parse(parts.query.as_bytes());
            let pairs = pairs.map_err(|e| Refusal::new(Code::UrlParams, format!("the query {e}")))?;
            return Self::from_form(pairs).map_err(|e| Refusal::new(Code::UrlParams, e));
        }
        match content_type(parts) {
            "application/json" => Self::from_json(parts.body),
            "application/x-www-form-urlencoded" => {
                let pairs = form::parse(parts.body);
                let pairs = pairs.map_err(|e| Refusal::new(Code::BodyParams, format!("the body {e}")))?;
                Self::from_form(pairs).map_err(|e| Refusal::new(Code::BodyParams, e))
            }
            other => {
                let message = format!("the Content-Type is {}: send application/json", quoted(other));
                Err(Refusal::new(Code::BodyParams, message))
            }
        }
    }

    fn from_json(body: &[u8]) -> Result<Self, Refusal> {
        let refuse = |message| Refusal::new(Code::BodyParams, message);
        if body.is_empty() {
            return Ok(Self { fields: Map::new(), untyped: false });
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self { fields, untyped: false }),
            Ok(other) => Err(refuse(format!("the body is {}: it must be a JSON object", kind(&other)))),
            Err(e) => Err(refuse(format!("the body is not JSON: {e}"))),
        }
    }

    fn from_form(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, String> {
        let mut root = Tree::default();
        for (name, value) in pairs {
            let mut tree = &mut root;
            let steps = name.split('.');
            if steps.clone().count() > MAX_DEPTH {
                return Err("a parameter's name has more than 16 parts".into());
            }
            for step in steps {
                tree = tree.branches.entry(step.to_owned()).or_default();
            }
            if tree.leaf.replace(value).is_some() {
                return Err(format!("{} is given twice", quoted(&name)));
            }
        }
        let branches = root.branches.into_iter();
        let fields = branches.map(|(name, tree)| Ok((name.clone(), tree.into_value(&name)?)));
        Ok(Self { fields: fields.collect::<Result<_, String>>()?, untyped: true })
    }

    /// Refuses parameters that the action does not have: more often than not they are misspelled.
    pub(crate) fn allow_only(&self, names: &[&str]) -> Result<(), Refusal> {
        match self.fields.keys().find(|name| !names.contains(&&name[..])) {
            None => Ok(()),
            Some(unknown) => {
                let unknown = quoted(unknown);
                let message = format!("{unknown} is no parameter of this action: it has {}", names.join(", "));
                Err(Refusal::new(Code::UnknownParameter, message))
            }
        }
    }

    /// `SdkAppId`, which every action has.
    pub(crate) fn app(&self) -> Result<SdkAppId, Refusal> {
        let number = self.integer("SdkAppId").map_err(|e| Refusal::new(Code::SdkAppIdInvalid, e.to_string()))?;
        let number = number.ok_or_else(|| Refusal::new(Code::SdkAppIdMissing, "SdkAppId is missing"))?;
        match u32::try_from(number) {
            Ok(number) if number != 0 => Ok(SdkAppId(number)),
            _ => Err(Refusal::new(Code::SdkAppIdInvalid, format!("SdkAppId is {number}: it must be in 1..=4294967295"))),
        }
    }

    /// An integer, in a range that holds every integer parameter of the service. Absent and `null` are the same.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i128>, WrongType> {
        let Some(value) = self.field(name) else { return Ok(None) };
        let number = match value {
            Value::Number(number) => number.as_i128(),
            Value::String(text) if self.untyped => text.parse().ok(),
            _ => None,
        };
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(WrongType { name: name.into(), wanted: "an integer", given: kind(value) }),
        }
    }

    /// A text. Absent and `null` are the same.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, WrongType> {
        match self.field(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(WrongType { name: name.into(), wanted: "a text", given: kind(other) }),
        }
    }

    /// A list of texts. Absent and `null` are the same.
    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<&str>>, WrongType> {
        let wanted = "a list of texts";
        let items = match self.field(name) {
            None => return Ok(None),
            Some(Value::Array(items)) => items,
            Some(other) => return Err(WrongType { name: name.into(), wanted, given: kind(other) }),
        };
        let mut texts = Vec::with_capacity(items.len());
        for (n, item) in items.iter().enumerate() {
            match item {
                Value::String(text) => texts.push(&text[..]),
                other => return Err(WrongType { name: format!("{name}.{n}"), wanted: "a text", given: kind(other) }),
            }
        }
        Ok(Some(texts))
    }

    fn field(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }
}

/// Form fields on the way to values: a name is a leaf, a list or an object, and a form tells which only at its end.
#[derive(Debug, Default)]
struct Tree {
    leaf: Option<String>,
    branches: BTreeMap<String, Self>,
}

impl Tree {
    fn into_value(self, path: &str) -> Result<Value, String> {
        match self.leaf {
            Some(leaf) if self.branches.is_empty() => return Ok(Value::String(leaf)),
            Some(_) => return Err(format!("{} is given both as a value and with parts", quoted(path))),
            None => {}
        }
        let mut values = Vec::with_capacity(self.branches.len());
        for (name, tree) in self.branches {
            let value = tree.into_value(&format!("{path}.{name}"))?;
            values.push((name, value));
        }
        let numbers: Option<Vec<u32>> = values.iter().map(|(name, _)| name.parse().ok()).collect();
        let Some(numbers) = numbers else { return Ok(Value::Object(values.into_iter().collect())) };
        // A list: its order is that of the numbers, not of their spelling, where 10 comes before 2.
        let mut items: Vec<_> = numbers.into_iter().zip(values).collect();
        items.sort_by_key(|(number, _)| *number);
        Ok(Value::Array(items.into_iter().map(|(_, (_, value))| value).collect()))
    }
}

/// Without parameters such as the character set.
fn content_type<'a>(parts: &RequestParts<'a>) -> &'a str {
    let value = parts.header("content-type").unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(number) if number.is_f64() => "a number with a fraction or too large",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn form(text: &str) -> Result<Parameters, String> {
        Parameters::from_form(form::parse(text.as_bytes()).unwrap())
    }

    fn json(text: &str) -> Parameters {
        Parameters::from_json(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_form_says_what_the_same_json_says() {
        let form = form("A=1&B.0=x&B.1=y&C.D.E=z&C.F.0.G=w").unwrap();
        let json = json(r#"{"A":"1","B":["x","y"],"C":{"D":{"E":"z"},"F":[{"G":"w"}]}}"#);
        assert_eq!(form.fields, json.fields);
    }

    #[test]
    fn a_list_in_a_form_is_sorted_by_number() {
        let text: Vec<_> = (0..12).rev().map(|n| format!("L.{n}=u{n}")).collect();
        let wanted: Vec<_> = (0..12).map(|n| format!("u{n}")).collect();
        assert_eq!(form(&text.join("&")).unwrap().texts("L"), Ok(Some(wanted.iter().map(|s| &s[..]).collect())));
    }

    #[test]
    fn contradictions_in_a_form_are_refused() {
        assert_eq!(form("A=1&A=2").unwrap_err(), "\"A\" is given twice");
        assert_eq!(form("A=1&A.0=2").unwrap_err(), "\"A\" is given both as a value and with parts");
        assert_eq!(form("X.A.0=1&X.A=2").unwrap_err(), "\"X.A\" is given both as a value and with parts");
        assert_eq!(form(&".".repeat(16)).unwrap_err(), "a parameter's name has more than 16 parts");
    }

    #[test]
    fn numbers_are_numbers_in_json_and_texts_in_a_form() {
        assert_eq!(json(r#"{"N":7}"#).integer("N"), Ok(Some(7)));
        assert_eq!(json(r#"{"N":-7}"#).integer("N"), Ok(Some(-7)));
        assert_eq!(json(r#"{"N":18446744073709551615}"#).integer("N"), Ok(Some(u64::MAX.into())));
        assert_eq!(form("N=7").unwrap().integer("N"), Ok(Some(7)));
        for bad in [r#"{"N":"7"}"#, r#"{"N":7.0}"#, r#"{"N":1e30}"#, r#"{"N":true}"#, r#"{"N":[7]}"#, r#"{"N":{}}"#] {
            assert!(json(bad).integer("N").is_err(), "{bad}");
        }
        for bad in ["N=", "N=7x", "N=7.0", "N.0=7"] {
            assert!(form(bad).unwrap().integer("N").is_err(), "{bad}");
        }
    }

    #[test]
    fn null_is_absent() {
        let parameters = json(r#"{"N":null,"T":null,"L":null}"#);
        assert_eq!(parameters.integer("N"), Ok(None));
        assert_eq!(parameters.text("T"), Ok(None));
        assert_eq!(parameters.texts("L"), Ok(None));
    }

    #[test]
    fn the_item_that_is_no_text_is_named() {
        let error = json(r#"{"L":["a",7]}"#).texts("L").unwrap_err();
        assert_eq!(error.to_string(), "L.1 must be a text, and is a number");
    }

    proptest! {
        #[test]
        fn any_form_is_answered(text in "([A-C.0-2%+]{0,6}=?[a-c]{0,2}&?){0,20}") {
            if let Ok(pairs) = form::parse(text.as_bytes()) {
                let _ = Parameters::from_form(pairs);
            }
        }

        #[test]
        fn any_body_is_answered(body in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = Parameters::from_json(&body);
        }
    }
}
