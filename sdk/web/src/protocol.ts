// Generated from the crate rtc-protocol; do not edit. UPDATE=1 cargo test -p rtc-protocol writes it anew.

export const PROTOCOL_VERSION = 1;

export const LIMITS = { customMessageBytes: 1024, customMessagesPerSecond: 30, messageBytes: 65536, offerBytes: 524288 } as const;

/**
 * An application, as it is known outside (`SDKAppID`). Never 0.
 */
export type SdkAppId = number;

/**
 * A member's session: its place in a room, from entry until it has left. It survives a lost connection, a new peer
 * connection and a move to another room, and is never used again.
 */
export type SessionId = string;

/**
 * A user within an app: 1 to 32 bytes of UTF-8 without control characters, case-sensitive.
 *
 * The Web types allow only `[A-Za-z0-9_-]`; native applications of the original pass other characters and get away with
 * it, so the engine only refuses what could hurt a log or a file name.
 */
export type UserId = string;

/**
 * A room within an app. Number rooms and string rooms are apart: `{"number":7}` and `{"text":"7"}` never meet.
 */
export type RoomId = { "number": number } | { "text": string };

/**
 * Main is camera and microphone, sub is the screen.
 */
export type Stream = "main" | "sub";

/**
 * Audio or video.
 */
export type MediaKind = "audio" | "video";

/**
 * One of the three tracks a member can publish. A screen's sound travels mixed into the microphone's track, as in the
 * original.
 */
export type Track = "microphone" | "camera" | "screen";

/**
 * Whether a track is published.
 */
export type TrackState = "off" | "muted" | "on";

/**
 * A layer of the camera. The screen has only the big one.
 */
export type Layer = "big" | "small";

/**
 * Codecs that are forwarded.
 */
export type Codec = "opus" | "vp8" | "h264" | "vp9" | "av1";

/**
 * Why a client offers.
 */
export type OfferPurpose = "enter" | "grow" | "restart" | "replace";

/**
 * Which media section (`a=mid`) is for what.
 */
export type Lines = { 
/**
 * The sending line for the microphone.
 */
microphone?: string, 
/**
 * The sending line for the camera, with rids `h` and `l`.
 */
camera?: string, 
/**
 * The sending line for the screen.
 */
screen?: string, 
/**
 * The receiving slots, in pairs.
 */
slots: Array<SlotPair>, };

/**
 * A receiving pair: an audio and a video line that share a stream id, so that the browser plays them in sync. A spare
 * slot has only one of the two.
 */
export type SlotPair = { 
/**
 * The mid of the audio line.
 */
audio?: string, 
/**
 * The mid of the video line.
 */
video?: string, };

/**
 * The client's SDP offer with the purpose of its lines.
 */
export type MediaOffer = { 
/**
 * Why it is made.
 */
purpose: OfferPurpose, 
/**
 * The offer.
 */
sdp: string, 
/**
 * Every line of the offer that is in use, old ones included.
 */
lines: Lines, };

/**
 * What a slot carries.
 */
export type SlotSource = { 
/**
 * The publisher.
 */
userId: UserId, 
/**
 * The publisher's track.
 */
track: Track, };

/**
 * Who is in a slot.
 */
export type SlotBinding = { 
/**
 * The slot's line.
 */
mid: string, 
/**
 * Whose track it carries now; nothing when the slot is empty (no media event tells the client that).
 */
source: SlotSource | null, 
/**
 * Whether nothing of it comes for now, because this client's network does not take it.
 */
paused?: boolean, };

/**
 * Which layers of a video track somebody watches: encode these and no others.
 */
export type EncodeLayers = { 
/**
 * Camera or screen.
 */
track: Track, 
/**
 * Encode the big layer.
 */
big: boolean, 
/**
 * Encode the small layer.
 */
small: boolean, };

/**
 * What of a linked anchor's tracks is held back in the room it is linked into.
 */
