//! The notation of types and of declarations such as `roomId: u32 = 0`, in which the description is written. It does not
//! know which types exist; [`load`](crate::load) checks that.

use std::fmt;

use anyhow::{Context, Result, bail};

/// A type as the description writes it.
///
/// Whole numbers come in several kinds of one width because the kinds differ in C++, and with them the signatures that an
/// application overrides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Nothing is returned.
    Void,
    /// `bool`.
    Bool,
    /// A number.
    Number(Number),
    /// Text in UTF-8. `mutable` where C++ declares `char*` without meaning to write.
    Text {
        /// Whether C++ lacks the `const`.
        mutable: bool,
    },
    /// A window or surface to draw in; 0 is none.
    View {
        /// Whether C++ declares it as `void*` instead of `TXView`.
        untyped: bool,
    },
    /// A picture of the platform (`Bitmap`, `UIImage`), which C++ passes as a struct.
    Image,
    /// Further facts about an event. Empty today; C++ passes a null pointer.
    Extra,
    /// A raw address.
    Pointer,
    /// A value of an enum.
    Enum(String),
    /// An error or warning code.
    Code(CodeKind),
    /// A struct of the API.
    Struct {
        /// Its C++ name.
        name: String,
        /// How C++ passes it.
        pass: Pass,
    },
    /// Several things; in C++ a pointer and a count.
    List(Box<Self>),
    /// Raw bytes; in C++ a pointer and a count.
    Bytes(Bytes),
    /// A fixed number of numbers.
    Array(usize, Number),
    /// An interface that the application implements.
    Callback(String),
    /// An interface that the SDK implements.
    Object(String),
    /// Such an interface, to be read only.
    ConstObject(String),
    /// The address of a variable with such an object, which is set to null.
    ObjectHandle(String),
    /// A type that exists on one platform only, in that platform's spelling.
    Native(String),
}

/// The kinds of numbers, by their C++ declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// `uint8_t`.
    U8,
    /// `unsigned short`.
    U16,
    /// `int`.
    Int,
    /// `int32_t`.
    I32,
    /// `unsigned int`.
    Uint,
    /// `uint32_t`.
    U32,
    /// `long`: 32 bits on Windows, 64 elsewhere.
    Long,
    /// `int64_t`.
    I64,
    /// `uint64_t`.
    U64,
    /// `size_t`.
    Usize,
    /// `float`.
    F32,
    /// `double`.
    F64,
}

/// Which table a code is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeKind {
    /// `TXLiteAVError`.
    Error,
    /// `TXLiteAVWarning`.
    Warning,
}

/// How C++ passes a struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// By constant reference; in a struct, as a member.
    Reference,
    /// By value.
    Value,
    /// By a pointer that may be null.
    Option,
    /// By a pointer to const that may be null.
    ConstOption,
    /// By a reference through which it is changed.
    InOut,
}

/// How C++ declares the pointer to raw bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bytes {
    /// `const uint8_t*`.
    Const,
    /// `uint8_t*`.
    Mutable,
    /// `const char*`.
    ConstChar,
    /// `char*`.
    Char,
}

/// A parameter or field: `name: type[count] = default`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The C++ name, which is also the name in JSON.
    pub name: String,
    /// The type.
    pub kind: Type,
    /// The parameter or field that C++ needs for the number of elements, and its kind.
    pub count: Option<(String, Number)>,
    /// What it is when nothing is said.
    pub default: Option<String>,
}

impl Type {
    /// Reads a type.
    pub fn parse(text: &str) -> Result<Self> {
        if let Some(number) = Number::parse(text) {
            return Ok(Self::Number(number));
        }
        if let Some(native) = text.strip_prefix("native:") {
            return Ok(Self::Native(native.to_owned()));
        }
        let structure = |name: &str, pass| Self::Struct { name: name.to_owned(), pass };
        Ok(match text.split(':').collect::<Vec<_>>()[..] {
            ["void"] => Self::Void,
            ["bool"] => Self::Bool,
            ["string"] => Self::Text { mutable: false },
            ["string_mut"] => Self::Text { mutable: true },
            ["view"] => Self::View { untyped: false },
            ["view", "void"] => Self::View { untyped: true },
            ["image"] => Self::Image,
            ["extra"] => Self::Extra,
            ["pointer"] => Self::Pointer,
            ["bytes"] => Self::Bytes(Bytes::Const),
            ["bytes_mut"] => Self::Bytes(Bytes::Mutable),
            ["bytes_char"] => Self::Bytes(Bytes::Char),
            ["bytes_const_char"] => Self::Bytes(Bytes::ConstChar),
            ["enum", name] => Self::Enum(name.to_owned()),
            ["code", "error"] => Self::Code(CodeKind::Error),
            ["code", "warning"] => Self::Code(CodeKind::Warning),
            ["struct", name] => structure(name, Pass::Reference),
            ["value", "struct", name] => structure(name, Pass::Value),
            ["option", "struct", name] => structure(name, Pass::Option),
            ["const_option", "struct", name] => structure(name, Pass::ConstOption),
            ["inout", "struct", name] => structure(name, Pass::InOut),
            ["list", ..] => Self::List(Box::new(Self::parse(&text["list:".len()..])?)),
            ["array", length, number] => {
                let length = length.parse().with_context(|| format!("`{text}` has no length"))?;
                let number = Number::parse(number).with_context(|| format!("`{text}` is not of numbers"))?;
                Self::Array(length, number)
            }
            ["callback", name] => Self::Callback(name.to_owned()),
            ["object", name] => Self::Object(name.to_owned()),
            ["const_object", name] => Self::ConstObject(name.to_owned()),
            ["object_handle", name] => Self::ObjectHandle(name.to_owned()),
            _ => bail!("`{text}` is no type of the notation; see sdk/api/README.md"),
        })
    }

