//! Reads the TOML of the description into the [model](crate::model). What it must not say is known to `check`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::check;
use crate::model::{Class, Code, Description, Entry, Enum, Field, Language, Method, Struct, Typedef, Value};
use crate::names;
use crate::notation::{Declaration, Type};

/// Reads all files of a description.
pub fn load(folder: &Path) -> Result<Description> {
    let mut paths = fs::read_dir(folder)
        .with_context(|| format!("cannot list {}", folder.display()))?
        .map(|file| Ok(file?.path()))
        .collect::<Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();

    let mut files = Vec::new();
    for path in paths {
        let noun = path.file_stem().and_then(|stem| stem.to_str()).context("a file name in UTF-8")?.to_owned();
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        files.push((noun, text));
    }
    read(&files)
}

/// Reads a description from its nouns and the texts of their files.
pub fn read(files: &[(String, String)]) -> Result<Description> {
    let mut description = Description::default();
    for (noun, text) in files {
        add(&mut description, noun, text).with_context(|| format!("in {noun}.toml"))?;
    }
    arrange(&mut description)?;
    check::check(&description)?;
    Ok(description)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "enum")]
    enums: Vec<EnumText>,
    #[serde(default, rename = "struct")]
    structs: Vec<StructText>,
    #[serde(default, rename = "class")]
    classes: Vec<ClassText>,
    #[serde(default, rename = "function")]
    functions: Vec<MethodText>,
    #[serde(default, rename = "method")]
    methods: Vec<MethodText>,
    #[serde(default, rename = "typedef")]
    typedefs: Vec<TypedefText>,
    #[serde(default, rename = "parameter")]
    parameters: Vec<ParameterText>,
    #[serde(default, rename = "error")]
    errors: Vec<CodeText>,
    #[serde(default, rename = "warning")]
    warnings: Vec<CodeText>,
}

