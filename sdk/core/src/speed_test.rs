//! The network test before entering, in the numbers of the original. It sends nothing itself.

use std::sync::{Arc, Mutex};

use rtc_api::{ErrorCode, Event, Quality, SpeedTestParams, SpeedTestResult, SpeedTestScene};
use rtc_link::{Outcome, SpeedTest, SpeedTestError};
use rtc_protocol::{ProbeBegin, SdkAppId};

use crate::courier::Courier;
use crate::lock::lock;
use crate::shared::{Phase, Shared};

/// The bounds of an expected bandwidth, kilobits a second; a chorus is judged by less.
const MOST_KBPS: i32 = 5000;
const MOST_CHORUS_KBPS: i32 = 1000;
const LEAST_KBPS: i32 = 10;

/// The test of an instance, one at a time.
pub(crate) struct Speed {
    shared: Arc<Shared>,
    courier: Courier,
    running: Mutex<Option<SpeedTest>>,
}

impl Speed {
    pub(crate) fn new(shared: Arc<Shared>, courier: Courier) -> Self {
        Self { shared, courier, running: Mutex::default() }
    }

    /// 0 where it began, else an error code below.
    pub(crate) fn start(&self, params: &SpeedTestParams) -> i32 {
        let begin = match begin(params) {
            Ok(begin) => begin,
            Err(reason) => return refuse(ErrorCode::INVALID_PARAMETER, &reason),
        };
        if self.shared.phase() != Phase::Out {
            return refuse(ErrorCode::REFUSED, "it would disturb the room this instance is in; leave first");
        }
        let mut running = lock(&self.running);
        if running.as_ref().is_some_and(|test| !test.is_over()) {
            return refuse(ErrorCode::REFUSED, "a test is under way; stop it first");
        }
        let server = crate::server_address::find(self.shared.server().as_deref());
        let told = self.courier.clone();
        let handler = move |result| told.tell(Event::SpeedTestResult { result: result_of(result) });
        match SpeedTest::start(&server, crate::proxy::access(self.shared.trust()), begin, handler) {
            Ok(test) => {
                *running = Some(test);
                ErrorCode::NULL.0
            }
            Err(error) => refuse(ErrorCode::FAILED, &format!("no thread for it: {error}")),
        }
    }

    /// Ends it without a result.
    pub(crate) fn stop(&self) {
        lock(&self.running).take();
    }
}

fn refuse(code: ErrorCode, reason: &str) -> i32 {
    tracing::warn!("startSpeedTest: {reason}");
    code.0
}

fn begin(params: &SpeedTestParams) -> Result<ProbeBegin, String> {
    let most = if params.scene == SpeedTestScene::OnlineChorusTesting { MOST_CHORUS_KBPS } else { MOST_KBPS };
    let kbps = |name: &str, value: i32| match (params.scene, u32::try_from(value)) {
        (SpeedTestScene::DelayTesting, _) | (_, Ok(0)) => Ok(0),
        (_, Ok(kbps)) if (LEAST_KBPS..=most).contains(&value) => Ok(kbps),
        _ => Err(format!("{name} must be 0 or from {LEAST_KBPS} to {most} kbps, not {value}")),
    };
    let sdk_app_id = u32::try_from(params.sdk_app_id).unwrap_or(0);
    if sdk_app_id == 0 || params.user_id.is_empty() || params.user_sig.is_empty() {
        return Err("sdkAppId, userId and userSig must be given".to_owned());
    }
    Ok(ProbeBegin {
        protocol: rtc_protocol::VERSION,
        sdk_app_id: SdkAppId(sdk_app_id),
        user_id: params.user_id.clone(),
        user_sig: params.user_sig.clone(),
        expected_up_kbps: kbps("expectedUpBandwidth", params.expected_up_bandwidth)?,
        expected_down_kbps: kbps("expectedDownBandwidth", params.expected_down_bandwidth)?,
    })
}

fn result_of(result: Result<Outcome, SpeedTestError>) -> SpeedTestResult {
    match result {
        Ok(outcome) => SpeedTestResult {
            success: outcome.success,
            err_msg: if outcome.success {
                String::new()
            } else {
                "no datagram came back: is UDP to the engine blocked?".to_owned()
            },
            ip: outcome.address,
            quality: crate::control::quality(outcome.quality),
            up_lost_rate: outcome.up_lost,
            down_lost_rate: outcome.down_lost,
            rtt: whole(outcome.rtt_ms),
            available_up_bandwidth: whole(outcome.up_kbps),
            available_down_bandwidth: whole(outcome.down_kbps),
            up_jitter: whole(outcome.up_jitter_ms),
            down_jitter: whole(outcome.down_jitter_ms),
        },
        Err(error) => SpeedTestResult { err_msg: error.to_string(), quality: Quality::Unknown, ..SpeedTestResult::default() },
    }
}

fn whole(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given() -> SpeedTestParams {
        SpeedTestParams {
            sdk_app_id: 1_400_000_001,
            user_id: "ann".into(),
            user_sig: "sig".into(),
            expected_up_bandwidth: 500,
            ..SpeedTestParams::default()
        }
    }

    #[test]
    fn bandwidths_are_bounded_by_the_scene() {
        assert_eq!(begin(&given()).map(|begin| (begin.expected_up_kbps, begin.expected_down_kbps)), Ok((500, 0)));
        let with = |scene, kbps| begin(&SpeedTestParams { scene, expected_up_bandwidth: kbps, ..given() }).ok();
        assert!(with(SpeedTestScene::DelayAndBandwidthTesting, 5000).is_some());
        assert!(with(SpeedTestScene::DelayAndBandwidthTesting, 5001).is_none());
        assert!(with(SpeedTestScene::OnlineChorusTesting, 1001).is_none());
        assert!(with(SpeedTestScene::DelayAndBandwidthTesting, -1).is_none());
        assert_eq!(with(SpeedTestScene::DelayTesting, 700).map(|begin| begin.expected_up_kbps), Some(0));
    }

    #[test]
    fn nobody_tests_without_a_name() {
        assert!(begin(&SpeedTestParams { user_id: String::new(), ..given() }).is_err());
        assert!(begin(&SpeedTestParams { sdk_app_id: -5, ..given() }).is_err());
    }
}
