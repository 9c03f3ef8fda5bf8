//! The description in memory: what there is, and what each language calls it. It holds what [`load`](crate::load) has read
//! and checked.

use std::collections::BTreeMap;

use crate::notation::{Declaration, Type};

/// Everything that is described.
#[derive(Debug, Default)]
pub struct Description {
    /// The enums, in the order of the files.
    pub enums: Vec<Enum>,
    /// The structs, so that each comes after those it contains.
    pub structs: Vec<Struct>,
    /// The classes and callback interfaces.
    pub classes: Vec<Class>,
    /// Functions outside of classes.
    pub functions: Vec<Method>,
    /// The methods of all classes: those of C++ class by class in declaration order, then the others.
    pub methods: Vec<Method>,
    /// Second names of types that only some languages have.
    pub typedefs: Vec<Typedef>,
    /// What parameters mean, by their names.
    pub parameters: BTreeMap<String, String>,
    /// Error codes.
    pub errors: Vec<Code>,
    /// Warning codes.
    pub warnings: Vec<Code>,
    /// The files by noun, with the sentence each begins with.
    pub nouns: BTreeMap<String, String>,
}

/// What is the same for everything that has a name.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The file it stands in, without ending.
    pub noun: String,
    /// The C++ name, or the name on the only platforms that have it.
    pub name: String,
    /// One line on what it is, in our words.
    pub summary: String,
    /// Where it exists; empty for everywhere.
    pub platforms: Vec<String>,
    /// The languages that have it, when C++ has not.
    pub only: Vec<Language>,
    /// What each language calls it. `=` stands for what the language's rules make of the C++ declaration.
    pub names: BTreeMap<Language, String>,
}

/// A language with a face of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Java for Android.
    Java,
    /// Objective-C for iOS and macOS.
    Objc,
    /// TypeScript for Electron.
    Electron,
    /// Dart for Flutter.
    Dart,
    /// C# for Unity.
    Csharp,
    /// None: a type of the JSON between façade and engine.
    Wire,
}

/// An enum.
#[derive(Debug)]
pub struct Enum {
    /// Names and summary.
    pub entry: Entry,
    /// The C++ header, or nothing when C++ does not have it.
    pub header: Option<String>,
    /// The C++ namespace, empty for the global one.
    pub namespace: String,
    /// The Rust name.
    pub rust: String,
    /// Further names of the type in C++.
    pub aliases: Vec<String>,
    /// Whether it is declared but nothing behind it works yet.
    pub declared_only: bool,
    /// The values, in declaration order.
    pub values: Vec<Value>,
}

/// A value of an enum.
#[derive(Debug)]
pub struct Value {
    /// Names and summary.
    pub entry: Entry,
    /// The number in C++.
    pub number: i64,
    /// Names of earlier versions for the same value.
    pub old_names: Vec<String>,
    /// The Rust name.
    pub rust: String,
}

/// A struct.
#[derive(Debug)]
pub struct Struct {
    /// Names and summary.
    pub entry: Entry,
    /// The C++ header, or nothing when C++ does not have it.
    pub header: Option<String>,
    /// The C++ namespace, empty for the global one.
    pub namespace: String,
    /// The Rust name.
    pub rust: String,
    /// Whether it holds frames or raw memory, and so never goes through JSON.
    pub binary: bool,
    /// Whether C++ has no constructor for it.
    pub plain: bool,
    /// Whether it is declared but nothing behind it works yet.
    pub declared_only: bool,
    /// The fields that the C++ constructor asks for.
    pub constructor: Vec<String>,
    /// The fields, in declaration order.
    pub fields: Vec<Field>,
    /// Fields that exist in one language only, as it declares them.
    pub other_fields: BTreeMap<Language, Vec<String>>,
    /// The constructors in Java, where there is more than the empty one.
    pub java_constructors: Vec<String>,
}

/// A field of a struct.
#[derive(Debug)]
pub struct Field {
    /// Name, type and default.
    pub declaration: Declaration,
    /// The Rust name.
    pub rust: String,
    /// One line on what it is, with unit and range.
    pub summary: String,
    /// How languages declare it; `=` as for [`Entry::names`].
    pub names: BTreeMap<Language, String>,
}

