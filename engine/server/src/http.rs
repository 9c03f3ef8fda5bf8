//! What the engine answers over HTTP, path by path.

mod asset;
mod cloud;
mod demo;
mod doctor;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use rtc_cloudapi::{CloudApi, is_cloud_api_request};
use rtc_net::Media;
use rtc_store::Store;

pub(crate) use cloud::Behind;

use crate::apps::Apps;
use crate::control::{Control, Figures, Input};
use crate::doctor::Wants;
use crate::metrics::{self, Counters};
use crate::probe;
use crate::signal::{self, Signal};
use crate::time;
use crate::turn::Relays;

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// What the handlers use.
pub(crate) struct Face {
    pub(crate) cloud: CloudApi<Behind>,
    pub(crate) control: Control,
    pub(crate) media: Arc<Media>,
    pub(crate) relays: Relays,
    pub(crate) counters: Arc<Counters>,
    pub(crate) wants: Wants,
    /// Nothing while the demo is off.
    pub(crate) demo: Option<Signer>,
}

pub(crate) use demo::Signer;

/// Every path.
pub(crate) fn router(face: Arc<Face>, signal: Arc<Signal>) -> Router {
    let signaling = Router::new()
        .route("/v1/signal", get(signal::upgrade))
        .route("/v1/probe", get(probe::upgrade))
        .route("/v1/time", get(time::upgrade))
        .with_state(signal);
    Router::new()
        .route("/", any(root))
        .route("/sdk/{*path}", get(sdk))
        .route("/demo/usersig", post(demo::sign))
        .route("/demo/{*path}", get(demo_asset))
        .route("/doctor", get(doctor_page))
        .route("/v1/doctor", get(doctor::facts))
        .route("/favicon.ico", get(favicon))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(show_metrics))
        .with_state(face)
        .merge(signaling)
}

/// The demo page for somebody with a browser, the Cloud API for the rest.
async fn root(
    State(face): State<Arc<Face>>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let query = query.unwrap_or_default();
    let fields: Vec<(&str, &[u8])> = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    if is_cloud_api_request(method.as_str(), &fields, &query) {
        return cloud::answer(&face.cloud, method.as_str(), &fields, &query, body).await;
    }
    match method {
        Method::GET | Method::HEAD => asset::demo("index.html", &headers),
        _ => (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD, POST")]).into_response(),
    }
}

async fn sdk(Path(path): Path<String>, headers: HeaderMap) -> Response {
    asset::sdk(&path, &headers)
}

async fn demo_asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    asset::demo(&path, &headers)
}

async fn doctor_page(headers: HeaderMap) -> Response {
    asset::demo("doctor.html", &headers)
}

async fn favicon(headers: HeaderMap) -> Response {
    asset::demo("icon.svg", &headers)
}

async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether new members are welcome here, for load balancers. `/healthz` says whether the engine lives.
async fn readyz(State(face): State<Arc<Face>>) -> (StatusCode, &'static str) {
    match face.control.ask(|reply| Input::Figures { reply }).await {
        Some(Figures { is_draining: false, .. }) => (StatusCode::OK, "ready\n"),
        Some(_) => (StatusCode::SERVICE_UNAVAILABLE, "draining\n"),
        None => (StatusCode::SERVICE_UNAVAILABLE, "stopped\n"),
    }
}

async fn show_metrics(State(face): State<Arc<Face>>) -> Response {
    let figures = face.control.ask(|reply| Input::Figures { reply }).await;
    let text = metrics::text(&face.counters, figures, &face.media.stats());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// Reads a body of at most `most` bytes; nothing when there is more, or it does not come.
async fn read(body: Body, most: usize) -> Option<axum::body::Bytes> {
    tokio::time::timeout(BODY_TIMEOUT, axum::body::to_bytes(body, most)).await.ok()?.ok()
}

impl Face {
    /// Puts the Cloud API before the engine.
    pub(crate) fn cloud(control: Control, store: Store, apps: Apps, requests_per_second: u32) -> CloudApi<Behind> {
        CloudApi::new(Behind { control, store, apps }, rtc_cloudapi::Config { requests_per_second })
    }
}
