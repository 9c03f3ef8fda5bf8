//! Signature version 1 of the Cloud API (HmacSHA1, HmacSHA256): everything, the common parameters too, is in one form,
//! which is the query of a GET or the body of a POST; the signature covers method, host and all other fields.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{RequestParts, RequestSignatureError, read_time};
use crate::mac;

/// The form, taken apart.
#[derive(Debug, Clone)]
pub(super) struct SignedForm {
    pairs: Vec<(String, String)>,
    secret_id: usize,
    time_s: u64,
    method: Method,
    signature: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
enum Method {
    HmacSha1,
    HmacSha256,
}

impl SignedForm {
    pub(super) fn parse(pairs: Vec<(String, String)>) -> Result<Self, RequestSignatureError> {
        use RequestSignatureError::{Malformed, MissingField};
        let find = |name: &str| pairs.iter().position(|(n, _)| n == name);
        let signature = find("Signature").ok_or(RequestSignatureError::Missing)?;
        let secret_id = find("SecretId").ok_or(MissingField("the parameter SecretId"))?;
        let time = find("Timestamp").ok_or(MissingField("the parameter Timestamp"))?;
        find("Nonce").ok_or(MissingField("the parameter Nonce"))?;
        // HmacSHA1 where nothing is said is the documented default.
        let method = match find("SignatureMethod").map(|at| &pairs[at].1[..]) {
            None | Some("HmacSHA1") => Method::HmacSha1,
            Some("HmacSHA256") => Method::HmacSha256,
            Some(_) => return Err(Malformed("SignatureMethod is neither HmacSHA1 nor HmacSHA256")),
        };
        let time_s = read_time(&pairs[time].1, "Timestamp")?;
        let signature = STANDARD.decode(&pairs[signature].1).map_err(|_| Malformed("Signature is not base64"))?;
        Ok(Self { secret_id, time_s, method, signature, pairs })
    }

    pub(super) fn secret_id(&self) -> &str {
        &self.pairs[self.secret_id].1
    }

    pub(super) fn time_s(&self) -> u64 {
        self.time_s
    }

    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    pub(super) fn verify(&self, parts: &RequestParts<'_>, secret_key: &str) -> Result<(), RequestSignatureError> {
        let mut fields: Vec<_> = self.pairs.iter().collect();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        if fields.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            // Two fields of one name could be sorted either way, and only one of them would be obeyed. A second signature would be
            // a field that nothing signs.
            return Err(RequestSignatureError::Malformed("a parameter is given twice"));
        }
        fields.retain(|(name, _)| name != "Signature");
        let fields = fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        for host in parts.hosts() {
            let text = format!("{}{host}/?{fields}", parts.method);
            let equal = match self.method {
                Method::HmacSha1 => mac::equal(&mac::hmac_sha1(secret_key.as_bytes(), text.as_bytes()), &self.signature),
                Method::HmacSha256 => mac::equal(&mac::hmac_sha256(secret_key.as_bytes(), text.as_bytes()), &self.signature),
            };
            if equal {
                return Ok(());
            }
        }
        Err(RequestSignatureError::Mismatch)
    }
}
