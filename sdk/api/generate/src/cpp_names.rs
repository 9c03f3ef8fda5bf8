//! Writes a C++ program that refers to every function and method of the headers, so that linking it shows what is declared
//! and nowhere defined. It calls nothing.

use std::fmt::Write;

use crate::cpp_layout::HEADERS;
use crate::cpp_types::{condition, parameters, returned, wrapped_at_commas};
use crate::files::{Generated, NOTICE};
use crate::model::{Class, Description, Method};

/// Where it goes, from the root of the repository.
pub(crate) const FOLDER: &str = "sdk/cpp/tests/generated";

/// The program.
pub(crate) fn file(description: &Description) -> Generated {
    let mut text = format!("// {NOTICE}\n// Every name of the headers. Its linking is the test.\n#include <cstdio>\n\n");
    for header in &HEADERS {
        writeln!(text, "#include \"{}\"", header.name).expect(FITS);
    }
    text += HEAD;
    for function in &description.functions {
        text += &guarded(&function.entry.platforms, format!("  refer(&{});\n", function.entry.name));
    }
    for class in description.classes.iter().filter(|class| class.header.is_some()) {
        let methods: String = description.cpp_methods(&class.entry.name).map(|method| reference(class, method)).collect();
        text += &guarded(&class.entry.platforms, methods);
    }
    Generated { path: format!("{FOLDER}/names.cpp"), text: text + TAIL }
}

/// By its whole type, which says which one of several overloads is meant.
fn reference(class: &Class, method: &Method) -> String {
    let (name, returns, params) = (&class.entry.name, returned(&method.returns), parameters(&method.params, false));
    let of = if method.is_static { String::new() } else { format!("{name}::") };
    let constant = if method.constant { " const" } else { "" };
    let line = format!("  refer(static_cast<{returns} ({of}*)({params}){constant}>(&{name}::{}));", method.entry.name);
    guarded(&method.entry.platforms, wrapped_at_commas(&line) + "\n")
}

fn guarded(platforms: &[String], text: String) -> String {
    match condition(platforms) {
        Some(condition) => format!("#if {condition}\n{text}#endif\n"),
        None => text,
    }
}

const HEAD: &str = r"
using namespace liteav;

namespace {

int referred = 0;

// Without inlining, so that the reference is there when the program is linked.
template <class T>
#if defined(__GNUC__)
__attribute__((noinline))
#endif
void refer(T name) {
  T volatile kept = name;
  if (kept != nullptr) ++referred;
}

}  // namespace

int main() {
";

const TAIL: &str = r#"  std::printf("%d names\n", referred);
  return referred > 300 ? 0 : 1;
}
"#;

const FITS: &str = "text takes everything";
