//! RemoveUser and DismissRoom, each for number rooms and for string rooms.

use rtc_protocol::{RoomId, RoomKey, UserId};
use serde_json::Map;

use super::{Action, Answer, Run};
use crate::engine::{Engine, RoomsError};
use crate::parameters::Parameters;
use crate::refusal::{Code, Refusal};

/// The most users one request may name.
const MAX_USERS: usize = 10;

pub(super) const ACTIONS: &[Action] = &[
    action("RemoveUser", Call::RemoveUser(RoomIdKind::Number)),
    action("RemoveUserByStrRoomId", Call::RemoveUser(RoomIdKind::Text)),
    action("DismissRoom", Call::DismissRoom(RoomIdKind::Number)),
    action("DismissRoomByStrRoomId", Call::DismissRoom(RoomIdKind::Text)),
];

const fn action(name: &'static str, call: Call) -> Action {
    Action { name, pace: None, run: Run::RoomManagement(call) }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Call {
    RemoveUser(RoomIdKind),
    DismissRoom(RoomIdKind),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum RoomIdKind {
    Number,
    Text,
}

pub(super) async fn run<E: Engine>(call: Call, engine: &E, secret_id: &str, parameters: &Parameters) -> Answer {
    let (room, outcome) = match call {
        Call::RemoveUser(kind) => {
            parameters.allow_only(&["SdkAppId", "RoomId", "UserIds"])?;
            let room = read_room(parameters, kind)?;
            let users = read_users(parameters)?;
            authorize(engine, secret_id, &room).await?;
            // Users who are not in the room are passed over, and the answer is a success: what the application wants is
            // that they are not in the room, and they may have left by themselves a moment before. Failing would also
            // say nothing about the other nine, and the service has no code for it.
            let outcome = engine.remove_users(&room, &users).await;
            (room, outcome)
        }
        Call::DismissRoom(kind) => {
            parameters.allow_only(&["SdkAppId", "RoomId"])?;
            let room = read_room(parameters, kind)?;
            authorize(engine, secret_id, &room).await?;
            let outcome = engine.dismiss(&room).await;
            (room, outcome)
        }
    };
    match outcome {
        Ok(()) => Ok(Map::new()),
        Err(RoomsError::Fault(fault)) => Err(fault.into()),
        Err(RoomsError::RoomMissing) => Err(room_missing(call, &room)),
    }
}

fn read_room(parameters: &Parameters, kind: RoomIdKind) -> Result<RoomKey, Refusal> {
    const OTHER_KIND: &str = "string rooms and number rooms have actions of their own, …ByStrRoomId and the one without";
    let wrong_type = |e| Refusal::new(Code::RoomIdType, format!("{e} ({OTHER_KIND})"));
    let app = parameters.app()?;
    let parsed = match kind {
        RoomIdKind::Number => parameters.integer("RoomId").map_err(wrong_type)?.map(|number| match u64::try_from(number) {
            Ok(number) => RoomId::number(number),
            Err(_) => RoomId::number(0),
        }),
        RoomIdKind::Text => parameters.text("RoomId").map_err(wrong_type)?.map(RoomId::text),
    };
    let room = parsed
        .ok_or_else(|| Refusal::new(Code::RoomIdMissing, "RoomId is missing"))?
        .map_err(|e| Refusal::new(Code::RoomIdValue, format!("RoomId {e}")))?;
    Ok(RoomKey { app, room })
}

/// The users, each once.
fn read_users(parameters: &Parameters) -> Result<Vec<UserId>, Refusal> {
    let invalid = |e| Refusal::new(Code::UserIdsInvalid, e);
    let texts = parameters.texts("UserIds").map_err(|e| invalid(e.to_string()))?.unwrap_or_default();
    if texts.is_empty() {
        return Err(Refusal::new(Code::UserIdsMissing, "UserIds is missing or empty: name 1 to 10 users"));
    }
    if texts.len() > MAX_USERS {
        // Not `UserIdsMorethanSix`, which belongs to the queries about calls.
        return Err(invalid(format!("UserIds has {} users: name at most {MAX_USERS} in a request", texts.len())));
    }
    let mut users = Vec::with_capacity(texts.len());
    for (n, text) in texts.into_iter().enumerate() {
        let user = UserId::parse(text).map_err(|e| invalid(format!("UserIds.{n} {e}")))?;
        if !users.contains(&user) {
            users.push(user);
        }
    }
    Ok(users)
}

async fn authorize<E: Engine>(engine: &E, secret_id: &str, room: &RoomKey) -> Result<(), Refusal> {
    if engine.may_act_for(secret_id, room.app).await? {
        return Ok(());
    }
    let message = format!("SdkAppId {} is no app of this credential: see `rtc-engine credentials`", room.app);
    Err(Refusal::new(Code::SdkAppIdUnauthorized, message))
}

fn room_missing(call: Call, room: &RoomKey) -> Refusal {
    let twin = match call {
        Call::RemoveUser(RoomIdKind::Number) => "RemoveUserByStrRoomId for a room entered by strRoomId",
        Call::RemoveUser(RoomIdKind::Text) => "RemoveUser for a room entered by roomId",
        Call::DismissRoom(RoomIdKind::Number) => "DismissRoomByStrRoomId for a room entered by strRoomId",
        Call::DismissRoom(RoomIdKind::Text) => "DismissRoom for a room entered by roomId",
    };
    let message = format!("app {} has no room {} now; there is {twin}", room.app, room.room);
    Refusal::new(Code::RoomNotExist, message)
}
