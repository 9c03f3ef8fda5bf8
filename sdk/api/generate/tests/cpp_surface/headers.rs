//! The facts that headers hold, by a parser for as much of C++ as they use.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::facts::{Fact, PLATFORMS, default, kind, platforms};

/// All facts of the headers in a folder.
pub(crate) fn facts(folder: &Path) -> BTreeSet<Fact> {
    let mut facts = BTreeSet::new();
    for path in files(folder) {
        let text = fs::read_to_string(&path).expect("it was listed");
        facts.extend(parse(path.strip_prefix(folder).expect("it is inside"), &text));
    }
    facts
}

/// The facts of one header.
pub(crate) fn parse(name: &Path, text: &str) -> BTreeSet<Fact> {
    let mut parser = Parser { header: name.display().to_string(), ..Parser::default() };
    // The header that says which platform this is declares nothing.
    if parser.header != "TXLiteAVPlatform.h" {
        text.lines().for_each(|line| parser.line(line));
        assert!(parser.pending.is_empty(), "{}: not understood: {}", parser.header, parser.pending);
    }
    parser.facts
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the headers are generated") {
        let path = entry.expect("it can be listed").path();
        match path.is_dir() {
            true => files.extend(self::files(&path)),
            false => files.push(path),
        }
    }
    files
}

#[derive(Default)]
struct Parser {
    header: String,
    facts: BTreeSet<Fact>,
    /// The platforms of each open `#if`.
    conditions: Vec<BTreeSet<&'static str>>,
    /// A declaration that has begun.
    pending: String,
    inside: Inside,
    /// How many members the class, struct or enum has had.
    place: usize,
    /// The fields of a struct, until its constructor tells the defaults.
    fields: Vec<(String, String, String, String)>,
    /// Whether a body of a method is being skipped.
    body: bool,
}

#[derive(Default, Clone, PartialEq)]
enum Inside {
    #[default]
    Nothing,
    Class(String),
    Struct(String),
    Enum(String),
}

impl Parser {
    fn line(&mut self, line: &str) {
        let line = line.split("//").next().unwrap_or(line).trim();
        if let Some(directive) = line.strip_prefix('#') {
            return self.directive(directive);
        }
        if line.is_empty() {
            return;
        }
        if self.body {
            self.body = line != "}";
            return;
        }
        if !self.pending.is_empty() {
            self.pending.push(' ');
        }
        self.pending += line;
        if self.complete() {
            let declaration = std::mem::take(&mut self.pending);
            self.declaration(&declaration);
        }
    }

    /// Whether what has been read is a whole declaration.
    fn complete(&self) -> bool {
        let text = self.pending.as_str();
        if self.inside.is_enum() {
            return text.ends_with(',') || text == "};";
        }
        text.ends_with(';')
            || text.ends_with("{}")
            || text.ends_with('{')
            || text.ends_with(':') && text.len() < 12
            || text == "}"
    }

    fn directive(&mut self, directive: &str) {
        let (word, rest) = directive.split_once(' ').unwrap_or((directive, ""));
        match word {
            "if" => self.conditions.push(condition(rest)),
            "ifndef" => self.conditions.push(PLATFORMS.into_iter().collect()),
            "else" => {
                let last = self.conditions.pop().expect("#else follows #if");
                self.conditions.push(PLATFORMS.into_iter().filter(|each| !last.contains(each)).collect());
            }
            "endif" => drop(self.conditions.pop().expect("#endif follows #if")),
            "define" if !rest.starts_with("RTC_ENGINE_") => self.fact(format!("#define {rest}")),
            _ => {}
        }
    }

    fn declaration(&mut self, text: &str) {
        match self.inside.clone() {
            Inside::Nothing => self.outside(text),
            Inside::Enum(name) => self.value(&name, text),
            Inside::Struct(name) => self.field(&name, text),
            Inside::Class(name) => self.method(&name, text),
        }
    }

    fn outside(&mut self, text: &str) {
        let on = self.on();
        let begun = |keyword: &str| text.strip_prefix(keyword).and_then(|rest| rest.strip_suffix('{')).map(str::trim);
        if let Some(name) = begun("class ") {
            let name = name.split(" :").next().unwrap_or(name);
            self.fact(format!("{}: class {name} {on}", self.header));
            self.enter(Inside::Class(name.to_owned()));
        } else if let Some(name) = begun("struct ") {
            self.fact(format!("{}: struct {name} {on}", self.header));
            self.enter(Inside::Struct(name.to_owned()));
        } else if let Some(name) = begun("enum ") {
            self.enter(Inside::Enum(name.to_owned()));
        } else if let Some(function) = text.strip_prefix("TRTC_API ") {
            let head = head(function.trim_end_matches(';'));
            self.fact(format!("function {head} {on}"));
        } else if text.starts_with("typedef ") {
            self.fact(format!("{} {on}", kind(text.trim_end_matches(';'))));
        } else {
            let known = ["namespace", "extern \"C\"", "class ", "using ", "}"];
            assert!(known.iter().any(|known| text.starts_with(known)), "{}: not understood: {text}", self.header);
        }
    }

