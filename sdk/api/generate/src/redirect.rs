//! The calls that a deprecated method stands for, as the description writes them: `startRemoteView(userId,
//! TRTCVideoStreamTypeSub, rendView)`. How a language spells them is its own business.

use anyhow::{Result, bail, ensure};

use crate::model::{Description, Method};

/// A call that a façade makes instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// `device` or `effect` for a manager's method, nothing for the instance's own.
    pub manager: Option<String>,
    /// The id of the method.
    pub id: String,
    /// What is passed.
    pub arguments: Vec<Argument>,
}

/// What a call passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// A parameter of the deprecated method.
    Parameter(String),
    /// A value of an enum, by its C++ name.
    Value(String),
    /// Whether a parameter is above zero.
    Positive(String),
    /// Whether a parameter is not null.
    Present(String),
    /// Nothing: a null pointer.
    None,
    /// A struct with its defaults except for these fields.
    Struct(String, Vec<(String, Self)>),
}

impl Call {
    /// Reads a call of a method.
    pub fn parse(text: &str, of: &Method) -> Result<Self> {
        let Some((name, arguments)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
            bail!("`{text}` is no call; write `method(argument, argument)`");
        };
        let (manager, id) = match name.split_once('.') {
            Some((manager, id)) => (Some(manager.to_owned()), id),
            None => (None, name),
        };
        let arguments = split(arguments).into_iter().map(|argument| Argument::parse(argument, of)).collect::<Result<_>>()?;
        Ok(Self { manager, id: id.to_owned(), arguments })
    }

    /// The method that is called.
    pub fn target<'a>(&self, description: &'a Description) -> Result<&'a Method> {
        let class = match self.manager.as_deref() {
            None => "ITRTCCloud",
            Some("device") => "ITXDeviceManager",
            Some("effect") => "ITXAudioEffectManager",
            Some(other) => bail!("there is no manager `{other}`"),
        };
        let found = description.methods.iter().find(|each| each.class.as_deref() == Some(class) && each.id == self.id);
        let Some(method) = found else { bail!("there is no method {} in {class}", self.id) };
        ensure!(
            method.params.len() == self.arguments.len(),
            "{} takes {} arguments, not {}",
            self.id,
            method.params.len(),
            self.arguments.len()
        );
        Ok(method)
    }
}

impl Argument {
    fn parse(text: &str, of: &Method) -> Result<Self> {
        let parameter = |name: &str| -> Result<String> {
            ensure!(of.params.iter().any(|param| param.name == name), "{} has no parameter `{name}`", of.id);
            Ok(name.to_owned())
        };
        if text == "none" {
            return Ok(Self::None);
        }
        if let Some((function, argument)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) {
            return Ok(match function {
                "positive" => Self::Positive(parameter(argument)?),
                "present" => Self::Present(parameter(argument)?),
                _ => bail!("`{function}` is no function of the notation"),
            });
        }
        if let Some((name, fields)) = text.strip_suffix('}').and_then(|text| text.split_once('{')) {
            let fields = split(fields).into_iter().map(|field| {
                let (field, value) = field.split_once(": ").unwrap_or((field, field));
                Ok((field.to_owned(), Self::parse(value, of)?))
            });
            return Ok(Self::Struct(name.to_owned(), fields.collect::<Result<_>>()?));
        }
        if of.params.iter().any(|param| param.name == text) {
            return Ok(Self::Parameter(text.to_owned()));
        }
        ensure!(text.starts_with('T'), "`{text}` is neither a parameter of {} nor a value of an enum", of.id);
        Ok(Self::Value(text.to_owned()))
    }
}

/// Splits at commas that are not inside brackets.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (place, letter) in text.char_indices() {
        match letter {
            '(' | '{' => depth += 1,
            ')' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..place].trim());
                start = place + 1;
            }
            _ => {}
        }
    }
    let last = text[start..].trim();
    if !last.is_empty() {
        parts.push(last);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_inside_brackets_do_not_part_arguments() {
        assert_eq!(split("a, S{b, c: d}, positive(e)"), ["a", "S{b, c: d}", "positive(e)"]);
        assert_eq!(split(""), [""; 0]);
    }
}
