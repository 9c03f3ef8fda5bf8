//! The files inside the program: the Web SDK and the demo page.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

/// What `sdk/web` builds. In a debug build the files are read when they are asked for.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../sdk/web/dist"]
#[allow_missing = true]
struct Sdk;

/// The demo page.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../demo"]
#[allow_missing = true]
struct Demo;

/// A file of the Web SDK. Pages of any origin may use it: that is what it is served for.
pub(super) fn sdk(path: &str, headers: &HeaderMap) -> Response {
    let Some(file) = find::<Sdk>(path) else {
        let is_built = Sdk::get("trtc.js").is_some();
        let words = if is_built { "there is no such file of the Web SDK\n" } else { NOT_BUILT };
        return missing(words);
    };
    let mut response = serve(path, file, headers);
    let fields = response.headers_mut();
    fields.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    fields.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    response
}

const NOT_BUILT: &str = "This engine was built without the Web SDK. Run `npm ci && npm run build` in sdk/web, then build \
                         the engine again; ./run does both.\n";

/// A file of the demo page.
pub(super) fn demo(path: &str, headers: &HeaderMap) -> Response {
    match find::<Demo>(path) {
        Some(file) => serve(path, file, headers),
        None => missing("there is no such file of the demo\n"),
    }
}

fn find<Folder: RustEmbed>(path: &str) -> Option<EmbeddedFile> {
    // Neither notes of the build nor, where files are read from disk, anything outside of the folder.
    let is_plain = path.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
    if is_plain { Folder::get(path) } else { None }
}

fn serve(path: &str, file: EmbeddedFile, request: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let is_known = request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim().trim_start_matches("W/") == etag);
    let fields = [
        (header::ETAG, etag),
        // Kept, but asked about each time: another engine may have another file under the same name.
        (header::CACHE_CONTROL, "no-cache".into()),
        (header::CONTENT_TYPE, content_type(path)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
    ];
    if is_known {
        return (StatusCode::NOT_MODIFIED, fields).into_response();
    }
    (fields, Bytes::from(file.data.into_owned())).into_response()
}

fn content_type(path: &str) -> String {
    // The guess for .ts is a video format.
    if path.ends_with(".ts") {
        return "text/plain; charset=utf-8".into();
    }
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    let is_text = guess.type_() == "text" || ["javascript", "json", "svg"].iter().any(|word| guess.as_ref().contains(word));
    if is_text { format!("{guess}; charset=utf-8") } else { guess.to_string() }
}

fn missing(words: &'static str) -> Response {
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_the_type_a_browser_needs() {
        assert_eq!(content_type("trtc.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("index.d.ts"), "text/plain; charset=utf-8");
        assert_eq!(content_type("index.html"), "text/html; charset=utf-8");
        assert_eq!(content_type("icon.svg"), "image/svg+xml; charset=utf-8");
        assert_eq!(content_type("sound.wasm"), "application/wasm");
        assert_eq!(content_type("picture.png"), "image/png");
    }

    #[test]
    fn nothing_outside_of_the_folder_is_found() {
        for path in ["../Cargo.toml", "a/../../x", "/etc/passwd", ".built", "", "a//b"] {
            assert!(find::<Demo>(path).is_none(), "{path}");
        }
    }
}