export type ForwardMode = { 
/**
 * Its microphone.
 */
muteAudio: boolean, 
/**
 * Its camera.
 */
muteVideo: boolean, 
/**
 * Its screen.
 */
muteSubStream: boolean, };

/**
 * `TRTCVideoQosPreference`.
 */
export type QosPreference = "smooth" | "clear";

/**
 * `TRTCQosControlMode`.
 */
export type QosControlMode = "client" | "server";

/**
 * What a member gives up first when the network is not good enough for everything, and who decides.
 */
export type Qos = { 
/**
 * What matters.
 */
preference: QosPreference, 
/**
 * Who decides.
 */
controlMode: QosControlMode, };

/**
 * The four scenes of the native API. The Web's `rtc` is [`Scene::VideoCall`], its `live` is [`Scene::Live`].
 */
export type Scene = "videoCall" | "live" | "audioCall" | "voiceChatRoom";

/**
 * What two scenes must share for their members to meet.
 */
export type SceneClass = "call" | "live";

/**
 * Who may speak in a live scene. Call scenes know only anchors.
 */
export type Role = "anchor" | "audience";

/**
 * What a member is.
 */
export type MemberKind = "person" | "robot" | "linked";

/**
 * Why a member left, as the others are told: the numbers of `REMOTE_USER_EXIT` and `onRemoteUserLeaveRoom`.
 */
export type LeaveReason = number;

/**
 * Why this member is out, as it is told itself: the Web's `KICKED_OUT` reasons.
 */
export type RemovalReason = "kick" | "banned" | "room_disband" | "timed_out";

/**
 * Why this member is out, in the numbers of the native `onExitRoom`.
 */
export type ExitReason = number;

/**
 * The states of a member's tracks.
 */
export type Tracks = { 
/**
 * Microphone.
 */
microphone: TrackState, 
/**
 * Camera.
 */
camera: TrackState, 
/**
 * Screen.
 */
screen: TrackState, 
/**
 * Whether the camera comes with a small layer.
 */
small: boolean, };

/**
 * A member as another member sees it.
 */
export type MemberView = { 
/**
 * Who.
 */
userId: UserId, 
/**
 * Anchor or audience.
 */
role: Role, 
/**
 * Person, robot, linked.
 */
kind: MemberKind, 
/**
 * What it publishes.
 */
tracks: Tracks, };

/**
 * A sent track.
 */
export type LocalTrackReport = { 
/**
 * Main or sub; absent means main.
 */
stream?: Stream, 
/**
 * Set for video.
 */
layer?: Layer, 
/**
 * Kilobits a second.
 */
bitrate: number, 
/**
 * Pixels; 0 for audio.
 */
width: number, 
/**
 * Pixels; 0 for audio.
 */
height: number, 
/**
 * Frames captured a second.
 */
capturedFps: number, 
/**
 * Frames encoded a second.
 */
encodedFps: number, 
/**
 * Loudness, 0..=100.
 */
level: number, };

/**
 * A received track.
 */
export type RemoteTrackReport = { 
/**
 * Whose.
 */
userId?: UserId, 
/**
 * Main or sub; absent means main.
 */
stream?: Stream, 
/**
 * Whether it is video.
 */
video: boolean, 
/**
 * Kilobits a second.
 */
bitrate: number, 
/**
 * Pixels; 0 for audio.
 */
width: number, 
/**
 * Pixels; 0 for audio.
 */
height: number, 
/**
 * Frames decoded a second.
 */
decodedFps: number, 
/**
 * Lost packets, percent.
 */
loss: number, 
/**
 * Milliseconds without sound or picture since the last report (video gap from 600 ms, audio gap from 200 ms).
 */
blockedMs: number, 
/**
 * Samples that had to be invented since the last report, percent (audio).
 */
concealed: number, 
/**
 * Loudness, 0..=100.
 */
level: number, 
/**
 * Jitter buffer, milliseconds.
 */
jitterBufferMs: number, };

/**
 * One report. Every field is optional in spirit: 0 where nothing is known. Lists are cut at 128 entries.
 */
