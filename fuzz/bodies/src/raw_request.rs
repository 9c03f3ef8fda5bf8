//! HTTP requests as samples hold them: a line `METHOD query`, lines `name: value`, an empty line, the body. It is not
//! HTTP, which the engine does not parse itself.

use rtc_auth::request_signature::RequestParts;

pub(crate) struct RawRequest<'a> {
    pub(crate) method: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: Vec<(&'a str, &'a [u8])>,
    pub(crate) body: &'a [u8],
}

impl<'a> RawRequest<'a> {
    /// Nothing where even an HTTP server would not have handed it on.
    pub(crate) fn read(data: &'a [u8]) -> Option<Self> {
        let (first, mut rest) = line(data);
        let first = std::str::from_utf8(first).ok()?;
        let (method, query) = first.split_once(' ').unwrap_or((first, ""));
        let mut headers = Vec::new();
        loop {
            let (header, tail) = line(rest);
            rest = tail;
            if header.is_empty() {
                return Some(Self { method, query, headers, body: rest });
            }
            let colon = header.iter().position(|byte| *byte == b':')?;
            headers.push((std::str::from_utf8(&header[..colon]).ok()?, &header[colon + 1..]));
        }
    }

    pub(crate) fn parts(&self) -> RequestParts<'_> {
        RequestParts { method: self.method, headers: &self.headers, query: self.query, body: self.body }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name))
    }
}

/// The first line, and what follows it.
fn line(data: &[u8]) -> (&[u8], &[u8]) {
    match data.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&data[..end], &data[end + 1..]),
        None => (data, &[]),
    }
}
