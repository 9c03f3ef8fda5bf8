//! Writes the dispatch of the C ABI: from a method's name and JSON to a Rust method of the engine, and the list of the
//! methods this expects. What they do is the engine's business.

use std::fmt::Write;

use crate::files::NOTICE;
use crate::model::{Description, Method};
use crate::names;
use crate::notation::{Declaration, Pass, Type};
use crate::rust_structs::{default, owned};

/// The text of `dispatch.rs`.
pub(crate) fn text(description: &Description) -> String {
    let mut text = format!("// {NOTICE}\n{HEAD}");
    for class in &CLASSES {
        for method in wired(description, class.name) {
            text += &arm(description, class, method);
        }
    }
    text + TAIL
}

/// The text of the module around it.
pub(crate) fn module() -> String {
    format!("// {NOTICE}\n//! What the generator writes from the description of the API.\n\npub(crate) mod dispatch;\n")
}

/// The Rust methods that the dispatch calls, as their signatures.
pub(crate) fn signatures(description: &Description) -> String {
    let mut text = String::new();
    for owner in ["Cloud", "DeviceManager", "AudioEffectManager"] {
        writeln!(text, "impl {owner} {{").expect(FITS);
        for class in CLASSES.iter().filter(|class| class.owner == owner) {
            for method in wired(description, class.name) {
                writeln!(text, "    {};", signature(description, method)).expect(FITS);
            }
        }
        text += "}\n\n";
    }
    text
}

/// A class whose methods go through the dispatch.
struct Owner {
    name: &'static str,
    owner: &'static str,
    expression: &'static str,
}

const CLASSES: [Owner; 4] = [
    Owner { name: "ITRTCCloud", owner: "Cloud", expression: "cloud" },
    Owner { name: "IDeprecatedTRTCCloud", owner: "Cloud", expression: "cloud" },
    Owner { name: "ITXDeviceManager", owner: "DeviceManager", expression: "cloud.device_manager()" },
    Owner { name: "ITXAudioEffectManager", owner: "AudioEffectManager", expression: "cloud.audio_effect_manager()" },
];

fn wired<'a>(description: &'a Description, class: &'a str) -> impl Iterator<Item = &'a Method> {
    description.cpp_methods(class).filter(|method| description.wire_name(method).is_some())
}

fn signature(description: &Description, method: &Method) -> String {
    let mut text = format!("pub fn {}(&self", names::rust(&method.id));
    for param in &method.params {
        let kind = match &param.kind {
            Type::Text { .. } => "&str".to_owned(),
            _ => owned_param(description, param),
        };
        write!(text, ", {}: {kind}", names::rust(&param.name)).expect(FITS);
    }
    text.push(')');
    let returns = method.wire_returns.as_ref().unwrap_or(&method.returns);
    if *returns != Type::Void {
        let kind = owned(description, returns).expect("what is returned through JSON has a Rust type");
        write!(text, " -> {kind}").expect(FITS);
    }
    text
}

fn arm(description: &Description, class: &Owner, method: &Method) -> String {
    let wire = description.wire_name(method).expect("only wired methods come here");
    let mut text = format!("        \"{wire}\" => {{\n");
    let mut passed = Vec::new();
    for param in &method.params {
        let name = names::rust(&param.name);
        let kind = owned_param(description, param);
        let take = match (&param.default, &param.kind) {
            (Some(_), _) => {
                let default = default(description, param).unwrap_or_else(|| "Default::default()".to_owned());
                format!("take_or(\"{}\", {default})?", param.name)
            }
            (None, Type::Struct { pass: Pass::Option | Pass::ConstOption, .. }) => {
                format!("take_or(\"{}\", None)?", param.name)
            }
            _ => format!("take(\"{}\")?", param.name),
        };
        writeln!(text, "            let {name}: {kind} = arguments.{take};").expect(FITS);
        passed.push(if matches!(param.kind, Type::Text { .. }) { format!("&{name}") } else { name });
    }
    let call = format!("{}.{}({})", class.expression, names::rust(&method.id), passed.join(", "));
    text += "            arguments.end()?;\n";
    if method.returns == Type::Void {
        writeln!(text, "            {call};\n            Ok(Value::Null)").expect(FITS);
    } else {
        writeln!(text, "            answer({call})").expect(FITS);
    }
    text + "        }\n"
}

fn owned_param(description: &Description, param: &Declaration) -> String {
    owned(description, &param.kind).expect("methods with frames, bytes or callbacks are marked as binary")
}

const HEAD: &str = "//! From a method's name and its arguments in JSON to the engine.

use rtc_api::*;
use rtc_core::Cloud;
use serde::Serialize;
use serde_json::Value;

use crate::error::CallError;

/// Calls a method of the engine and returns its answer. A name or argument that is not right is refused with the code
/// of an invalid parameter and a text that says which, and what to do.
pub(crate) fn dispatch(cloud: &Cloud, method: &str, json: &str) -> Result<Value, CallError> {
    let mut arguments = Arguments::parse(method, json)?;
    match method {
";

const TAIL: &str =
    "        _ => Err(CallError::invalid(format!(\"there is no method {method}; see the reference for those there are\"))),
    }
}

fn answer(value: impl Serialize) -> Result<Value, CallError> {
    serde_json::to_value(value).map_err(|cause| CallError::failed(format!(\"the answer cannot be written as JSON: {cause}\")))
}

impl From<ArgumentError> for CallError {
    fn from(error: ArgumentError) -> Self {
        Self::invalid(error.to_string())
    }
}
";

const FITS: &str = "text takes everything";