/// The keys that name an entry in the other languages. Serde cannot flatten and deny unknown keys at once, so the texts
/// below repeat them by this macro.
macro_rules! text {
    ($name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name {
            $($(#[$attribute])* $field: $kind,)*
            #[serde(default)]
            summary: String,
            #[serde(default)]
            platforms: Vec<String>,
            #[serde(default)]
            only: Vec<String>,
            java: Option<String>,
            objc: Option<String>,
            electron: Option<String>,
            dart: Option<String>,
            csharp: Option<String>,
        }

        impl $name {
            fn entry(&self, noun: &str, name: &str) -> Result<Entry> {
                Ok(Entry {
                    noun: noun.to_owned(),
                    name: name.to_owned(),
                    summary: self.summary.clone(),
                    platforms: self.platforms.clone(),
                    only: self.only.iter().map(|language| self::language(language)).collect::<Result<_>>()?,
                    names: self.names(),
                })
            }

            fn names(&self) -> BTreeMap<Language, String> {
                [
                    (Language::Java, &self.java),
                    (Language::Objc, &self.objc),
                    (Language::Electron, &self.electron),
                    (Language::Dart, &self.dart),
                    (Language::Csharp, &self.csharp),
                ]
                .into_iter()
                .filter_map(|(language, name)| Some((language, name.clone()?)))
                .collect()
            }
        }
    };
}

text!(EnumText {
    name: String,
    rust: Option<String>,
    header: Option<String>,
    namespace: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    status: Status,
    values: Vec<ValueText>,
});

text!(ValueText {
    value: String,
    rust: String,
    #[serde(default)]
    old_names: Vec<String>,
});

text!(StructText {
    name: String,
    rust: Option<String>,
    header: Option<String>,
    namespace: Option<String>,
    #[serde(default)]
    status: Status,
    #[serde(default)]
    binary: bool,
    #[serde(default)]
    plain: bool,
    #[serde(default)]
    constructor: Vec<String>,
    fields: Vec<FieldText>,
    #[serde(default)]
    java_fields: Vec<String>,
    #[serde(default)]
    objc_fields: Vec<String>,
    #[serde(default)]
    java_constructors: Vec<String>,
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldText {
    field: String,
    rust: Option<String>,
    #[serde(default)]
    summary: String,
    java: Option<String>,
    objc: Option<String>,
    electron: Option<String>,
    dart: Option<String>,
    csharp: Option<String>,
}

text!(ClassText {
    name: String,
    header: Option<String>,
    namespace: Option<String>,
    kind: ClassKind,
    wire: Option<String>,
    base: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    binary: bool,
    #[serde(default)]
    status: Status,
});

text!(MethodText {
    id: String,
    name: Option<String>,
    class: Option<String>,
    order: Option<usize>,
    header: Option<String>,
    #[serde(default)]
    params: Vec<String>,
    returns: Option<String>,
    wire_returns: Option<String>,
    #[serde(default, rename = "static")]
    is_static: bool,
    #[serde(default)]
    deprecated: bool,
    #[serde(default)]
    redirect: Vec<String>,
    #[serde(default)]
    binary: bool,
    #[serde(default)]
    hand: bool,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    constant: bool,
    #[serde(default)]
    status: Status,
});

text!(TypedefText { text: String });

text!(CodeText {
    code: String,
    #[serde(default)]
    old_names: Vec<String>,
    #[serde(default)]
    java_names: Vec<String>,
    #[serde(default)]
    electron_names: Vec<String>,
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParameterText {
    name: String,
    summary: String,
}

#[derive(Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Status {
    #[default]
    Works,
    Declared,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum ClassKind {
    Object,
    Callback,
}

fn language(name: &str) -> Result<Language> {
    Ok(match name {
        "java" => Language::Java,
        "objc" => Language::Objc,
        "electron" => Language::Electron,
        "dart" => Language::Dart,
        "csharp" => Language::Csharp,
        "wire" => Language::Wire,
        _ => bail!("`{name}` is no language of the description"),
    })
}

fn add(to: &mut Description, noun: &str, text: &str) -> Result<()> {
    let sentence = text.lines().next().and_then(|line| line.strip_prefix("# "));
    let sentence = sentence.context("a file begins with a comment of one sentence: what it is about")?;
    to.nouns.insert(noun.to_owned(), sentence.to_owned());

    let file: File = toml::from_str(text)?;
    for each in file.enums {
        to.enums.push(enumeration(noun, &each).with_context(|| format!("in the enum {}", each.name))?);
    }
    for each in file.structs {
        to.structs.push(structure(noun, &each).with_context(|| format!("in the struct {}", each.name))?);
    }
    for each in file.classes {
        to.classes.push(Class {
            entry: each.entry(noun, &each.name)?,
            header: each.header,
            namespace: each.namespace.unwrap_or_else(|| NAMESPACE.to_owned()),
            is_callback: each.kind == ClassKind::Callback,
            wire: each.wire,
            base: each.base,
            aliases: each.aliases,
            binary: each.binary,
            declared_only: each.status == Status::Declared,
        });
    }
    for each in file.functions {
        to.functions.push(method(noun, &each).with_context(|| format!("in the function {}", each.id))?);
    }
    for each in file.methods {
        to.methods.push(method(noun, &each).with_context(|| format!("in the method {}", each.id))?);
    }
    for each in file.typedefs {
        to.typedefs.push(Typedef { entry: each.entry(noun, &each.text)? });
    }
    for each in file.parameters {
        ensure!(!to.parameters.contains_key(&each.name), "the parameter {} is described twice", each.name);
        to.parameters.insert(each.name, each.summary);
    }
    for each in file.errors {
        to.errors.push(code(noun, &each).with_context(|| format!("in the error {}", each.code))?);
    }
    for each in file.warnings {
        to.warnings.push(code(noun, &each).with_context(|| format!("in the warning {}", each.code))?);
    }
    Ok(())
}

fn enumeration(noun: &str, text: &EnumText) -> Result<Enum> {
    let values = text.values.iter().map(|value| {
        let (name, number) = value.value.split_once(" = ").context("a value is `name = number`")?;
        let number = number.parse().with_context(|| format!("{number} is no number"))?;
        Ok(Value { entry: value.entry(noun, name)?, number, rust: value.rust.clone(), old_names: value.old_names.clone() })
    });
    Ok(Enum {
        entry: text.entry(noun, &text.name)?,
        header: text.header.clone(),
        namespace: text.namespace.clone().unwrap_or_else(|| NAMESPACE.to_owned()),
        rust: text.rust.clone().unwrap_or_else(|| names::without_prefix(&text.name)),
        aliases: text.aliases.clone(),
        declared_only: text.status == Status::Declared,
        values: values.collect::<Result<_>>()?,
    })
}

fn structure(noun: &str, text: &StructText) -> Result<Struct> {
    let fields = text.fields.iter().map(|field| {
        let declaration = Declaration::parse(&field.field)?;
        let rust = field.rust.clone().unwrap_or_else(|| names::snake(&declaration.name));
        let names = [
            (Language::Java, &field.java),
            (Language::Objc, &field.objc),
            (Language::Electron, &field.electron),
            (Language::Dart, &field.dart),
            (Language::Csharp, &field.csharp),
        ];
        let names = names.into_iter().filter_map(|(language, name)| Some((language, name.clone()?))).collect();
        Ok(Field { declaration, rust, summary: field.summary.clone(), names })
    });
    let others = [(Language::Java, &text.java_fields), (Language::Objc, &text.objc_fields)];
    Ok(Struct {
        entry: text.entry(noun, &text.name)?,
        header: text.header.clone(),
        namespace: text.namespace.clone().unwrap_or_else(|| NAMESPACE.to_owned()),
        rust: text.rust.clone().unwrap_or_else(|| names::without_prefix(&text.name)),
        binary: text.binary,
        plain: text.plain,
        declared_only: text.status == Status::Declared,
        constructor: text.constructor.clone(),
        fields: fields.collect::<Result<_>>()?,
        other_fields: others.into_iter().map(|(language, fields)| (language, fields.clone())).collect(),
        java_constructors: text.java_constructors.clone(),
    })
}

fn method(noun: &str, text: &MethodText) -> Result<Method> {
    let optional = |text: &Option<String>| text.as_deref().map(Type::parse).transpose();
    Ok(Method {
        entry: text.entry(noun, text.name.as_ref().unwrap_or(&text.id))?,
        id: text.id.clone(),
        class: text.class.clone(),
        order: text.order,
        header: text.header.clone(),
        params: text.params.iter().map(|param| Declaration::parse(param)).collect::<Result<_>>()?,
        returns: optional(&text.returns)?.unwrap_or(Type::Void),
        wire_returns: optional(&text.wire_returns)?,
        is_static: text.is_static,
        deprecated: text.deprecated,
        redirect: text.redirect.clone(),
        binary: text.binary,
        by_hand: text.hand,
        optional: text.optional,
        constant: text.constant,
        declared_only: text.status == Status::Declared,
    })
}

fn code(noun: &str, text: &CodeText) -> Result<Code> {
    let (name, number) = text.code.split_once(" = ").context("a code is `name = number`")?;
    Ok(Code {
        entry: text.entry(noun, name)?,
        number: number.parse().with_context(|| format!("{number} is no number"))?,
        old_names: text.old_names.clone(),
        java_names: text.java_names.clone(),
        electron_names: text.electron_names.clone(),
    })
}

/// Puts structs after those they contain, and methods in the order of their classes.
fn arrange(description: &mut Description) -> Result<()> {
    let mut waiting = std::mem::take(&mut description.structs);
    while !waiting.is_empty() {
        let missing: BTreeSet<String> = waiting.iter().map(|each| each.entry.name.clone()).collect();
        let contained = |each: &Struct| {
            each.fields.iter().filter_map(|field| field.declaration.kind.refers_to()).any(|name| missing.contains(name))
        };
        let (later, now): (Vec<_>, Vec<_>) = waiting.into_iter().partition(contained);
        ensure!(!now.is_empty(), "the structs {missing:?} contain each other");
        description.structs.extend(now);
        waiting = later;
    }

    let place: BTreeMap<String, usize> =
        description.classes.iter().enumerate().map(|(place, class)| (class.entry.name.clone(), place)).collect();
    description.methods.sort_by_key(|method| {
        let class = method.class.as_ref().and_then(|class| place.get(class)).copied();
        (method.order.is_none(), class, method.order)
    });
    Ok(())
}

const NAMESPACE: &str = "liteav";
