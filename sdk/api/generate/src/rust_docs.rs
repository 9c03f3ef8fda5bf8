//! Writes doc comments of Rust. The words come from the description.

use crate::model::Entry;

/// A doc comment with the summary, and what C++ calls it.
pub(crate) fn documentation(indent: &str, summary: &str, entry: &Entry) -> String {
    let mut text = wrap(indent, summary);
    text += &format!("{indent}///\n{indent}/// `{}` in C++.\n", entry.name);
    text
}

/// A doc comment, wrapped at the width of the house.
pub(crate) fn wrap(indent: &str, text: &str) -> String {
    let mut lines = String::new();
    let mut line = format!("{indent}///");
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines += &line;
            lines.push('\n');
            line = format!("{indent}///");
        }
        line.push(' ');
        line += word;
    }
    lines + &line + "\n"
}

const WIDTH: usize = 120;