export type Report = { 
/**
 * Uplink quality, 0 unknown, 1 excellent … 5 very bad, 6 disconnected.
 */
uplinkQuality: number, 
/**
 * Downlink quality, as above.
 */
downlinkQuality: number, 
/**
 * Round trip to the engine, milliseconds.
 */
rttMs: number, 
/**
 * Lost on the way up, percent.
 */
uplinkLoss: number, 
/**
 * Lost on the way down, percent.
 */
downlinkLoss: number, 
/**
 * CPU of the application, percent of the machine; 0 where a browser does not tell.
 */
appCpu: number, 
/**
 * CPU of the system, percent.
 */
systemCpu: number, 
/**
 * What is sent.
 */
local: Array<LocalTrackReport>, 
/**
 * What is received.
 */
remote: Array<RemoteTrackReport>, };

/**
 * A member's quality, as others are told.
 */
export type MemberQuality = { 
/**
 * Who.
 */
userId: UserId, 
/**
 * Its uplink, 0..=6.
 */
quality: number, };

/**
 * The bounds a client should know, told at entry because an engine may be set otherwise.
 */
export type Limits = { 
/**
 * How often the client reports, in milliseconds; each answer proves the connection alive.
 */
reportIntervalMs: number, 
/**
 * How long an absent member is kept, in milliseconds.
 */
awayMs: number, 
/**
 * The most receiving slots (pairs) a session may negotiate.
 */
maxSlots: number, };

/**
 * The SDK and where it runs. Each text is cut at 128 bytes by the engine.
 */
export type SdkInfo = { 
/**
 * `web`, `cpp`, …
 */
name: string, 
/**
 * The SDK's version.
 */
version: string, 
/**
 * Browser or operating system, with version.
 */
platform: string, };

/**
 * A room id as it was typed: [`RoomId::number`] and [`RoomId::text`] check it.
 */
export type HelloRoom = { "number": number } | { "text": string };

/**
 * Who enters, with what, where and as what.
 */
export type Hello = { 
/**
 * The protocol the SDK speaks ([`crate::VERSION`]).
 */
protocol: number, 
/**
 * The SDK.
 */
sdk: SdkInfo, 
/**
 * The app.
 */
sdkAppId: SdkAppId, 
/**
 * The user. Checked where it enters, so that a bad one gets its own code.
 */
userId: string, 
/**
 * The ticket of app and user.
 */
userSig: string, 
/**
 * The room; also checked where it enters.
 */
room: HelloRoom, 
/**
 * The scene; everybody in a room uses scenes of one class.
 */
scene: Scene, 
/**
 * Anchor or audience; ignored in call scenes.
 */
role: Role, 
/**
 * The ticket of the room, where the app asks for one.
 */
privateMapKey?: string, 
/**
 * Hear everybody without asking.
 */
autoReceiveAudio: boolean, 
/**
 * A part of the names of automatic recordings, at most 64 bytes of `[A-Za-z0-9_-]`.
 */
userDefineRecordId?: string, 
/**
 * The token of the [`Welcome`] before, to come back to the same membership.
 */
resume?: string, };

/**
 * Everything a member may see now. The client compares it with what it had and turns the difference into events.
 */
export type Snapshot = { 
/**
 * The number of the last push this snapshot includes.
 */
n: number, 
/**
 * The member's own role.
 */
role: Role, 
/**
 * What the engine holds for the member's own tracks.
 */
tracks: Tracks, 
/**
 * The others.
 */
members: Array<MemberView>, 
/**
 * Every slot that is in use.
 */
slots: Array<SlotBinding>, 
/**
 * Which layers to encode.
 */
encode: Array<EncodeLayers>, };

/**
 * The answer to [`Request::Hello`].
 */
