//! The methods that go through JSON, with arguments for each, made from the description.

use rtc_api_generate::load::load;
use rtc_api_generate::model::{Description, Method};
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
        let events = |method: &Method| {
            let class = method.class.as_deref().and_then(|class| self.description.class(class));
            class.is_none_or(|class| class.is_callback)
        };
        let methods = self.description.methods.iter().filter(move |method| !events(method));
        methods.filter_map(|method| Some((self.description.wire_name(method)?, method)))
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
