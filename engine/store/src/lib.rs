//! What outlives a run: apps, their keys, Cloud API credentials, and who was in which room. It keeps and finds rows; it
//! decides nothing about them.
//!
//! Everything is in one SQLite file of the data folder, in WAL mode, so that a command line beside a running engine reads
//! and writes the same store. The SQL is kept to what PostgreSQL understands as well.

mod app;
mod credential;
mod error;
mod membership;
mod random;
mod secret;
mod sqlite;

pub use app::App;
pub use credential::{Credential, Credentials};
pub use error::StoreError;
pub use membership::{KeptMembership, MembershipChange};
pub use secret::Secret;
pub use sqlite::Store;
