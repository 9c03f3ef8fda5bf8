//! Numbers of refusals as a native application knows them.

use rtc_api::ErrorCode;
use rtc_session::Failure;

/// The native number of a failure. The engine names a bad UserSig by the number of the login service, above zero, which is
/// what a Web application reads; a native one reads a number below zero as a failure and any other as success.
pub(crate) fn code_of(failure: &Failure) -> ErrorCode {
    match failure.code {
        70_001..=70_999 => ErrorCode::USER_SIG_CHECK_FAILED,
        code if code < 0 => ErrorCode(code),
        _ => ErrorCode::FAILED,
    }
}

/// Number and words of what came of a request.
pub(crate) fn outcome<T>(result: Result<T, Failure>) -> (ErrorCode, String) {
    match result {
        Ok(_) => (ErrorCode::NULL, String::new()),
        Err(failure) => (code_of(&failure), failure.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_below_zero_whatever_the_engine_calls_it() {
        let code = |code| code_of(&Failure { code, name: None, message: String::new() }).0;
        assert_eq!(code(70_001), -100_018);
        assert_eq!(code(-3301), -3301);
        assert_eq!(code(0), -1);
    }
}
