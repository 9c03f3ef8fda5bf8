//! What the doctor asks an engine. Anybody may: see [`Facts`] for what is told to whom.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};

use super::Face;
use crate::doctor::Facts;
use crate::door::Guest;

/// `GET /v1/doctor`. Without CORS: pages of other origins need not know.
pub(super) async fn facts(State(face): State<Arc<Face>>, Extension(guest): Extension<Guest>) -> Response {
    let facts = Facts::of(&face.media, &face.relays, face.wants, guest.address);
    ([(header::CACHE_CONTROL, "no-store")], Json(facts)).into_response()
}
