//! TC3-HMAC-SHA256, signature version 3 of the Cloud API ("Signature v3" in its documents): the signature covers method,
//! query, some headers and the body. The `X-TC-*` headers are covered only where the client chose to.

use super::{RequestParts, RequestSignatureError, read_time};
use crate::mac;

const ALGORITHM: &str = "TC3-HMAC-SHA256";
const SCOPE_END: &str = "tc3_request";
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";
const MAX_SIGNED_HEADERS: usize = 32;

/// The `Authorization` header, taken apart.
#[derive(Debug, Clone)]
pub(super) struct Authorization<'a> {
    pub(super) secret_id: &'a str,
    pub(super) time_s: u64,
    time: &'a str,
    date: &'a str,
    service: &'a str,
    signed_headers: &'a str,
    signature: [u8; 32],
}

impl<'a> Authorization<'a> {
    pub(super) fn parse(parts: &RequestParts<'a>, header: &'a str) -> Result<Self, RequestSignatureError> {
        use RequestSignatureError::Malformed;
        let fields = header
            .strip_prefix(ALGORITHM)
            .filter(|rest| rest.starts_with(' '))
            .ok_or(Malformed("Authorization does not begin with TC3-HMAC-SHA256, the one algorithm it may name"))?;
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for field in fields.split(',').map(str::trim) {
            let slot = match field.split_once('=') {
                Some(("Credential", value)) => credential.replace(value),
                Some(("SignedHeaders", value)) => signed_headers.replace(value),
                Some(("Signature", value)) => signature.replace(value),
                _ => return Err(Malformed("Authorization has a part other than Credential, SignedHeaders, Signature")),
            };
            if slot.is_some() {
                return Err(Malformed("Authorization has a part twice"));
            }
        }
        let credential = credential.ok_or(Malformed("Authorization has no Credential"))?;
        let signed_headers = signed_headers.ok_or(Malformed("Authorization has no SignedHeaders"))?;
        let signature = signature.ok_or(Malformed("Authorization has no Signature"))?;

        // The service is whatever the client put there: the Node client takes the first label of the endpoint, so it is
        // `127` when the engine is on 127.0.0.1.
        let mut scope = credential.split('/');
        let (Some(secret_id), Some(date), Some(service), Some(SCOPE_END), None) =
            (scope.next(), scope.next(), scope.next(), scope.next(), scope.next())
        else {
            return Err(Malformed("Credential is not SecretId/yyyy-mm-dd/service/tc3_request"));
        };
        if secret_id.is_empty() {
            return Err(Malformed("Credential has no SecretId"));
        }

        let names = || signed_headers.split(';');
        if names().count() > MAX_SIGNED_HEADERS {
            return Err(Malformed("SignedHeaders has more than 32 names"));
        }
        // Without the content type, a form could be passed off as JSON; without the host, a request to one engine could
        // be sent to another. The documents ask for both too.
        if !names().any(|name| name == "host") || !names().any(|name| name == "content-type") {
            return Err(Malformed("SignedHeaders must have content-type and host, in lower case"));
        }

        let mut bytes = [0; 32];
        hex::decode_to_slice(signature, &mut bytes).map_err(|_| Malformed("Signature is not 64 hexadecimal digits"))?;

        const TIME: &str = "the header X-TC-Timestamp";
        let time = parts.header("x-tc-timestamp").ok_or(RequestSignatureError::MissingField(TIME))?;
        let time_s = read_time(time, "X-TC-Timestamp")?;
        Ok(Self { secret_id, time_s, time, date, service, signed_headers, signature: bytes })
    }

    pub(super) fn verify(&self, parts: &RequestParts<'_>, secret_key: &str) -> Result<(), RequestSignatureError> {
        if utc_date(self.time_s) != self.date {
            return Err(RequestSignatureError::OtherDay);
        }
        let payload_hash = payload_hash(parts);
        let key = signing_key(secret_key, self.date, self.service);
        for host in parts.hosts() {
            // The documents have header values in lower case; clients that leave them as they are exist too.
            for lower in [true, false] {
                let headers = self.canonical_headers(parts, host, lower)?;
                let canonical = canonical_request(parts, &headers, self.signed_headers, &payload_hash);
                let text = text_to_sign(self.time, self.date, self.service, &canonical);
                if mac::equal(&mac::hmac_sha256(&key, text.as_bytes()), &self.signature) {
                    return Ok(());
                }
            }
        }
        match parts.header("host") {
            Some(_) => Err(RequestSignatureError::Mismatch),
            None => Err(RequestSignatureError::SignedHeaderAbsent("host".into())),
        }
    }