/// A class or callback interface.
#[derive(Debug)]
pub struct Class {
    /// Names and summary.
    pub entry: Entry,
    /// The C++ header, or nothing when C++ does not have it.
    pub header: Option<String>,
    /// The C++ namespace, empty for the global one.
    pub namespace: String,
    /// Whether the application implements it.
    pub is_callback: bool,
    /// What stands before the dot in the JSON names of its methods or events.
    pub wire: Option<String>,
    /// The C++ class it extends.
    pub base: Option<String>,
    /// Further names of the type in C++.
    pub aliases: Vec<String>,
    /// Whether it never goes through JSON.
    pub binary: bool,
    /// Whether it is declared but nothing behind it works yet.
    pub declared_only: bool,
}

/// A method, an event of a callback interface, or a free function.
#[derive(Debug)]
pub struct Method {
    /// Names and summary. The name may be shared by overloads.
    pub entry: Entry,
    /// The name that overloads do not share.
    pub id: String,
    /// The class, or nothing for a function.
    pub class: Option<String>,
    /// The place in the C++ class, or nothing when C++ does not have it.
    pub order: Option<usize>,
    /// The header of a function.
    pub header: Option<String>,
    /// The parameters.
    pub params: Vec<Declaration>,
    /// What it returns.
    pub returns: Type,
    /// What the JSON answer is, where C++ wraps it in an object.
    pub wire_returns: Option<Type>,
    /// Whether it needs no instance.
    pub is_static: bool,
    /// Whether there is something better.
    pub deprecated: bool,
    /// What a façade calls instead, one call after the other; the last one's result is returned.
    pub redirect: Vec<String>,
    /// Whether it takes frames, memory or callbacks and so is written by hand in each façade.
    pub binary: bool,
    /// Whether the C++ method is written by hand although the engine is asked in JSON.
    pub by_hand: bool,
    /// Whether an application may leave this event of a callback interface out.
    pub optional: bool,
    /// Whether C++ calls it `const`.
    pub constant: bool,
    /// Whether it is declared but nothing behind it works yet.
    pub declared_only: bool,
}

/// A second name of a type, in a language's own words.
#[derive(Debug)]
pub struct Typedef {
    /// The whole declaration; where it exists, and what it is. It has no name of its own.
    pub entry: Entry,
}

/// An error or warning code.
#[derive(Debug)]
pub struct Code {
    /// Names and summary.
    pub entry: Entry,
    /// The number.
    pub number: i32,
    /// Names of earlier versions for the same number.
    pub old_names: Vec<String>,
    /// Further names that Java has for it.
    pub java_names: Vec<String>,
    /// What Electron calls the number, where another product had it for another thing.
    pub electron_names: Vec<String>,
}

impl Description {
    /// The class of that name or alias.
    pub fn class(&self, name: &str) -> Option<&Class> {
        self.classes.iter().find(|each| each.entry.name == name || each.aliases.iter().any(|alias| alias == name))
    }

    /// The struct of that name.
    pub fn structure(&self, name: &str) -> Option<&Struct> {
        self.structs.iter().find(|each| each.entry.name == name)
    }

    /// The enum of that name or alias.
    pub fn enumeration(&self, name: &str) -> Option<&Enum> {
        self.enums.iter().find(|each| each.entry.name == name || each.aliases.iter().any(|alias| alias == name))
    }

    /// The methods that C++ has of a class, in declaration order.
    pub fn cpp_methods<'a>(&'a self, class: &'a str) -> impl Iterator<Item = &'a Method> {
        self.methods.iter().filter(move |each| each.class.as_deref() == Some(class) && each.order.is_some())
    }

    /// What a parameter or the field of an event is: by its name, else by its type.
    pub fn meaning(&self, name: &str, kind: &Type) -> &str {
        let structure = kind.refers_to().and_then(|name| self.structure(name)).map(|each| &each.entry.summary);
        let enumeration = kind.refers_to().and_then(|name| self.enumeration(name)).map(|each| &each.entry.summary);
        let of_type = structure.or(enumeration).filter(|_| !matches!(kind, Type::List(_)));
        of_type.or_else(|| self.parameters.get(name)).map_or("", String::as_str)
    }

    /// The name of a method or event in JSON, or nothing when it does not go through JSON.
    pub fn wire_name(&self, method: &Method) -> Option<String> {
        let class = self.class(method.class.as_deref()?)?;
        if method.order.is_none() || method.binary || class.binary || class.declared_only || !method.redirect.is_empty() {
            return None;
        }
        Some(match &class.wire {
            Some(prefix) => format!("{prefix}.{}", method.id),
            None => method.id.clone(),
        })
    }
}
