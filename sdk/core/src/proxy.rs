//! The SOCKS5 proxy of the process (`ITXNetworkProxy`): every stay, test and question that begins later goes through it. It
//! speaks to nobody itself.

use std::sync::Mutex;

use rtc_api::ErrorCode;
use rtc_link::{Access, Proxy, Through, Trust};

use crate::lock::lock;

static PROXY: Mutex<Option<Proxy>> = Mutex::new(None);

/// Goes through this proxy from now on; what is under way goes on as it was. An empty host is none. User and password may be
/// empty. Returns 0, or an error code below it: -1 for a name without an address, -2 for the rest that cannot be.
pub fn set_socks5_proxy(host: &str, port: u16, user: &str, password: &str, through: Through) -> i32 {
    let proxy = match host {
        "" => None,
        host => match Proxy::new(host, port, user, password, through) {
            Ok(proxy) => Some(proxy),
            Err(error) => {
                tracing::warn!("setSocks5Proxy: {error}");
                let is_name = matches!(error, rtc_link::InvalidProxy::Name(..));
                return if is_name { ErrorCode::FAILED.0 } else { ErrorCode::INVALID_PARAMETER.0 };
            }
        },
    };
    *lock(&PROXY) = proxy;
    ErrorCode::NULL.0
}

/// How an engine is reached whose certificate is judged like this.
pub(crate) fn access(trust: Trust) -> Access {
    Access { trust, proxy: lock(&PROXY).clone() }
}
