//! `application/x-www-form-urlencoded` text.

use rtc_auth::form::{MAX_FIELDS, parse};

/// Decodes a form. What was decoded can be encoded, and decodes as the same again.
pub fn form(data: &[u8]) -> bool {
    let Ok(pairs) = parse(data) else { return false };
    assert!(pairs.len() <= MAX_FIELDS);
    let fields: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    assert_eq!(parse(fields.join("&").as_bytes()), Ok(pairs));
    true
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
