//! The time by the engine's clock, for the whole process: people in different places begin a song at the same moment by it.
//! It does not keep asking; the application says when.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rtc_api::ErrorCode;
use rtc_link::NetworkTime;

use crate::lock::lock;
use crate::server_address;

/// A reading that may be off by more is told as a poor one.
const GOOD: Duration = Duration::from_millis(30);

/// Is told how an update went: 0 and an empty text; 1 when the time is known but may be off by more than 30 ms; -1 when it is
/// not known. The text says why.
pub type NetworkTimeCallback = Arc<dyn Fn(i32, &str) + Send + Sync>;

static CLOCK: Mutex<Clock> = Mutex::new(Clock { reading: None, is_asking: false, told: None });

struct Clock {
    reading: Option<NetworkTime>,
    is_asking: bool,
    told: Option<NetworkTimeCallback>,
}

/// Asks the engine for the time (`updateNetworkTime`); which engine is found as for an instance that was told none, else it is
/// the one that an instance was told last. Answered by the callback, on a thread of its own. Returns 0, or an error code below
/// it: while it is being asked, and where there is no thread.
pub fn update_network_time() -> i32 {
    {
        let mut clock = lock(&CLOCK);
        if clock.is_asking {
            tracing::warn!("updateNetworkTime: the engine is being asked already");
            return ErrorCode::REFUSED.0;
        }
        clock.is_asking = true;
    }
    match thread::Builder::new().name("rtc-network-time".into()).spawn(ask) {
        Ok(_) => ErrorCode::NULL.0,
        Err(error) => {
            lock(&CLOCK).is_asking = false;
            tracing::warn!("updateNetworkTime: no thread for it: {error}");
            ErrorCode::FAILED.0
        }
    }
}

/// Milliseconds since 1970 by the engine's clock (`getNetworkTimestamp`); 0 while they are not known.
pub fn network_timestamp() -> i64 {
    let reading = lock(&CLOCK).reading;
    reading.map_or(0, |reading| i64::try_from(reading.milliseconds(Instant::now())).unwrap_or(i64::MAX))
}

/// Who is told how an update went (`setUpdateNetworkTimeCallback`).
pub fn set_network_time_callback(callback: Option<NetworkTimeCallback>) {
    lock(&CLOCK).told = callback;
}

fn ask() {
    let (server, trust) = server_address::of_process();
    let result = NetworkTime::ask(&server, &crate::proxy::access(trust));
    let (code, words) = match &result {
        Ok(reading) if reading.may_be_off() <= GOOD => (0, String::new()),
        Ok(reading) => (1, format!("the network is slow: the time may be off by {} ms", reading.may_be_off().as_millis())),
        Err(error) => (-1, error.to_string()),
    };
    if code != 0 {
        tracing::warn!("updateNetworkTime: {words}");
    }
    let told = {
        let mut clock = lock(&CLOCK);
        clock.is_asking = false;
        // What was known before is still true when the engine could not be asked again.
        clock.reading = result.ok().or(clock.reading);
        clock.told.clone()
    };
    // Without the lock: it may ask again at once.
    if let Some(told) = told {
        told(code, &words);
    }
}
