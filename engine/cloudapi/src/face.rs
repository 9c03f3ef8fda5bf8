//! The face itself: the order in which a request is checked, and what comes of it.

use std::sync::{Mutex, PoisonError};

use rtc_auth::request_signature::{RequestSignatureError, Signed};
use tracing::Instrument;

use crate::VERSION;
use crate::actions::{self, Action, Answer};
use crate::engine::Engine;
use crate::pace::{Buckets, Pace};
use crate::parameters::Parameters;
use crate::refusal::{Code, Refusal, quoted};
use crate::request::{Common, Request, Response};

/// What can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// How many requests a credential may make for one action in a second; actions that are slower with the original stay
    /// so. 0 sets no limit at all.
    pub requests_per_second: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { requests_per_second: 20 }
    }
}

/// The Cloud API in front of an engine.
#[derive(Debug)]
pub struct CloudApi<E> {
    engine: E,
    config: Config,
    buckets: Mutex<Buckets>,
}

impl<E: Engine> CloudApi<E> {
    /// Puts the face before an engine.
    pub fn new(engine: E, config: Config) -> Self {
        Self { engine, config, buckets: Mutex::default() }
    }

    /// Answers a request. Every request gets an answer; there is no error to handle.
    pub async fn handle(&self, request: Request<'_>) -> Response {
        let span = tracing::info_span!("cloud_api", request_id = request.request_id);
        let outcome = self.answer(&request).instrument(span).await;
        if let Err(refusal) = &outcome {
            tracing::debug!(request_id = request.request_id, code = refusal.code.as_str(), "Cloud API request refused");
        }
        Response::new(request.request_id, outcome)
    }

    /// What is free comes first, and what tells something about the engine comes after the signature.
    async fn answer(&self, request: &Request<'_>) -> Answer {
        request.check_shape()?;
        let parts = request.parts();
        let signed = Signed::parse(parts)?;
        let common = Common::read(&parts, &signed)?;
        if common.version != VERSION {
            let message = format!("version {} of this service does not exist: it is {VERSION}", quoted(common.version));
            return Err(Refusal::new(Code::NoSuchVersion, message));
        }
        let Some(action) = actions::find(common.action) else {
            let message = format!("{} is no action of service trtc, version {VERSION}", quoted(common.action));
            return Err(Refusal::new(Code::InvalidAction, message));
        };

        let now_s = request.now_ms / 1000;
        signed.verify_time(now_s)?;
        let secret_id = signed.secret_id();
        let secret_key = self.engine.secret_key(secret_id).await?.ok_or(RequestSignatureError::UnknownSecretId)?;
        signed.verify(&secret_key, now_s)?;
        if !action.is_here() {
            // Neither its pace nor its parameters matter.
            return Err(action.unsupported());
        }
        self.take_token(secret_id, action, request.now_ms)?;

        let parameters = Parameters::read(&parts, &signed)?;
        let answer = action.run(&self.engine, secret_id, &parameters).await?;
        tracing::info!(action = action.name, secret_id, "Cloud API request done");
        Ok(answer)
    }

    fn take_token(&self, secret_id: &str, action: &Action, now_ms: u64) -> Result<(), Refusal> {
        if self.config.requests_per_second == 0 {
            return Ok(());
        }
        let pace = action.pace.unwrap_or(Pace::per_second(self.config.requests_per_second));
        // A panic while the lock was held cannot leave a bucket half changed.
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.take(secret_id, action.name, pace, now_ms).map_err(|wait_ms| {
            let (name, Pace { requests, per_ms }) = (action.name, pace);
            let message = format!("{name} may be asked for {requests} times in {per_ms} ms: wait {wait_ms} ms");
            Refusal::new(Code::RequestLimitExceeded, message)
        })
    }
}
