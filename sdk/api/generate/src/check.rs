//! What a description must not say: unknown types, names used twice, gaps in the order of a C++ class. It does not read files.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};

use crate::model::{Description, Entry};
use crate::notation::Type;
use crate::redirect::Call;

/// Refuses a description that contradicts itself, and says where and what to do.
pub(crate) fn check(description: &Description) -> Result<()> {
    types_are_known(description)?;
    everything_is_said(description)?;
    methods_are_sound(description)?;
    json_calls_are_sound(description)?;
    orders_have_no_gaps(description)
}

fn types_are_known(description: &Description) -> Result<()> {
    let mut types = BTreeSet::new();
    let names = (description.enums.iter().map(|each| &each.entry))
        .chain(description.structs.iter().map(|each| &each.entry))
        .chain(description.classes.iter().map(|each| &each.entry));
    for entry in names {
        ensure!(types.insert(entry.name.as_str()), "{} is described twice", entry.name);
    }
    types.extend(description.enums.iter().flat_map(|each| &each.aliases).map(String::as_str));
    types.extend(description.classes.iter().flat_map(|each| &each.aliases).map(String::as_str));
    types.insert(FUNCTION_TYPE);

    let known = |kind: &Type, place: &str| match kind.refers_to() {
        Some(name) if !types.contains(name) => bail!("{place} speaks of {name}, which is not described"),
        _ => Ok(()),
    };
    for structure in &description.structs {
        for field in &structure.fields {
            known(&field.declaration.kind, &structure.entry.name)?;
        }
    }
    for method in description.functions.iter().chain(&description.methods) {
        for param in &method.params {
            known(&param.kind, &method.id)?;
        }
        known(&method.returns, &method.id)?;
    }
    Ok(())
}

fn everything_is_said(description: &Description) -> Result<()> {
    let said = |entry: &Entry| {
        ensure!(!entry.summary.is_empty(), "{} has no summary: one line on what it is, with units and ranges", entry.name);
        Ok(())
    };
    for each in &description.enums {
        said(&each.entry)?;
        each.values.iter().try_for_each(|value| said(&value.entry))?;
    }
    for each in &description.structs {
        said(&each.entry)?;
        for field in &each.fields {
            ensure!(!field.summary.is_empty(), "{}.{} has no summary", each.entry.name, field.declaration.name);
        }
    }
    description.classes.iter().try_for_each(|each| said(&each.entry))?;
    description.functions.iter().chain(&description.methods).try_for_each(|each| said(&each.entry))?;
    description.errors.iter().chain(&description.warnings).try_for_each(|each| said(&each.entry))
}

fn methods_are_sound(description: &Description) -> Result<()> {
    let mut ids = BTreeSet::new();
    for method in description.functions.iter().chain(&description.methods) {
        let id = (method.class.as_deref(), method.id.as_str());
        ensure!(ids.insert(id), "the id {} is used twice in {}", method.id, method.class.as_deref().unwrap_or("functions"));
        if let Some(class) = &method.class {
            ensure!(description.class(class).is_some(), "{} is in the class {class}, which is not described", method.id);
        }
        for call in &method.redirect {
            let call = Call::parse(call, method).and_then(|call| call.target(description).map(|_| ()));
            call.with_context(|| format!("in what {} redirects to", method.id))?;
        }
        if method.order.is_some() || method.header.is_some() {
            let mut kinds = method.params.iter().map(|param| &param.kind).chain([&method.returns]);
            if let Some(kind) = kinds.find(|kind| matches!(kind, Type::Image | Type::Native(_))) {
                bail!("{} has an order or header, but C++ has no type {kind}", method.id);
            }
        }
    }
    Ok(())
}

fn json_calls_are_sound(description: &Description) -> Result<()> {
    let mut names = BTreeSet::new();
    for method in &description.methods {
        let Some(name) = description.wire_name(method) else { continue };
        ensure!(names.insert(name.clone()), "two methods are called {name} in JSON; give one of them another id");
        let class = method.class.as_deref().and_then(|class| description.class(class));
        let is_event = class.is_some_and(|class| class.is_callback);
        let returns = method.wire_returns.as_ref().unwrap_or(&method.returns);
        for kind in method.params.iter().map(|param| &param.kind).chain([returns]) {
            ensure!(
                carried(description, kind) || is_event && *kind == Type::Extra,
                "{} passes {kind}, which JSON does not carry; mark it as `binary`",
                method.id
            );
        }
    }
    Ok(())
}

fn orders_have_no_gaps(description: &Description) -> Result<()> {
    for class in &description.classes {
        for (place, method) in description.cpp_methods(&class.entry.name).enumerate() {
            ensure!(
                method.order == Some(place + 1),
                "{} in {} should have the order {}: C++ programs depend on it, so it has no gaps and never changes",
                method.id,
                class.entry.name,
                place + 1
            );
        }
    }
    Ok(())
}

/// Whether JSON carries values of a type.
fn carried(description: &Description, kind: &Type) -> bool {
    match kind {
        Type::List(of) => carried(description, of),
        Type::Struct { name, .. } => description.structure(name).is_some_and(|each| !each.binary),
        Type::Void | Type::Bool | Type::Number(_) | Type::Text { .. } | Type::View { .. } => true,
        Type::Enum(_) | Type::Code(_) | Type::Array(..) => true,
        _ => false,
    }
}

/// The one type of a function in the API: who is told when the network time was asked for.
const FUNCTION_TYPE: &str = "onUpdateNetworkTime";