    /// The struct, enum or class this type speaks of, if it does.
    pub fn refers_to(&self) -> Option<&str> {
        match self {
            Self::Enum(name)
            | Self::Struct { name, .. }
            | Self::Callback(name)
            | Self::Object(name)
            | Self::ConstObject(name)
            | Self::ObjectHandle(name) => Some(name),
            Self::List(of) => of.refers_to(),
            _ => None,
        }
    }
}

impl Number {
    const ALL: [(&'static str, Self); 12] = [
        ("u8", Self::U8),
        ("u16", Self::U16),
        ("int", Self::Int),
        ("i32", Self::I32),
        ("uint", Self::Uint),
        ("u32", Self::U32),
        ("long", Self::Long),
        ("i64", Self::I64),
        ("u64", Self::U64),
        ("usize", Self::Usize),
        ("f32", Self::F32),
        ("f64", Self::F64),
    ];

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(name, _)| *name == text).map(|(_, number)| number)
    }

    /// Whether it has a fraction.
    pub const fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Void => f.write_str("void"),
            Self::Bool => f.write_str("bool"),
            Self::Number(number) => {
                let name = Number::ALL.iter().find(|(_, each)| each == number).map_or("", |(name, _)| name);
                f.write_str(name)
            }
            Self::Text { .. } => f.write_str("string"),
            Self::View { .. } => f.write_str("view"),
            Self::Image => f.write_str("image"),
            Self::Extra => f.write_str("extra"),
            Self::Pointer => f.write_str("pointer"),
            Self::Enum(name)
            | Self::Struct { name, .. }
            | Self::Callback(name)
            | Self::Object(name)
            | Self::ConstObject(name) => f.write_str(name),
            Self::ObjectHandle(name) => write!(f, "{name}, set to null"),
            Self::Code(CodeKind::Error) => f.write_str("error code"),
            Self::Code(CodeKind::Warning) => f.write_str("warning code"),
            Self::List(of) => write!(f, "list of {of}"),
            Self::Bytes(_) => f.write_str("bytes"),
            Self::Array(length, number) => write!(f, "{length} × {}", Self::Number(*number)),
            Self::Native(name) => f.write_str(name),
        }
    }
}

impl Declaration {
    /// Reads a declaration.
    pub fn parse(text: &str) -> Result<Self> {
        let parse = || -> Result<Self> {
            let (name, rest) = text.split_once(": ").context("a declaration is `name: type`")?;
            let (kind, default) = match rest.split_once(" = ") {
                Some((kind, default)) => (kind, Some(default.to_owned())),
                None => (rest, None),
            };
            let (kind, count) = match kind.strip_suffix(']').and_then(|kind| kind.split_once('[')) {
                Some((kind, count)) => (kind, Some(count)),
                None => (kind, None),
            };
            let count = match count.map(|count| count.split_once(": ").unwrap_or((count, "u32"))) {
                Some((name, kind)) => Some((name.to_owned(), Number::parse(kind).context("a count is of a kind of number")?)),
                None => None,
            };
            Ok(Self { name: name.to_owned(), kind: Type::parse(kind)?, count, default })
        };
        parse().with_context(|| format!("in the declaration `{text}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_has_a_name_a_type_a_count_and_a_default() {
        let plain = Declaration::parse("role: enum:TRTCRoleType = TRTCRoleAnchor").expect("well formed");
        assert_eq!(plain.name, "role");
        assert_eq!(plain.kind, Type::Enum("TRTCRoleType".into()));
        assert_eq!(plain.default.as_deref(), Some("TRTCRoleAnchor"));

        let counted = Declaration::parse("users: list:struct:TRTCMixUser[usersSize: uint]").expect("well formed");
        let user = Type::Struct { name: "TRTCMixUser".into(), pass: Pass::Reference };
        assert_eq!(counted.kind, Type::List(Box::new(user)));
        assert_eq!(counted.count, Some(("usersSize".into(), Number::Uint)));
    }

    #[test]
    fn an_unknown_type_is_refused_by_name() {
        let error = Declaration::parse("room: integer").expect_err("no such type");
        assert!(format!("{error:#}").contains("`integer`"), "{error:#}");
    }
}