export type Welcome = { 
/**
 * The protocol that will be spoken: the lower of the two.
 */
protocol: number, 
/**
 * The engine's version.
 */
engine: string, 
/**
 * Shows the way back to this membership; a secret.
 */
resume: string, 
/**
 * Whether this is the membership of the resume token (its peer connection may live on), or a new one.
 */
resumed: boolean, 
/**
 * The engine's clock, in milliseconds since 1970.
 */
timeMs: number, 
/**
 * Bounds.
 */
limits: Limits, 
/**
 * How to reach the engine's media where neither its UDP nor its TCP can be reached; nothing where it has no TURN.
 */
turn?: TurnServers, 
/**
 * What the member may see.
 */
snapshot: Snapshot, };

/**
 * TURN servers as a peer connection is told them, good for a day. They lead to the engine's media and nowhere else.
 */
export type TurnServers = { 
/**
 * `turn:` and `turns:` URLs (RFC 7065).
 */
urls: Array<string>, 
/**
 * The user name.
 */
username: string, 
/**
 * The password; a secret.
 */
credential: string, };

/**
 * The answer to [`Request::Offer`].
 */
export type MediaAnswer = { 
/**
 * The SDP answer.
 */
sdp: string, };

/**
 * The state of one of the member's own tracks.
 */
export type Publish = { 
/**
 * Which.
 */
track: Track, 
/**
 * Its state from now on.
 */
state: TrackState, 
/**
 * Whether the camera is sent with a small layer, too.
 */
small: boolean, 
/**
 * The codec it is encoded with.
 */
codec?: Codec, };

/**
 * Watch a video track.
 */
export type View = { 
/**
 * Whose.
 */
userId: UserId, 
/**
 * Camera or screen.
 */
stream: Stream, 
/**
 * Big or small; big where there is no small.
 */
layer: Layer, };

/**
 * Stop watching a video track.
 */
export type Unview = { 
/**
 * Whose.
 */
userId: UserId, 
/**
 * Camera or screen.
 */
stream: Stream, };

/**
 * Hear or do not hear.
 */
export type Listen = { 
/**
 * One user; nobody named means everybody, now and later, and forgets what was said of single users.
 */
userId?: UserId, 
/**
 * Hear.
 */
on: boolean, };

/**
 * Become anchor or audience.
 */
export type SwitchRole = { 
/**
 * The new role.
 */
role: Role, 
/**
 * The ticket, where the new role needs other permissions.
 */
privateMapKey?: string, };

/**
 * Another room, with what it takes to be let in.
 */
export type SwitchRoom = { 
/**
 * The room to go to; not the one the member is in.
 */
room: HelloRoom, 
/**
 * A newer ticket of app and user. The one of the hello holds on where none is given.
 */
userSig?: string, 
/**
 * The ticket of the room, where the app asks for one.
 */
privateMapKey?: string, };

/**
 * The answer to [`Request::SwitchRoom`]. The resume token stays the same; a hello that shows it names the new room. A client
 * that loses its connection before this came may name either room: if it was moved and names the old one, it enters there
 * anew, and has left the new one.
 */
export type RoomSwitched = { 
/**
 * What the member may see in the new room. Everything it knew of the old one is void, slots included; pushes go on
 * to be counted from here.
 */
snapshot: Snapshot, };

/**
 * An anchor of another room.
 */
export type ConnectRoom = { 
/**
 * The other room, of the same app.
 */
room: HelloRoom, 
/**
 * The anchor there. Checked where it enters, so that a bad one gets its own code.
 */
userId: string, };

/**
 * What is held back of a linked anchor.
 */
export type UpdateForwardMode = { 
/**
 * The room the anchor is at home in.
 */
room: HelloRoom, 
/**
 * The anchor.
 */
userId: string, 
/**
 * Its microphone.
 */
muteAudio: boolean, 
/**
 * Its camera.
 */
muteVideo: boolean, 
/**
 * Its screen.
 */
muteSubStream: boolean, };

/**
 * A custom message, as it is sent.
 */
export type CustomMessage = { 
/**
 * 0..=10.
 */
cmdId: number, 
/**
 * Base64 of 1 to 1024 bytes.
 */
data: string, };