    fn value(&mut self, of: &str, text: &str) {
        if self.left(text) {
            return;
        }
        let text = text.trim_end_matches(',');
        let place = self.next_place();
        let on = self.on();
        self.fact(format!("{}: {of}[{place}] {text} {on}", self.header));
    }

    fn field(&mut self, of: &str, text: &str) {
        if text == "};" {
            for (place, (kind, name, default, on)) in std::mem::take(&mut self.fields).into_iter().enumerate() {
                self.fact(format!("{of}.{place} {kind} {name} = {default} {on}"));
            }
        }
        if self.left(text) {
            return;
        }
        if let Some(constructor) = text.strip_prefix(of).filter(|rest| rest.starts_with('(')) {
            let initial = constructor.split_once(" : ").expect("every constructor sets all fields").1;
            let initial: BTreeMap<&str, &str> = split(initial.trim_end_matches("{}").trim())
                .into_iter()
                .filter_map(|each| each.strip_suffix(')').and_then(|each| each.split_once('(')))
                .collect();
            for (_, name, value, _) in &mut self.fields {
                *value = default(initial.get(name.as_str()).expect("the constructor sets it"));
            }
            return;
        }
        let text = text.trim_end_matches(';');
        let (text, value) = text.split_once(" = ").unwrap_or((text, ""));
        let (name_kind, name, array) = name(text);
        let on = self.on();
        self.fields.push((format!("{}{array}", kind(name_kind)), name.to_owned(), default(value), on));
    }

    fn method(&mut self, of: &str, text: &str) {
        let skipped = ["public:", "protected:", "virtual ~", "using "];
        if self.left(text) || skipped.iter().any(|skipped| text.starts_with(skipped)) {
            return;
        }
        let (text, form) = if let Some(text) = text.strip_prefix("TRTC_API static ") {
            (text.trim_end_matches(';'), "static")
        } else {
            let text = text.strip_prefix("virtual ").unwrap_or_else(|| panic!("{of}: not understood: {text}"));
            match text.strip_suffix(" = 0;") {
                Some(text) => (text, "pure"),
                None => {
                    self.body = text.ends_with('{');
                    (text.trim_end_matches("{}").trim_end_matches('{').trim(), "with a body")
                }
            }
        };
        let place = self.next_place();
        let (head, on) = (head(text), self.on());
        self.fact(format!("{of}[{place}] {form} {head} {on}"));
    }

    fn left(&mut self, text: &str) -> bool {
        let left = text == "};";
        if left {
            self.inside = Inside::Nothing;
        }
        left
    }

    fn enter(&mut self, inside: Inside) {
        self.inside = inside;
        self.place = 0;
    }

    fn next_place(&mut self) -> usize {
        self.place += 1;
        self.place - 1
    }

    fn on(&self) -> String {
        platforms(PLATFORMS.into_iter().filter(|each| self.conditions.iter().all(|condition| condition.contains(each))))
    }

    fn fact(&mut self, text: String) {
        let fact = Fact(text);
        assert!(!self.facts.contains(&fact), "{}: twice: {fact:?}", self.header);
        self.facts.insert(fact);
    }
}

impl Inside {
    const fn is_enum(&self) -> bool {
        matches!(self, Self::Enum(_))
    }
}

/// `const char* name(params)` in one spelling.
fn head(text: &str) -> String {
    let (text, constant) = text.strip_suffix(" const").map_or((text, ""), |text| (text, " const"));
    let (front, params) = text.strip_suffix(')').and_then(|text| text.split_once('(')).expect("a method has parameters");
    let (returns, method, _) = name(front);
    let params = split(params).into_iter().map(|param| {
        let (param, value) =
            param.split_once(" = ").map_or((param, String::new()), |(param, value)| (param, format!(" = {}", default(value))));
        let (front, param, array) = name(param);
        format!("{}{array} {param}{value}", kind(front))
    });
    let params: Vec<String> = params.collect();
    format!("{} {method}({}){constant}", kind(returns), params.join(", "))
}

/// A type, a name, and perhaps the length of an array behind it.
fn name(text: &str) -> (&str, &str, &str) {
    let (text, array) = text.find('[').map_or((text, ""), |place| text.split_at(place));
    let place = text.rfind([' ', '*', '&']).expect("a type stands before the name") + 1;
    (text[..place].trim(), &text[place..], array)
}

/// Splits at commas outside of brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (place, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..place].trim());
                start = place + 1;
            }
            _ => {}
        }
    }
    let last = text[start..].trim();
    parts.extend(Some(last).filter(|last| !last.is_empty()));
    parts
}

fn condition(text: &str) -> BTreeSet<&'static str> {
    match text {
        "RTC_DESKTOP" => ["linux", "macos", "windows"].into(),
        "RTC_MOBILE" => ["android", "ios", "ohos"].into(),
        "!RTC_WINDOWS" => ["android", "ios", "linux", "macos", "ohos"].into(),
        text => {
            let names: BTreeSet<String> =
                text.split(" || ").map(|each| each.strip_prefix("RTC_").expect("a platform").to_lowercase()).collect();
            PLATFORMS.into_iter().filter(|each| names.contains(*each)).collect()
        }
    }
}
