//! The product: settings, command line, HTTP and WebSocket, and the wiring of rooms, media, store and Cloud API. The
//! decisions are elsewhere: who is told what in `rtc_room`, what is forwarded in `rtc_sfu`, what is refused by the Cloud
//! API in `rtc_cloudapi`.
//!
//! One task, the *control* ([`control`]), owns all rooms. Connections, the Cloud API and media speak to it by queues, so
//! nothing about rooms is ever locked:
//!
//! ```text
//! WebSocket tasks ──hello verified, requests──▶ control ──commands──▶ media shards
//!        ▲                                       │  ▲                      │
//!        └── one bounded queue a client ◀────────┘  └── slots, answers ◀───┘
//!                                                ├── facts ▶ bus ▶ readers (store, metrics, …)
//! Cloud API ──remove, dismiss──────────────────▶ ┘
//! ```

mod acme;
mod addresses;
mod apps;
pub mod bus;
mod clock;
pub mod command;
mod control;
mod doctor;
mod door;
mod engine;
mod gate;
mod http;
mod keeper;
mod logging;
mod metrics;
mod probe;
mod public_address;
mod question;
mod refusal;
mod roster;
pub mod settings;
mod signal;
mod time;
mod tls;
mod turn;

pub use engine::{Engine, StartError};
pub use settings::Settings;
