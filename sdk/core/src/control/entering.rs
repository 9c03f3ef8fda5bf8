//! Entering a room and being in it: checks what the application gave before anything leaves this machine.

use std::fmt;
use std::sync::Arc;

use rtc_api::{AppScene, ErrorCode, Event, Params, RoleType};
use rtc_link::{Link, LinkConfig};
use rtc_protocol::{HelloRoom, Role, RoomId, Scene, SceneClass, SdkAppId, SdkInfo, UserId};
use rtc_session::{Config, EnterParams, Failure};

use super::{Control, Stay};
use crate::arrivals::Arrivals;
use crate::failure::code_of;
use crate::picture::PayloadKey;
use crate::shared::Phase;

/// A checked wish to enter a room.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) params: EnterParams,
}

/// Why it cannot be one: the number and the words of `onError`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
}

impl Refusal {
    fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl Entry {
    /// Checks what the application gave. `server` is where the engine is.
    pub(crate) fn new(given: &Params, scene: AppScene, server: String, hears_all: bool) -> Result<Self, Refusal> {
        if given.sdk_app_id == 0 {
            return Err(Refusal::new(ErrorCode::INVALID_SDK_APPID, "sdkAppId is 0; give the id of your application"));
        }
        if let Err(error) = UserId::parse(&given.user_id) {
            return Err(Refusal::new(ErrorCode::INVALID_USER_ID, format!("userId {error}")));
        }
        if given.user_sig.is_empty() {
            let message = "userSig is empty; ask your server for one, it is made of sdkAppId, userId and the secret key";
            return Err(Refusal::new(ErrorCode::INVALID_USER_SIG, message));
        }
        let room = room_of(given.room_id, &given.str_room_id)?;
        let scene = match scene {
            AppScene::VideoCall => Scene::VideoCall,
            AppScene::Live => Scene::Live,
            AppScene::AudioCall => Scene::AudioCall,
            AppScene::VoiceChatRoom => Scene::VoiceChatRoom,
        };
        let role = match scene.class() {
            // Call scenes know no audience; the original ignores the role there.
            SceneClass::Call => Role::Anchor,
            SceneClass::Live => role_of(given.role),
        };
        let optional = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Ok(Self {
            params: EnterParams {
                server,
                sdk_app_id: SdkAppId(given.sdk_app_id),
                user_id: given.user_id.clone(),
                user_sig: given.user_sig.clone(),
                room,
                scene,
                role,
                private_map_key: optional(&given.private_map_key),
                auto_receive_audio: hears_all,
                user_define_record_id: optional(&given.user_define_record_id),
                sdk: SdkInfo {
                    name: "native".into(),
                    version: crate::VERSION.into(),
                    platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
                },
            },
        })
    }
}

/// `roomId` wins when both are given.
pub(super) fn room_of(number: u32, text: &str) -> Result<HelloRoom, Refusal> {
    let room =
        if number == 0 && !text.is_empty() { HelloRoom::Text(text.to_owned()) } else { HelloRoom::Number(number.into()) };
    match room.parse() {
        Ok(RoomId::Number(_) | RoomId::Text(_)) => Ok(room),
        Err(error) => {
            let field = if matches!(room, HelloRoom::Number(_)) { "roomId" } else { "strRoomId" };
            Err(Refusal::new(ErrorCode::INVALID_ROOM_ID, format!("{field} {error}")))
        }
    }
}

pub(super) fn role_of(role: RoleType) -> Role {
    match role {
        RoleType::Anchor => Role::Anchor,
        RoleType::Audience => Role::Audience,
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.params.fmt(f)
    }
}

impl Control {
    /// Enters; what comes of it is told by `onEnterRoom`.
    pub(crate) fn enter_room(&mut self, given: &Params, scene: AppScene) {
        let server = crate::server_address::find(self.shared.server().as_deref());
        let entry = match Entry::new(given, scene, server, self.hearing.hears_all()) {
            Ok(entry) => entry,
            Err(Refusal { code, message }) => return self.entering_failed(code, message),
        };
        match &self.stay {
            None => self.enter(&entry),
            // The room is being left: the way to the next one is open once that is over.
            Some(stay) if stay.is_leaving && self.next.is_none() => {
                self.next = Some(Box::new(entry));
            }
            // Documents call a second entry undefined and name this code; what goes on in the first room is untouched.
            Some(_) => self.entering_failed(ErrorCode::ENTER_ROOM_REFUSED, "this instance is in a room already; exit it first"),
        }
    }

    /// `onEnterRoom` with a negative result comes with the same in `onError`.
    fn entering_failed(&self, code: ErrorCode, message: impl Into<String>) {
        self.courier.error(code, message);
        self.courier.tell(Event::EnterRoom { result: code.0 });
    }

