//! The methods that go through JSON, with arguments for each, made from the description.

use rtc_api_generate::load::load;
use rtc_api_generate::model::{Class, Description, Method};
use rtc_api_generate::notation::{Declaration, Number, Pass, Type};
use rtc_api_generate::{DESCRIPTION, root};
use serde_json::{Map, Value, json};

/// What is said of the API.
pub(crate) struct Surface {
    description: Description,
}

impl Surface {
    pub(crate) fn read() -> Self {
        Self { description: load(&root().join(DESCRIPTION)).expect("the description is well formed") }
    }

    /// The methods with their names in JSON.
    pub(crate) fn methods(&self) -> impl Iterator<Item = (String, &Method)> {
        self.calls().filter_map(|(_, method)| Some((self.description.wire_name(method)?, method)))
    }

    /// The names of all methods and functions of this platform but those that only lead to another, also where frames,
    /// callbacks or objects are handed over and not JSON.
    pub(crate) fn everything(&self) -> impl Iterator<Item = String> {
        let here = |method: &Method| {
            let platforms = &method.entry.platforms;
            let is_here = platforms.is_empty() || platforms.iter().any(|platform| platform == "linux");
            is_here && !method.declared_only && method.redirect.is_empty()
        };
        let by_hand = self.calls().filter(move |(class, method)| {
            let is_in_cpp = method.order.is_some() && !class.declared_only;
            is_in_cpp && here(method) && self.description.wire_name(method).is_none()
        });
        let named = by_hand.map(|(class, method)| {
            let prefix = class.wire.as_ref().or((class.binary).then_some(&class.entry.name));
            prefix.map_or_else(|| method.id.clone(), |prefix| format!("{prefix}.{}", method.id))
        });
        let functions = self.description.functions.iter().filter(move |function| here(function));
        let functions = functions.map(|function| function.id.clone());
        self.methods().map(|(name, _)| name).chain(named).chain(functions)
    }

    /// The methods of classes that applications call, and their classes.
    fn calls(&self) -> impl Iterator<Item = (&Class, &Method)> {
        let with_class = |method: &'_ Method| self.description.class(method.class.as_deref()?);
        let methods = self.description.methods.iter();
        methods.filter_map(move |method| Some((with_class(method)?, method))).filter(|(class, _)| !class.is_callback)
    }

    /// Arguments with which a method does something: the first thing that is not nothing, wherever one must be given.
    pub(crate) fn arguments(&self, method: &Method) -> Map<String, Value> {
        let needed = method.params.iter().filter(|param| is_needed(param));
        needed.map(|param| (param.name.clone(), self.something(&param.name, &param.kind))).collect()
    }

    /// The fields of a struct that a method takes.
    pub(crate) fn fields(&self, kind: &Type) -> Vec<&Declaration> {
        let Type::Struct { name, .. } = kind else { return Vec::new() };
        let structure = self.description.structure(name).expect("types are checked when the description is read");
        structure.fields.iter().map(|field| &field.declaration).filter(|field| self.is_in_json(&field.kind)).collect()
    }

    /// The numbers of an enum.
    pub(crate) fn numbers(&self, name: &str) -> Vec<i64> {
        let enumeration = self.description.enumeration(name).expect("types are checked when the description is read");
        enumeration.values.iter().map(|value| value.number).collect()
    }

    /// Whether it goes through JSON; pixels and samples do not.
    fn is_in_json(&self, kind: &Type) -> bool {
        match kind {
            Type::Bool | Type::Number(_) | Type::Text { .. } | Type::View { .. } | Type::Enum(_) | Type::Code(_) => true,
            Type::Array(..) => true,
            Type::Struct { name, .. } => self.description.structure(name).is_some_and(|structure| !structure.binary),
            Type::List(of) => self.is_in_json(of),
            _ => false,
        }
    }

    fn something(&self, name: &str, kind: &Type) -> Value {
        match kind {
            Type::Bool => json!(true),
            Type::Number(_) => json!(1),
            Type::Text { .. } => json!(if name == "userId" { "bob" } else { "x" }),
            // No window: there is no display to have one on.
            Type::View { .. } => json!(0),
            Type::Enum(of) => {
                let numbers = self.numbers(of);
                json!(numbers.iter().find(|number| **number > 0).or(numbers.first()))
            }
            Type::Struct { .. } => json!({}),
            Type::List(_) => json!([]),
            Type::Array(length, _) => json!(vec![0; *length]),
            Type::Code(_) => json!(0),
            other => panic!("{name} is {other:?}, which has no JSON"),
        }
    }
}

/// Whether a method cannot be called without it.
pub(crate) fn is_needed(param: &Declaration) -> bool {
    param.default.is_none() && !matches!(param.kind, Type::Struct { pass: Pass::Option | Pass::ConstOption, .. })
}

/// Whether a number is below its range, or beyond it; nothing where every number of JSON fits.
pub(crate) fn out_of_range(number: Number) -> Option<Value> {
    Some(match number {
        Number::U8 | Number::U16 | Number::Uint | Number::U32 | Number::U64 | Number::Usize => json!(-1),
        Number::Int | Number::I32 => json!(1_u64 << 31),
        Number::Long | Number::I64 => json!(u64::MAX),
        Number::F32 | Number::F64 => return None,
    })
}
