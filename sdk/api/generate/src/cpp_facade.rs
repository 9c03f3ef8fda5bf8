//! Writes the C++ façade: classes whose methods ask the engine in JSON, and the way from an event in JSON to the virtual
//! method of an application. What passes frames, memory or callbacks is declared here and written by hand.

use std::fmt::Write;

use crate::cpp_json::{element, reading, writing};
use crate::cpp_types::{condition, parameters, returned, wrapped_at_commas};
use crate::files::{Generated, NOTICE};
use crate::model::{Class, Description, Method};
use crate::notation::{Number, Pass, Type};
use crate::redirect::{Argument, Call};
use crate::rust_events::events;

/// The files.
pub(crate) fn files(description: &Description) -> Vec<Generated> {
    let path = |name: &str| format!("{FOLDER}/{name}");
    let mut files = vec![
        Generated { path: path("cloud.h"), text: header(description) },
        Generated { path: path("events.cpp"), text: delivery(description) },
    ];
    for class in &CLASSES {
        for (interface, file) in class.interfaces {
            files.push(Generated { path: path(file), text: source(description, class, interface) });
        }
    }
    files
}

/// Where the façade goes, from the root of the repository.
pub(crate) const FOLDER: &str = "sdk/cpp/src/generated";

/// A class of the façade, with the interfaces it implements and the file of each one's methods.
struct Facade {
    name: &'static str,
    about: &'static str,
    bases: &'static str,
    constructor: &'static str,
    interfaces: &'static [(&'static str, &'static str)],
}

const CLASSES: [Facade; 3] = [
    Facade {
        name: "DeviceManager",
        about: "The devices of an instance.",
        bases: "public ITXDeviceManager, public ManagerBase",
        constructor: "using ManagerBase::ManagerBase;",
        interfaces: &[("ITXDeviceManager", "device_manager.cpp")],
    },
    Facade {
        name: "AudioEffectManager",
        about: "The music and effects of an instance.",
        bases: "public ITXAudioEffectManager, public ManagerBase",
        constructor: "using ManagerBase::ManagerBase;",
        interfaces: &[("ITXAudioEffectManager", "audio_effect_manager.cpp")],
    },
    Facade {
        name: "Cloud",
        about: "An instance.",
        bases: "public ITRTCCloud, public CloudBase",
        constructor: "using CloudBase::CloudBase;",
        interfaces: &[("IDeprecatedTRTCCloud", "deprecated.cpp"), ("ITRTCCloud", "cloud.cpp")],
    },
];

fn header(description: &Description) -> String {
    let mut text = format!("// {NOTICE}\n{HEAD}");
    for class in &CLASSES {
        write!(
            text,
            "\n// {}\nclass {} final : {} {{\n public:\n  {}\n  ~{}() override = default;\n",
            class.about, class.name, class.bases, class.constructor, class.name
        )
        .expect(FITS);
        for by_hand in [false, true] {
            text += if by_hand { "\n  // Written by hand.\n" } else { "\n" };
            for (interface, _) in class.interfaces {
                for method in description.cpp_methods(interface).filter(|method| !method.is_static) {
                    if written_by_hand(description, method) == by_hand {
                        let head = wrapped_at_commas(&format!("  {};", signature(method, None))) + "\n";
                        text += &guarded(&method.entry.platforms, head);
                    }
                }
            }
        }
        text += "};\n";
    }
    text + "\n}  // namespace detail\n}  // namespace liteav\n\n#endif  // RTC_ENGINE_CPP_GENERATED_CLOUD_H_\n"
}

/// Whether the method's body is somewhere else.
fn written_by_hand(description: &Description, method: &Method) -> bool {
    method.by_hand || (method.redirect.is_empty() && description.wire_name(method).is_none())
}

fn signature(method: &Method, class: Option<&str>) -> String {
    let returns = returned(&method.returns);
    let params = parameters(&method.params, false);
    match class {
        Some(class) => format!("{returns} {class}::{}({params})", method.entry.name),
        None => format!("{returns} {}({params}) override", method.entry.name),
    }
}

fn source(description: &Description, class: &Facade, interface: &str) -> String {
    let mut text = format!("// {NOTICE}\n// {interface}, asked of the engine in JSON.\n");
    text += "#include \"cloud.h\"\n#include \"structs.h\"\n\nnamespace liteav {\nnamespace detail {\n";
    for method in description.cpp_methods(interface).filter(|method| !method.is_static) {
        if written_by_hand(description, method) {
            continue;
        }
        let body = match method.redirect.is_empty() {
            true => asking(description, method),
            false => redirecting(description, method),
        };
        let head = wrapped_at_commas(&format!("{} {{", signature(method, Some(class.name))));
        text += &guarded(&method.entry.platforms, format!("\n{head}\n{body}}}\n"));
    }
    text + "\n}  // namespace detail\n}  // namespace liteav\n"
}

/// A body that asks the engine.
fn asking(description: &Description, method: &Method) -> String {
    let wire = description.wire_name(method).expect("what is not written by hand goes through JSON");
    let mut text = String::new();
    let mut arguments = "Json::object()".to_owned();
    if !method.params.is_empty() {
        text += "  Json arguments = Json::object();\n";
        for param in &method.params {
            let count = param.count.as_ref().map(|(name, _)| name.as_str());
            let value = writing(&param.kind, &param.name, count);
            writeln!(text, "  arguments.set(\"{}\", {value});", param.name).expect(FITS);
        }
        arguments = "arguments".to_owned();
    }
    let call = format!("call(handle(), \"{wire}\", {arguments})");
    match &method.returns {
        Type::Void => writeln!(text, "  {call};").expect(FITS),
        Type::Text { .. } => writeln!(text, "  return keep({call});").expect(FITS),
        // Who gets an `int` looks for an error in it.
        Type::Number(Number::Int) => {
            text += "  int code = 0;\n";
            writeln!(text, "  const Json answer = call(handle(), \"{wire}\", {arguments}, &code);").expect(FITS);
            text += "  return answer.is_null() ? code : answer.i32();\n";
        }
        kind => writeln!(text, "  return {};", reading(kind, &call)).expect(FITS),
    }
    text
}

