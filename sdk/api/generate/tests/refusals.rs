//! A description that contradicts itself is refused, and the refusal says where and what to do.

use rtc_api_generate::load::read;

const CLASS: &str =
    "# A sentence.\n[[class]]\nname = \"C\"\nheader = \"ITRTCCloud.h\"\nsummary = \"A class.\"\nkind = \"object\"\n";

#[test]
fn a_gap_in_the_order_of_a_class_is_refused() {
    let methods = method("first", "order = 1") + &method("third", "order = 3");
    refused(&methods, &["third", "order 2", "C++ programs depend on it"]);
}

#[test]
fn two_methods_with_one_id_are_refused() {
    refused(&(method("same", "order = 1") + &method("same", "order = 2")), &["the id same is used twice in C"]);
}

#[test]
fn a_type_that_is_not_described_is_refused() {
    refused(&method("enter", "order = 1\nparams = [\"param: struct:Params\"]"), &["enter", "Params", "not described"]);
    refused(&method("enter", "order = 1\nparams = [\"param: integer\"]"), &["in the method enter", "`integer`"]);
}

#[test]
fn what_json_does_not_carry_must_be_marked() {
    refused(&method("send", "order = 1\nparams = [\"data: bytes[size]\"]"), &["send", "bytes", "`binary`"]);
    accepted(&method("send", "order = 1\nbinary = true\nparams = [\"data: bytes[size]\"]"));
}

#[test]
fn a_redirect_to_nowhere_is_refused() {
    let redirect = "order = 1\ndeprecated = true\nredirect = [\"start()\"]";
    refused(&method("old", redirect), &["what old redirects to", "no method start"]);
}

#[test]
fn an_entry_without_a_summary_or_with_a_misspelt_key_is_refused() {
    let silent = "\n[[method]]\nid = \"enter\"\nclass = \"C\"\norder = 1\n";
    refused(silent, &["enter has no summary"]);
    refused(&method("enter", "order = 1\nplatform = [\"ios\"]"), &["unknown field `platform`"]);
}

#[test]
fn a_file_that_does_not_say_what_it_is_about_is_refused() {
    let error = read(&[("room".to_owned(), String::new())]).expect_err("it has no sentence");
    assert!(format!("{error:#}").contains("in room.toml: a file begins with a comment of one sentence"), "{error:#}");
}

fn method(id: &str, more: &str) -> String {
    format!("\n[[method]]\nid = \"{id}\"\nclass = \"C\"\nsummary = \"Does something.\"\n{more}\n")
}

fn accepted(methods: &str) {
    read(&[("room".to_owned(), format!("{CLASS}{methods}"))]).expect("it is well formed");
}

fn refused(methods: &str, words: &[&str]) {
    let error = read(&[("room".to_owned(), format!("{CLASS}{methods}"))]).expect_err("it contradicts itself");
    let text = format!("{error:#}");
    assert!(words.iter().all(|word| text.contains(word)), "{text}");
}