    fn canonical_headers(&self, parts: &RequestParts<'_>, host: &str, lower: bool) -> Result<Vec<u8>, RequestSignatureError> {
        let mut text = Vec::new();
        for name in self.signed_headers.split(';') {
            let value = match name {
                "host" => host,
                _ => parts.header(name).ok_or_else(|| RequestSignatureError::SignedHeaderAbsent(name.into()))?,
            };
            text.extend(name.as_bytes());
            text.push(b':');
            text.extend(if lower { value.to_ascii_lowercase() } else { value.into() }.as_bytes());
            text.push(b'\n');
        }
        Ok(text)
    }
}

/// Makes the `Authorization` header for a request, as a client does: for tests and for talking to other engines. Every
/// name in `signed_headers` (lower case, `;` between them) must be among the headers, and `X-TC-Timestamp` is `time_s`.
///
/// # Errors
///
/// [`RequestSignatureError::SignedHeaderAbsent`] names a header that is not there.
pub fn sign(
    parts: &RequestParts<'_>,
    secret_id: &str,
    secret_key: &str,
    service: &str,
    signed_headers: &str,
    time_s: u64,
) -> Result<String, RequestSignatureError> {
    let mut headers = Vec::new();
    for name in signed_headers.split(';') {
        let value = parts.header(name).ok_or_else(|| RequestSignatureError::SignedHeaderAbsent(name.into()))?;
        headers.extend(format!("{name}:{}\n", value.to_ascii_lowercase()).into_bytes());
    }
    let date = utc_date(time_s);
    let canonical = canonical_request(parts, &headers, signed_headers, &payload_hash(parts));
    let text = text_to_sign(&time_s.to_string(), &date, service, &canonical);
    let signature = hex::encode(mac::hmac_sha256(&signing_key(secret_key, &date, service), text.as_bytes()));
    Ok(format!(
        "{ALGORITHM} Credential={secret_id}/{date}/{service}/{SCOPE_END}, SignedHeaders={signed_headers}, Signature={signature}"
    ))
}

fn payload_hash(parts: &RequestParts<'_>) -> String {
    let payload = match parts.header("x-tc-content-sha256") {
        Some(UNSIGNED_PAYLOAD) => UNSIGNED_PAYLOAD.as_bytes(),
        _ if parts.method == "GET" => b"",
        _ => parts.body,
    };
    mac::sha256_hex(payload)
}

fn canonical_request(parts: &RequestParts<'_>, headers: &[u8], signed_headers: &str, payload_hash: &str) -> Vec<u8> {
    let query = if parts.method == "GET" { parts.query } else { "" };
    [parts.method.as_bytes(), b"/", query.as_bytes(), headers, signed_headers.as_bytes(), payload_hash.as_bytes()].join(&b'\n')
}

fn text_to_sign(time: &str, date: &str, service: &str, canonical_request: &[u8]) -> String {
    format!("{ALGORITHM}\n{time}\n{date}/{service}/{SCOPE_END}\n{}", mac::sha256_hex(canonical_request))
}

fn signing_key(secret_key: &str, date: &str, service: &str) -> [u8; 32] {
    let of_day = mac::hmac_sha256(format!("TC3{secret_key}").as_bytes(), date.as_bytes());
    let of_service = mac::hmac_sha256(&of_day, service.as_bytes());
    mac::hmac_sha256(&of_service, SCOPE_END.as_bytes())
}

/// `yyyy-mm-dd` in UTC. Whole cycles of 400 years are skipped at once, so that no time makes the loop long.
fn utc_date(time_s: u64) -> String {
    const CYCLE_YEARS: u64 = 400;
    const CYCLE_DAYS: u64 = 146_097;
    let days = time_s / 86_400;
    let mut year = 1970 + days / CYCLE_DAYS * CYCLE_YEARS;
    let mut day = days % CYCLE_DAYS;
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    while day >= 365 + u64::from(leap(year)) {
        day -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", day + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (time_s, date) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_709_164_800, "2024-02-29"),
            (1_735_689_599, "2024-12-31"),
            (1_735_689_600, "2025-01-01"),
            (4_107_542_399, "2100-02-28"),
            (4_107_542_400, "2100-03-01"),
            (253_402_300_799, "9999-12-31"),
        ] {
            assert_eq!(utc_date(time_s), date, "{time_s}");
        }
        utc_date(u64::MAX);
    }
}