/// A body that calls something better.
fn redirecting(description: &Description, method: &Method) -> String {
    let mut text = String::new();
    for (place, call) in method.redirect.iter().enumerate() {
        let call = Call::parse(call, method).expect("load has read it");
        let target = call.target(description).expect("load has looked");
        let mut passed = Vec::new();
        for (argument, param) in call.arguments.iter().zip(&target.params) {
            if let Argument::Struct(name, fields) = argument {
                writeln!(text, "  {name} {};", param.name).expect(FITS);
                for (field, value) in fields {
                    let place = format!("{}.{field}", param.name);
                    writeln!(text, "  {place} = static_cast<decltype({place})>({});", spelled(value)).expect(FITS);
                }
                let address = if matches!(param.kind, Type::Struct { pass: Pass::Option, .. }) { "&" } else { "" };
                passed.push(format!("{address}{}", param.name));
            } else {
                passed.push(spelled(argument));
            }
        }
        let owner = match call.manager.as_deref() {
            Some("device") => "getDeviceManager()->",
            Some(_) => "getAudioEffectManager()->",
            None => "",
        };
        let last = place + 1 == method.redirect.len();
        let returns = if last && method.returns != Type::Void { "return " } else { "" };
        writeln!(text, "  {returns}{owner}{}({});", target.entry.name, passed.join(", ")).expect(FITS);
    }
    // The better method has no error to return.
    if method.returns != Type::Void && !text.contains("return ") {
        text += "  return 0;\n";
    }
    text
}

fn spelled(argument: &Argument) -> String {
    match argument {
        Argument::Parameter(name) | Argument::Value(name) => name.clone(),
        Argument::Positive(name) => format!("{name} > 0"),
        Argument::Present(name) => format!("{name} != nullptr"),
        Argument::None => "nullptr".to_owned(),
        Argument::Struct(name, _) => name.clone(),
    }
}

fn delivery(description: &Description) -> String {
    let mut text = format!("// {NOTICE}\n// Events of the engine to the virtual methods of an application.\n");
    text += "#include \"../runtime.h\"\n#include \"structs.h\"\n\nnamespace liteav {\nnamespace detail {\n";
    let events = events(description);
    let mut classes: Vec<&Class> = Vec::new();
    for (class, _) in &events {
        if !classes.iter().any(|each| each.entry.name == class.entry.name) {
            classes.push(class);
        }
    }
    for class in classes {
        write!(text, "\nbool deliver({}& receiver, const std::string& event, const Json& data) {{\n", class.entry.name)
            .expect(FITS);
        let own: Vec<&Method> =
            events.iter().filter(|(of, _)| of.entry.name == class.entry.name).map(|(_, event)| *event).collect();
        if own.iter().all(|event| event.params.is_empty()) {
            text += "  (void)data;\n";
        }
        for event in own {
            text += &guarded(&event.entry.platforms, delivered(description, event));
        }
        text += "  return false;\n}\n";
    }
    text + "\n}  // namespace detail\n}  // namespace liteav\n"
}

fn delivered(description: &Description, event: &Method) -> String {
    let wire = description.wire_name(event).expect("only events that go through JSON come here");
    let mut text = format!("  if (event == \"{wire}\") {{\n");
    let kept = |kind: &Type| matches!(kind, Type::Struct { .. } | Type::List(_));
    if event.params.iter().any(|param| kept(&param.kind)) {
        text += "    Kept kept;\n";
    }
    let mut passed = Vec::new();
    for param in &event.params {
        let name = &param.name;
        let json = format!("data[\"{name}\"]");
        match &param.kind {
            Type::Extra => passed.push("nullptr".to_owned()),
            Type::Struct { name: of, .. } => {
                writeln!(text, "    {of} {name};\n    read({json}, {name}, kept);").expect(FITS);
                passed.push(name.clone());
            }
            Type::List(of) => {
                passed.push(format!("kept.list<{}>({json})", element(of)));
                passed.push(format!("static_cast<uint32_t>({json}.size())"));
            }
            kind => passed.push(reading(kind, &json)),
        }
    }
    text += &wrapped_at_commas(&format!("    receiver.{}({});", event.entry.name, passed.join(", ")));
    text.push('\n');
    text + "    return true;\n  }\n"
}

fn guarded(platforms: &[String], text: String) -> String {
    match condition(platforms) {
        Some(condition) => {
            let (gap, rest) = text.strip_prefix('\n').map_or(("", text.as_str()), |rest| ("\n", rest));
            format!("{gap}#if {condition}\n{rest}#endif\n")
        }
        None => text,
    }
}

const HEAD: &str = "// The classes behind the interfaces.
#ifndef RTC_ENGINE_CPP_GENERATED_CLOUD_H_
#define RTC_ENGINE_CPP_GENERATED_CLOUD_H_

#include \"../runtime.h\"
#include \"ITRTCCloud.h\"

namespace liteav {
namespace detail {
";

const FITS: &str = "text takes everything";
