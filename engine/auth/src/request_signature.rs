//! The signature of a Cloud API request: proof that it was sent by whoever holds the secret key of a SecretId, that it
//! was not changed, and that it is not old. What the request may do is decided elsewhere.
//!
//! Two kinds are in use: TC3-HMAC-SHA256, in the `Authorization` header, and the older version 1 (HmacSHA1, HmacSHA256),
//! whose signature is a form field. [`Signed::parse`] tells which it is.
//!
//! A request is not remembered, so within [`MAX_SKEW_S`] seconds it can be played again by who overheard it, exactly as
//! with the original: use TLS where others can listen.

use thiserror::Error;

use crate::MAX_SKEW_S;
use crate::form;

mod tc3;
mod version1;

pub use tc3::sign as sign_tc3;

/// A request as it arrived: nothing decoded, nothing normalised, because that is what was signed. The path is `/`.
#[derive(Debug, Clone, Copy)]
pub struct RequestParts<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// Names in any case, values as they came. A request over HTTP/2 has no `host`; give its authority as one.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// What followed the `?`, still escaped; empty if there was none.
    pub query: &'a str,
    /// The body as it was sent.
    pub body: &'a [u8],
}

impl<'a> RequestParts<'a> {
    /// The first header of that name (lower case), without white space around it; nothing if it is not UTF-8.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let (_, value) = self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(value).ok().map(str::trim)
    }

    /// Host names under which the signature may have been made, most likely first: the Python client signs the one with
    /// the port, the Node client the one without.
    fn hosts(&self) -> Vec<&'a str> {
        let Some(host) = self.header("host") else { return Vec::new() };
        match host.rsplit_once(':') {
            Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => vec![host, name],
            _ => vec![host],
        }
    }
}

/// Why a signature is refused. The names in brackets are the codes of the original's gateway.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequestSignatureError {
    /// Neither an `Authorization` header nor a form with a `Signature` (AuthFailure.InvalidAuthorization).
    #[error("the request is not signed: send an Authorization header (TC3-HMAC-SHA256) or the form field Signature")]
    Missing,
    /// The `Authorization` header or the form is not of its format (AuthFailure.InvalidAuthorization).
    #[error("{0}")]
    Malformed(&'static str),
    /// A field without which there is nothing to check (MissingParameter).
    #[error("the request lacks {0}")]
    MissingField(&'static str),
    /// The time of the request is not a number of seconds (InvalidParameter).
    #[error("{0} is not a number of seconds since 1970")]
    NotATime(&'static str),
    /// More than five minutes old, or in the future (AuthFailure.SignatureExpire).
    #[error(
        "the request was signed at {signed_s}, and the clock here says {now_s}: they may differ by 300 s; check your clock"
    )]
    Expired {
        /// What the request says, in seconds since 1970.
        signed_s: u64,
        /// What the engine's clock says, in seconds since 1970.
        now_s: u64,
    },
    /// The day in the credential is not the UTC day of `X-TC-Timestamp` (AuthFailure.SignatureFailure).
    #[error("the date in Credential is not the UTC day of X-TC-Timestamp: compute it in UTC, not in local time")]
    OtherDay,
    /// No such credential (AuthFailure.SecretIdNotFound).
    #[error("no such SecretId here: list the engine's with `rtc-engine credentials`")]
    UnknownSecretId,
    /// A header that was signed did not arrive (AuthFailure.SignatureFailure).
    #[error("the header {0} is among SignedHeaders, but the request has none")]
    SignedHeaderAbsent(String),
    /// The signature is another one (AuthFailure.SignatureFailure).
    #[error(
        "the signature is not the one computed here: check the secret key, and that nothing on the way changed the request"
    )]
    Mismatch,
}

/// A request that claims to be signed, taken apart but not verified yet: the secret key has to be looked up in between.
#[derive(Debug, Clone)]
pub struct Signed<'a> {
    parts: RequestParts<'a>,
    proof: Proof<'a>,
}

#[derive(Debug, Clone)]
enum Proof<'a> {
    Tc3(tc3::Authorization<'a>),
    Version1(version1::SignedForm),
}

impl<'a> Signed<'a> {
    /// Finds the signature of a request and reads it.
    pub fn parse(parts: RequestParts<'a>) -> Result<Self, RequestSignatureError> {
        let proof = if let Some(header) = parts.header("authorization") {
            Proof::Tc3(tc3::Authorization::parse(&parts, header)?)
        } else {
            let text = if parts.method == "POST" { parts.body } else { parts.query.as_bytes() };
            // A body that is no form at all is simply not signed.
            let pairs = form::parse(text).map_err(|_| RequestSignatureError::Missing)?;
            Proof::Version1(version1::SignedForm::parse(pairs)?)
        };
        Ok(Self { parts, proof })
    }

    /// Whose signature it claims to be.
    pub fn secret_id(&self) -> &str {
        match &self.proof {
            Proof::Tc3(authorization) => authorization.secret_id,
            Proof::Version1(form) => form.secret_id(),
        }
    }

    /// The decoded fields of a version 1 request, where they carry the common parameters as well; nothing for TC3.
    pub fn form(&self) -> Option<&[(String, String)]> {
        match &self.proof {
            Proof::Tc3(_) => None,
            Proof::Version1(form) => Some(form.pairs()),
        }
    }

    /// Checks the time, then the signature. `now_s` is in seconds since 1970.
    pub fn verify(&self, secret_key: &str, now_s: u64) -> Result<(), RequestSignatureError> {
        self.verify_time(now_s)?;
        if secret_key.is_empty() {
            // Everybody knows this key.
            return Err(RequestSignatureError::Mismatch);
        }
        match &self.proof {
            Proof::Tc3(authorization) => authorization.verify(&self.parts, secret_key),
            Proof::Version1(form) => form.verify(&self.parts, secret_key),
        }
    }

    /// Checks the time alone, which needs no key.
    pub fn verify_time(&self, now_s: u64) -> Result<(), RequestSignatureError> {
        let signed_s = match &self.proof {
            Proof::Tc3(authorization) => authorization.time_s,
            Proof::Version1(form) => form.time_s(),
        };
        if signed_s.abs_diff(now_s) > MAX_SKEW_S {
            return Err(RequestSignatureError::Expired { signed_s, now_s });
        }
        Ok(())
    }
}

/// Verifies a request whose secret keys are at hand, and tells its SecretId. `now_s` is in seconds since 1970.
pub fn verify<K: AsRef<str>>(
    parts: RequestParts<'_>,
    now_s: u64,
    secret_key: impl FnOnce(&str) -> Option<K>,
) -> Result<String, RequestSignatureError> {
    let signed = Signed::parse(parts)?;
    let secret_key = secret_key(signed.secret_id()).ok_or(RequestSignatureError::UnknownSecretId)?;
    signed.verify(secret_key.as_ref(), now_s)?;
    Ok(signed.secret_id().into())
}

/// Reads a time, which is a plain decimal number: the text itself is signed, so it must have one spelling.
fn read_time(text: &str, name: &'static str) -> Result<u64, RequestSignatureError> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain).ok_or(RequestSignatureError::NotATime(name))
}