/**
 * Everything a client can ask. Each gets one [`crate::Answer`]; where no other is named, the answer is `{}`.
 */
export type Request = { "type": "hello", "data": Hello } | { "type": "offer", "data": MediaOffer } | { "type": "publish", "data": Publish } | { "type": "view", "data": View } | { "type": "unview", "data": Unview } | { "type": "listen", "data": Listen } | { "type": "switchRole", "data": SwitchRole } | { "type": "switchRoom", "data": SwitchRoom } | { "type": "connectRoom", "data": ConnectRoom } | { "type": "disconnectRoom", "data": Record<symbol, never> } | { "type": "updateForwardMode", "data": UpdateForwardMode } | { "type": "setQos", "data": Qos } | { "type": "message", "data": CustomMessage } | { "type": "report", "data": Report } | { "type": "snapshot", "data": Record<symbol, never> } | { "type": "exit", "data": Record<symbol, never> };

/**
 * A client's message: `{"id":1,"type":"hello","data":{…}}`.
 */
export type ClientFrame = { 
/**
 * Chosen by the client; echoed in the answer.
 */
id: number, } & ({ "type": "hello", "data": Hello } | { "type": "offer", "data": MediaOffer } | { "type": "publish", "data": Publish } | { "type": "view", "data": View } | { "type": "unview", "data": Unview } | { "type": "listen", "data": Listen } | { "type": "switchRole", "data": SwitchRole } | { "type": "switchRoom", "data": SwitchRoom } | { "type": "connectRoom", "data": ConnectRoom } | { "type": "disconnectRoom", "data": Record<symbol, never> } | { "type": "updateForwardMode", "data": UpdateForwardMode } | { "type": "setQos", "data": Qos } | { "type": "message", "data": CustomMessage } | { "type": "report", "data": Report } | { "type": "snapshot", "data": Record<symbol, never> } | { "type": "exit", "data": Record<symbol, never> });

/**
 * What is told.
 */
export type PushBody = { "type": "memberEntered", "data": MemberView } | { "type": "memberLeft", "data": { 
/**
 * Who.
 */
userId: UserId, 
/**
 * Why.
 */
reason: LeaveReason, } } | { "type": "tracksChanged", "data": { 
/**
 * Who.
 */
userId: UserId, 
/**
 * All of its tracks, as they are now.
 */
tracks: Tracks, } } | { "type": "slots", "data": { 
/**
 * Each with what it carries now.
 */
slots: Array<SlotBinding>, } } | { "type": "encode", "data": EncodeLayers } | { "type": "message", "data": { 
/**
 * Who sent it.
 */
userId: UserId, 
/**
 * 0..=10.
 */
cmdId: number, 
/**
 * The sender's own count of its messages with this `cmd_id`, from 1.
 */
seq: number, 
/**
 * Base64.
 */
data: string, } } | { "type": "quality", "data": { 
/**
 * Each member whose quality is known.
 */
members: Array<MemberQuality>, } } | { "type": "removed", "data": { 
/**
 * The Web's reason.
 */
reason: RemovalReason, 
/**
 * The native reason.
 */
exitReason: ExitReason, } } | { "type": "draining", "data": { 
/**
 * When it stops at the latest, in milliseconds.
 */
withinMs: number, } } | { "type": "closing", "data": { 
/**
 * When to try again, in milliseconds.
 */
retryAfterMs: number, } };

/**
 * A numbered push. `n` grows by one with each push of this session.
 */