    pub(super) fn enter(&mut self, entry: &Entry) {
        self.stays += 1;
        let number = self.stays;
        let mut arrivals = Arrivals::new(number, self.inbox.clone(), self.seat.inbox(), self.pictures.inbox());
        let handler = move |event| arrivals.take(event);
        let session = Config { video_codecs: crate::picture::CODECS.to_vec(), ..Config::default() };
        let config = LinkConfig { session, access: crate::proxy::access(self.shared.trust()) };
        let link = match Link::start(config, entry.params.clone(), Box::new(handler)) {
            Ok(link) => Arc::new(link),
            Err(error) => {
                return self.entering_failed(ErrorCode::ENTER_ROOM_FAILED, format!("no thread for the session: {error}"));
            }
        };
        self.shared.set_phase(Phase::Entering);
        self.shared.set_audience(entry.params.role == Role::Audience);
        self.stay = Some(Stay { number, link, is_leaving: false });
        // Standing wishes; the session asks for them as soon as it is in.
        self.listen_again();
        self.view_again();
        self.publish_again();
    }

    /// `enablePayloadPrivateEncryption`, for one stay.
    pub(crate) fn set_key(&mut self, key: Option<&PayloadKey>) {
        self.pictures.set_key(key);
        self.seat.set_key(key);
    }

    pub(super) fn entered(&mut self, elapsed: std::time::Duration, role: Role) {
        let Some(stay) = &self.stay else { return };
        if stay.is_leaving {
            return;
        }
        self.shared.set_phase(Phase::In);
        self.shared.set_audience(role == Role::Audience);
        // A positive number is what tells success, so that an entry within a millisecond is 1.
        let result = i32::try_from(elapsed.as_millis()).unwrap_or(i32::MAX).max(1);
        self.courier.tell(Event::EnterRoom { result });
    }

    pub(super) fn entry_refused(&mut self, failure: Failure) {
        let was_leaving = self.stay.take().is_some_and(|stay| stay.is_leaving);
        // The camera's preview and the microphone go on: they do not need a room.
        self.seat.disconnect();
        self.pictures.disconnect();
        self.shared.set_phase(Phase::Out);
        if was_leaving {
            // The application left before it was in.
            return self.left(rtc_protocol::ExitReason::Own);
        }
        self.entering_failed(code_of(&failure), failure.message);
        self.take_next();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given() -> Params {
        Params { sdk_app_id: 1_400_000_001, user_id: "ann".into(), user_sig: "sig".into(), room_id: 7, ..Params::default() }
    }

    fn entry(given: &Params, scene: AppScene) -> Result<Entry, i32> {
        Entry::new(given, scene, "http://127.0.0.1:8080".into(), true).map_err(|refusal| refusal.code.0)
    }

    #[test]
    fn every_missing_field_has_its_own_code() {
        assert!(entry(&given(), AppScene::VideoCall).is_ok());
        let wrong = |change: fn(&mut Params)| {
            let mut params = given();
            change(&mut params);
            entry(&params, AppScene::VideoCall).err()
        };
        assert_eq!(wrong(|p| p.sdk_app_id = 0), Some(-3317));
        assert_eq!(wrong(|p| p.user_id.clear()), Some(-3319));
        assert_eq!(wrong(|p| p.user_id = "x".repeat(33)), Some(-3319));
        assert_eq!(wrong(|p| p.user_sig.clear()), Some(-3320));
        assert_eq!(wrong(|p| p.room_id = 0), Some(-3318));
        assert_eq!(
            wrong(|p| {
                p.room_id = 0;
                p.str_room_id = "a/b".into();
            }),
            Some(-3318)
        );
    }

    #[test]
    fn the_number_wins_over_the_text() {
        let params = Params { str_room_id: "seven".into(), ..given() };
        assert_eq!(entry(&params, AppScene::VideoCall).map(|entry| entry.params.room), Ok(HelloRoom::Number(7)));
        let params = Params { room_id: 0, ..params };
        assert_eq!(entry(&params, AppScene::VideoCall).map(|entry| entry.params.room), Ok(HelloRoom::Text("seven".into())));
    }

    #[test]
    fn only_live_scenes_know_an_audience() {
        let params = Params { role: RoleType::Audience, ..given() };
        assert_eq!(entry(&params, AppScene::VideoCall).map(|entry| entry.params.role), Ok(Role::Anchor));
        assert_eq!(entry(&params, AppScene::Live).map(|entry| entry.params.role), Ok(Role::Audience));
        assert_eq!(entry(&params, AppScene::VoiceChatRoom).map(|entry| entry.params.role), Ok(Role::Audience));
    }

    #[test]
    fn an_entry_does_not_print_its_tickets() {
        let params = Params { user_sig: "eJw-secret".into(), private_map_key: "map-secret".into(), ..given() };
        let entry = entry(&params, AppScene::Live).expect("a good entry");
        assert!(!format!("{entry:?}").contains("secret"));
    }
}
