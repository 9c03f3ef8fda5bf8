//! The one table that turns the errors of the parts into the refusals clients know.

use std::time::Duration;

use rtc_auth::private_map_key::PrivateMapKeyError;
use rtc_auth::user_sig::UserSigError;
use rtc_net::OfferError;
use rtc_protocol::{Error, ErrorCode, InvalidIdent, PREVIOUS_VERSION, SdkAppId, VERSION};

pub(crate) fn user_sig(error: &UserSigError) -> Error {
    let code = match error {
        UserSigError::Empty => ErrorCode::UserSigEmpty,
        UserSigError::Expired { .. } | UserSigError::NotYetValid { .. } => ErrorCode::UserSigExpired,
        UserSigError::Forged => ErrorCode::UserSigForged,
        UserSigError::OtherUser => ErrorCode::UserSigOtherUser,
        UserSigError::OtherApp => ErrorCode::UserSigOtherApp,
        // TooLarge, Malformed, and what may be added: in each case there is nothing in it that could be read.
        _ => ErrorCode::UserSigMalformed,
    };
    Error::new(code, format!("userSig: {error}"))
}

pub(crate) fn private_map_key(error: &PrivateMapKeyError) -> Error {
    Error::new(ErrorCode::PrivateMapKeyInvalid, format!("privateMapKey: {error}"))
}

pub(crate) fn app_unknown(app: SdkAppId) -> Error {
    Error::new(
        ErrorCode::AppUnknown,
        format!("sdkAppId: there is no app {app} on this engine; `rtc-engine credentials` shows the one there is"),
    )
}

pub(crate) fn user_id(error: InvalidIdent) -> Error {
    Error::new(ErrorCode::UserIdInvalid, format!("userId: {error}"))
}

pub(crate) fn room_id(error: InvalidIdent) -> Error {
    Error::new(ErrorCode::RoomIdInvalid, format!("room: {error}"))
}

/// A room or a user that somebody wants to be linked with.
pub(crate) fn link_parameter(what: &str, error: InvalidIdent) -> Error {
    Error::new(ErrorCode::LinkParameterInvalid, format!("{what}: {error}"))
}

pub(crate) fn version(spoken: u64) -> Error {
    let (which, age) = if spoken > VERSION.into() { ("engine", "newer") } else { ("SDK", "older") };
    let words = format!(
        "protocol: version {spoken} is {age} than what this engine speaks ({PREVIOUS_VERSION} to {VERSION}); update the {which}"
    );
    Error::new(ErrorCode::VersionUnsupported, words)
}

pub(crate) fn offer(error: &OfferError) -> Error {
    let code = match error {
        OfferError::Busy => ErrorCode::Overloaded,
        OfferError::Failed => ErrorCode::Internal,
        // Not at this moment: there is nothing that could grow or restart.
        OfferError::NoSession => ErrorCode::UnknownRequest,
        // The others tell what is wrong with the offer.
        _ => ErrorCode::InvalidParameter,
    };
    Error::new(code, error.to_string())
}

pub(crate) fn malformed(reason: impl std::fmt::Display) -> Error {
    Error::new(ErrorCode::MalformedMessage, format!("the message cannot be read: {reason}"))
}

pub(crate) fn unknown_request(words: impl Into<String>) -> Error {
    Error::new(ErrorCode::UnknownRequest, words)
}

pub(crate) fn too_many_requests(per_second: u32) -> Error {
    Error::new(ErrorCode::RateLimited, format!("more than {per_second} requests a second; slow down"))
}

pub(crate) fn probe_over(within: Duration) -> Error {
    Error::new(ErrorCode::UnknownRequest, format!("the test is over: it may take {} s", within.as_secs()))
}

pub(crate) fn probe_again(pause: Duration) -> Error {
    let words = format!("this user tests already, or did just now; test again after {} s", pause.as_secs());
    Error::new(ErrorCode::RateLimited, words)
}

pub(crate) fn too_many_probes(most: usize) -> Error {
    Error::new(ErrorCode::Overloaded, format!("{most} clients test their network; try again in a few seconds"))
}

pub(crate) fn too_many_sessions(most: usize) -> Error {
    Error::new(ErrorCode::Overloaded, format!("the engine has all the {most} members it may have; try again later"))
}

pub(crate) fn stopping() -> Error {
    Error::new(ErrorCode::Overloaded, "the engine is stopping; try again in a few seconds")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_user_sig_gets_the_number_the_original_gives_it() {
        let codes: Vec<i32> = [
            UserSigError::Expired { by_s: 1 },
            UserSigError::Empty,
            UserSigError::Malformed("x"),
            UserSigError::TooLarge,
            UserSigError::Forged,
            UserSigError::OtherUser,
            UserSigError::OtherApp,
        ]
        .iter()
        .map(|error| user_sig(error).code)
        .collect();
        assert_eq!(codes, [70001, 70002, 70003, 70003, 70009, 70013, 70014]);
    }

    #[test]
    fn a_version_that_is_not_spoken_says_who_is_behind() {
        assert!(version(99).message.ends_with("update the engine"));
        assert!(version(0).message.ends_with("update the SDK"));
    }
}
