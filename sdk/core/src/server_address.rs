//! Where the engine is: an application names no server, because the API it was written for has none to name, so the
//! address is looked up here, in the same order on every platform. It connects to nothing.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rtc_link::Trust;
use serde::Deserialize;

use crate::lock::lock;

/// The address that is used when nobody says otherwise.
pub const DEFAULT_SERVER: &str = "http://127.0.0.1:8080";
/// The environment variable that names the engine.
pub const SERVER_VARIABLE: &str = "RTC_ENGINE_SERVER";
/// The file beside the program that names the engine: `{"server": "https://rtc.example.com"}`.
pub const SERVER_FILE: &str = "rtc-engine.json";

const LONGEST_ADDRESS: usize = 2048;
const LARGEST_FILE: u64 = 64 * 1024;

/// What `setGlobalEnv` was given, for the whole process.
static GLOBAL: Mutex<Option<String>> = Mutex::new(None);
/// What an instance was told last, for what belongs to no instance.
static LAST: Mutex<(Option<String>, Trust)> = Mutex::new((None, Trust::System));

/// An address that cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a server address: it must be http://host[:port] or https://host[:port], at most 2048 bytes")]
pub struct InvalidAddress(String);

/// Checks an address, by the rules of whoever connects to it, and drops a trailing slash.
///
/// # Errors
/// [`InvalidAddress`] for what is none.
pub fn parse(address: &str) -> Result<String, InvalidAddress> {
    let trimmed = address.trim().trim_end_matches('/');
    if trimmed.len() <= LONGEST_ADDRESS && rtc_session::signal_url(trimmed).is_ok() {
        return Ok(trimmed.to_owned());
    }
    // A secret could be in it by mistake, and an error may be logged: only the beginning is repeated.
    Err(InvalidAddress(address.chars().take(40).collect()))
}

/// `setGlobalEnv`: names the engine for the whole process if the text is an address.
pub fn set_global(address: &str) -> Result<(), InvalidAddress> {
    let address = parse(address)?;
    *lock(&GLOBAL) = Some(address);
    Ok(())
}

/// Looks the address up: what this instance was told, the whole process, the environment, the file beside the program, the
/// default. A source that holds nonsense is passed over with a warning.
pub fn find(own: Option<&str>) -> String {
    let global = lock(&GLOBAL).clone();
    choose(own, global.as_deref(), std::env::var(SERVER_VARIABLE).ok().as_deref(), beside_program().as_deref())
}

/// An instance was told where the engine is.
pub(crate) fn told_server(address: &str) {
    lock(&LAST).0 = Some(address.to_owned());
}

/// An instance was told how the engine's certificate is judged.
pub(crate) fn told_trust(trust: &Trust) {
    lock(&LAST).1 = trust.clone();
}

/// The engine of what belongs to no instance: that of the whole process, else that of the instance which was told one last.
pub(crate) fn of_process() -> (String, Trust) {
    let global = lock(&GLOBAL).clone();
    let (last, trust) = lock(&LAST).clone();
    (find(global.or(last).as_deref()), trust)
}

fn choose(own: Option<&str>, global: Option<&str>, variable: Option<&str>, file: Option<&Path>) -> String {
    if let Some(address) = own.or(global) {
        return address.to_owned();
    }
    if let Some(text) = variable.filter(|text| !text.is_empty()) {
        match parse(text) {
            Ok(address) => return address,
            Err(error) => tracing::warn!("{SERVER_VARIABLE} is passed over: {error}"),
        }
    }
    match file.and_then(read_file) {
        Some(Ok(address)) => address,
        Some(Err(reason)) => {
            tracing::warn!("{SERVER_FILE} is passed over: {reason}");
            DEFAULT_SERVER.to_owned()
        }
        None => DEFAULT_SERVER.to_owned(),
    }
}

fn beside_program() -> Option<PathBuf> {
    Some(std::env::current_exe().ok()?.parent()?.join(SERVER_FILE))
}

/// Nothing where there is no file.
fn read_file(path: &Path) -> Option<Result<String, String>> {
    #[derive(Deserialize)]
    struct File {
        server: String,
    }
    let size = std::fs::metadata(path).ok()?.len();
    if size > LARGEST_FILE {
        return Some(Err(format!("it has {size} bytes, and {LARGEST_FILE} are enough")));
    }
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return Some(Err(error.to_string())),
    };
    let file: Result<File, _> = serde_json::from_str(&text);
    Some(file.map_err(|error| error.to_string()).and_then(|file| parse(&file.server).map_err(|error| error.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_http_or_https_with_a_host() {
        assert_eq!(parse("https://rtc.example.com/"), Ok("https://rtc.example.com".to_owned()));
        assert_eq!(parse(" http://127.0.0.1:8080 "), Ok("http://127.0.0.1:8080".to_owned()));
        for wrong in ["", "rtc.example.com", "ftp://host", "http://", "http://:80", "http:///path", "http://a b", "https://\n"]
        {
            assert!(parse(wrong).is_err(), "{wrong:?} passed for an address");
        }
        assert!(parse(&format!("http://{}", "a".repeat(LONGEST_ADDRESS))).is_err());
    }

    #[test]
    fn the_nearest_source_wins() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join(SERVER_FILE);
        std::fs::write(&file, r#"{"server":"https://file.example"}"#).expect("a file in it");
        let all = |own, global, variable| choose(own, global, variable, Some(&file));
        assert_eq!(all(Some("http://own"), Some("http://global"), Some("http://variable")), "http://own");
        assert_eq!(all(None, Some("http://global"), Some("http://variable")), "http://global");
        assert_eq!(all(None, None, Some("http://variable")), "http://variable");
        assert_eq!(all(None, None, None), "https://file.example");
        assert_eq!(choose(None, None, None, None), DEFAULT_SERVER);
    }

    #[test]
    fn nonsense_is_passed_over() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join(SERVER_FILE);
        for text in ["", "{}", r#"{"server":7}"#, r#"{"server":"file:///etc/passwd"}"#] {
            std::fs::write(&file, text).expect("a file in it");
            assert_eq!(choose(None, None, Some("nonsense"), Some(&file)), DEFAULT_SERVER);
        }
        std::fs::write(&file, " ".repeat(70_000)).expect("a file in it");
        assert_eq!(choose(None, None, None, Some(&file)), DEFAULT_SERVER);
    }
}
