//! The table of actions: all 86 of the service by name, with what answers them and how often. One file a group.

use serde_json::{Map, Value};

use crate::engine::Engine;
use crate::pace::Pace;
use crate::parameters::Parameters;
use crate::refusal::{Code, Refusal};

mod planned;
mod room_management;

/// The fields of an answer, without the RequestId.
pub(crate) type Answer = Result<Map<String, Value>, Refusal>;

/// A row of the table.
#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) name: &'static str,
    /// The pace, where it is not the usual one.
    pub(crate) pace: Option<Pace>,
    run: Run,
}

#[derive(Debug)]
enum Run {
    RoomManagement(room_management::Call),
    /// The service has it, this engine does not yet.
    Planned,
}

/// Finds an action by its exact name.
pub(crate) fn find(name: &str) -> Option<&'static Action> {
    table().find(|action| action.name == name)
}

/// The names of all actions of the service, and whether each works in this version of the engine.
pub fn action_names() -> impl Iterator<Item = (&'static str, bool)> {
    table().map(|action| (action.name, action.is_here()))
}

fn table() -> impl Iterator<Item = &'static Action> {
    room_management::ACTIONS.iter().chain(planned::ACTIONS)
}

impl Action {
    /// Whether this version of the engine has it.
    pub(crate) fn is_here(&self) -> bool {
        !matches!(self.run, Run::Planned)
    }

    /// Does it, for whoever holds `secret_id`.
    pub(crate) async fn run<E: Engine>(&self, engine: &E, secret_id: &str, parameters: &Parameters) -> Answer {
        match self.run {
            Run::RoomManagement(call) => room_management::run(call, engine, secret_id, parameters).await,
            Run::Planned => Err(self.unsupported()),
        }
    }

    /// The answer where it is not here.
    pub(crate) fn unsupported(&self) -> Refusal {
        let message = format!("{} is known, but this version of RTC Engine does not have it yet", self.name);
        Refusal::new(Code::UnsupportedOperation, message)
    }
}