export type Push = { 
/**
 * The push counter of this session.
 */
n: number, } & ({ "type": "memberEntered", "data": MemberView } | { "type": "memberLeft", "data": { 
/**
 * Who.
 */
userId: UserId, 
/**
 * Why.
 */
reason: LeaveReason, } } | { "type": "tracksChanged", "data": { 
/**
 * Who.
 */
userId: UserId, 
/**
 * All of its tracks, as they are now.
 */
tracks: Tracks, } } | { "type": "slots", "data": { 
/**
 * Each with what it carries now.
 */
slots: Array<SlotBinding>, } } | { "type": "encode", "data": EncodeLayers } | { "type": "message", "data": { 
/**
 * Who sent it.
 */
userId: UserId, 
/**
 * 0..=10.
 */
cmdId: number, 
/**
 * The sender's own count of its messages with this `cmd_id`, from 1.
 */
seq: number, 
/**
 * Base64.
 */
data: string, } } | { "type": "quality", "data": { 
/**
 * Each member whose quality is known.
 */
members: Array<MemberQuality>, } } | { "type": "removed", "data": { 
/**
 * The Web's reason.
 */
reason: RemovalReason, 
/**
 * The native reason.
 */
exitReason: ExitReason, } } | { "type": "draining", "data": { 
/**
 * When it stops at the latest, in milliseconds.
 */
withinMs: number, } } | { "type": "closing", "data": { 
/**
 * When to try again, in milliseconds.
 */
retryAfterMs: number, } });

/**
 * What went wrong. [`ErrorCode::code`] is the number an application written for the original expects: the
 * `extraCode` of a Web `SERVER_ERROR` (5400) and the `errCode` of native callbacks share it.
 */
export type ErrorCode = "userSigExpired" | "userSigEmpty" | "userSigMalformed" | "userSigForged" | "userSigOtherUser" | "userSigOtherApp" | "appUnknown" | "roomIdInvalid" | "userIdInvalid" | "linkParameterInvalid" | "linkAsAudience" | "privateMapKeyInvalid" | "sceneOrRoleMismatch" | "overloaded" | "roomUnknown" | "rateLimited" | "notInRoom" | "noPermissionToCreate" | "noPermissionToEnter" | "noPermissionToPublish" | "noPermissionToShareScreen" | "screenShareOccupied" | "noPermissionToReceive" | "invalidParameter" | "roomFull" | "malformedMessage" | "unknownRequest" | "noSuchStream" | "slotsExhausted" | "versionUnsupported" | "internal";

/**
 * A refusal as it travels: number, name and words for people.
 */
export type Error = { 
/**
 * The number known outside.
 */
code: number, 
/**
 * The name in this protocol.
 */
name: ErrorCode, 
/**
 * What was wrong with which field, and what to do.
 */
message: string, };

/**
 * Done, or refused.
 */
export type Outcome = { "ok": unknown } | { "error": Error };

/**
 * The answer to the request with the same number: `{"re":1,"ok":{…}}` or `{"re":1,"error":{…}}`.
 */
export type Answer = { 
/**
 * The request's `id`; 0 where the request could not be read.
 */
re: number, } & ({ "ok": unknown } | { "error": Error });

/**
 * An engine's message.
 */
export type EngineFrame = Answer | Push;

/** The number of each error, as applications know it. */
export const ERROR_CODES: Record<ErrorCode, number> = {
  "userSigExpired": 70001,
  "userSigEmpty": 70002,
  "userSigMalformed": 70003,
  "userSigForged": 70009,
  "userSigOtherUser": 70013,
  "userSigOtherApp": 70014,
  "appUnknown": 70020,
  "roomIdInvalid": -10012,
  "userIdInvalid": -3319,
  "linkParameterInvalid": -3328,
  "linkAsAudience": -3330,
  "privateMapKeyInvalid": -100006,
  "sceneOrRoleMismatch": -100011,
  "overloaded": -100021,
  "roomUnknown": -102005,
  "rateLimited": -102006,
  "notInRoom": -102018,
  "noPermissionToCreate": -102010,
  "noPermissionToEnter": -102011,
  "noPermissionToPublish": -102013,
  "noPermissionToShareScreen": -102015,
  "screenShareOccupied": -102016,
  "noPermissionToReceive": -102019,
  "invalidParameter": -102023,
  "roomFull": -102052,
  "malformedMessage": -102053,
  "unknownRequest": -102054,
  "noSuchStream": -102007,
  "slotsExhausted": -102056,
  "versionUnsupported": -3301,
  "internal": -102000,
};
