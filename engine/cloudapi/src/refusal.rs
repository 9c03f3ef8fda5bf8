//! Refusals: the one table of error codes, and how failures of other parts become them.

use std::fmt;

use rtc_auth::request_signature::RequestSignatureError;

use crate::Fault;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// The error codes that the face gives, under the names they have on the wire.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

codes! {
    /// Not signed, or the signature is not of its format.
    InvalidAuthorization = "AuthFailure.InvalidAuthorization",
    /// No such credential.
    SecretIdNotFound = "AuthFailure.SecretIdNotFound",
    /// Signed more than five minutes ago, or in the future.
    SignatureExpire = "AuthFailure.SignatureExpire",
    /// The signature is another one.
    SignatureFailure = "AuthFailure.SignatureFailure",
    /// The room has nobody in it.
    RoomNotExist = "FailedOperation.RoomNotExist",
    /// The engine failed; its log has the RequestId.
    InternalError = "InternalError",
    /// No action of that name in the service.
    InvalidAction = "InvalidAction",
    /// A common parameter has the wrong form.
    InvalidParameter = "InvalidParameter",
    /// The body is not what its content type says.
    BodyParams = "InvalidParameter.BodyParamsError",
    /// `RoomId` has the wrong type.
    RoomIdType = "InvalidParameter.RoomId",
    /// `SdkAppId` has the wrong type or a value that no app has.
    SdkAppIdInvalid = "InvalidParameter.SdkAppId",
    /// The query of a GET cannot be decoded.
    UrlParams = "InvalidParameter.UrlParamsError",
    /// `UserIds` has the wrong type, more than ten users, or something that is no user id.
    UserIdsInvalid = "InvalidParameter.UserIds",
    /// `RoomId` has the right type, but a value that no room has. The gateway's list tells the two families apart in this
    /// way, and of the three parameters only this one has a code in both.
    RoomIdValue = "InvalidParameterValue.RoomId",
    /// A common parameter is missing.
    MissingParameter = "MissingParameter",
    /// `RoomId` is missing.
    RoomIdMissing = "MissingParameter.RoomId",
    /// `SdkAppId` is missing.
    SdkAppIdMissing = "MissingParameter.SdkAppId",
    /// `UserIds` is missing, or there is nobody in it.
    UserIdsMissing = "MissingParameter.UserIds",
    /// No such version of the service.
    NoSuchVersion = "NoSuchVersion",
    /// Too many requests for this action in a short time.
    RequestLimitExceeded = "RequestLimitExceeded",
    /// The query or the body is too large.
    RequestSizeLimitExceeded = "RequestSizeLimitExceeded",
    /// No such app, or not one of this credential's: the same code for both, so that nobody can find out which apps exist.
    SdkAppIdUnauthorized = "UnauthorizedOperation.SdkAppId",
    /// A parameter that the action does not have.
    UnknownParameter = "UnknownParameter",
    /// The service has this action, this engine does not have it yet.
    UnsupportedOperation = "UnsupportedOperation",
    /// Neither GET nor POST.
    UnsupportedProtocol = "UnsupportedProtocol",
}

/// A refusal as it travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which.
    pub code: Code,
    /// What was wrong with which parameter, and what to do.
    pub message: String,
}

impl Refusal {
    /// Builds a refusal.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// A text from outside, for a message: in quotes, escaped, and cut, because it may be of any length.
pub(crate) fn quoted(text: &str) -> String {
    const MAX_CHARS: usize = 64;
    match text.char_indices().nth(MAX_CHARS) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}…", &text[..end]),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for Refusal {}

impl From<RequestSignatureError> for Refusal {
    fn from(error: RequestSignatureError) -> Self {
        let code = match &error {
            RequestSignatureError::Missing | RequestSignatureError::Malformed(_) => Code::InvalidAuthorization,
            RequestSignatureError::MissingField(_) => Code::MissingParameter,
            RequestSignatureError::NotATime(_) => Code::InvalidParameter,
            RequestSignatureError::Expired { .. } => Code::SignatureExpire,
            RequestSignatureError::UnknownSecretId => Code::SecretIdNotFound,
            // The day, an absent header, the signature itself, and whatever else may be added: not proven.
            _ => Code::SignatureFailure,
        };
        Self::new(code, error.to_string())
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        tracing::error!(%fault, "a Cloud API request failed");
        Self::new(Code::InternalError, "the engine failed; its log tells why, under this RequestId")
    }
}
