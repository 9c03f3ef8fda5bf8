//! `application/x-www-form-urlencoded` text, as query strings and version 1 requests carry it: decoded strictly, because
//! the decoded pairs are what such a request's signature covers.

use thiserror::Error;

/// The most fields a form may have. Forms are decoded before anybody is known, and a field costs more memory than the two
/// bytes it may be written in; the largest honest call, a cloud recording, has fewer than a hundred.
pub const MAX_FIELDS: usize = 1024;

/// Why a form could not be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MalformedForm {
    /// A `%` that is not followed by two hexadecimal digits.
    #[error("has a % that is not followed by two hexadecimal digits")]
    Escape,
    /// The decoded bytes are no text.
    #[error("is not UTF-8 once decoded")]
    Utf8,
    /// More than [`MAX_FIELDS`].
    #[error("has more than 1024 fields")]
    TooMany,
}

/// Decodes `name=value&…`, in the order given. Empty pieces (`&&`) are skipped; a piece without `=` has an empty value.
pub fn parse(text: &[u8]) -> Result<Vec<(String, String)>, MalformedForm> {
    let mut pairs = Vec::new();
    for piece in text.split(|&b| b == b'&').filter(|piece| !piece.is_empty()) {
        if pairs.len() == MAX_FIELDS {
            return Err(MalformedForm::TooMany);
        }
        let (name, value) = match piece.iter().position(|&b| b == b'=') {
            Some(at) => (&piece[..at], &piece[at + 1..]),
            None => (piece, &[][..]),
        };
        pairs.push((decode(name)?, decode(value)?));
    }
    Ok(pairs)
}

fn decode(piece: &[u8]) -> Result<String, MalformedForm> {
    let mut bytes = Vec::with_capacity(piece.len());
    let mut rest = piece;
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => {
                let (digits, tail) = rest.split_at_checked(2).ok_or(MalformedForm::Escape)?;
                rest = tail;
                let mut byte = [0];
                hex::decode_to_slice(digits, &mut byte).map_err(|_| MalformedForm::Escape)?;
                byte[0]
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| MalformedForm::Utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn both_ways_to_write_a_space_are_read() {
        assert_eq!(pairs("a=b+c&d=b%20c"), [("a".into(), "b c".into()), ("d".into(), "b c".into())]);
    }

    #[test]
    fn names_are_decoded_too_and_values_may_hold_equal_signs() {
        assert_eq!(pairs("User%49ds.0=x=y"), [("UserIds.0".into(), "x=y".into())]);
    }

    #[test]
    fn empty_pieces_are_skipped_and_a_bare_name_has_an_empty_value() {
        assert_eq!(pairs("&&a&=b&"), [("a".into(), String::new()), (String::new(), "b".into())]);
    }

    #[test]
    fn half_an_escape_is_refused() {
        for text in ["%", "%4", "a=%zz", "a=%+1"] {
            assert_eq!(parse(text.as_bytes()), Err(MalformedForm::Escape), "{text}");
        }
    }

    #[test]
    fn a_flood_of_fields_is_refused() {
        assert_eq!(parse("a&".repeat(MAX_FIELDS).as_bytes()).map(|pairs| pairs.len()), Ok(MAX_FIELDS));
        assert_eq!(parse("a&".repeat(MAX_FIELDS + 1).as_bytes()), Err(MalformedForm::TooMany));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert_eq!(parse(b"a=%ff"), Err(MalformedForm::Utf8));
        assert_eq!(parse(b"a=\xff"), Err(MalformedForm::Utf8));
    }
}
