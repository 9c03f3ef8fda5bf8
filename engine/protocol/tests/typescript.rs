//! Keeps `sdk/web/src/protocol.ts` equal to the Rust types. `UPDATE=1 cargo test -p rtc-protocol` writes it anew.

use std::fmt::Write as _;
use std::path::Path;

use rtc_protocol::*;
use ts_rs::{Config, TS};

fn declarations() -> String {
    let config = Config::default().with_large_int("number");
    let mut out = format!(
        "// Generated from the crate rtc-protocol; do not edit. UPDATE=1 cargo test -p rtc-protocol writes it anew.\n\n\
         export const PROTOCOL_VERSION = {VERSION};\n\n\
         export const LIMITS = {{ customMessageBytes: {}, customMessagesPerSecond: {}, messageBytes: {}, offerBytes: {} }} as const;\n",
        limits::CUSTOM_MESSAGE_BYTES,
        limits::CUSTOM_MESSAGES_PER_SECOND,
        limits::MESSAGE_BYTES,
        limits::OFFER_BYTES,
    );
    macro_rules! declare {
        ($($name:ty),* $(,)?) => {$(
            out.push('\n');
            if let Some(docs) = <$name as TS>::docs() { out.push_str(&docs); }
            writeln!(out, "export {}", <$name as TS>::decl(&config)).expect("a String takes everything");
        )*};
    }
    declare!(
        SdkAppId,
        SessionId,
        UserId,
        RoomId,
        Stream,
        MediaKind,
        Track,
        TrackState,
        Layer,
        Codec,
        OfferPurpose,
        Lines,
        SlotPair,
        MediaOffer,
        SlotSource,
        SlotBinding,
        EncodeLayers,
        ForwardMode,
        QosPreference,
        QosControlMode,
        Qos,
        Scene,
        SceneClass,
        Role,
        MemberKind,
        LeaveReason,
        RemovalReason,
        ExitReason,
        Tracks,
        MemberView,
        LocalTrackReport,
        RemoteTrackReport,
        Report,
        MemberQuality,
        Limits,
        SdkInfo,
        HelloRoom,
        Hello,
        Snapshot,
        Welcome,
        TurnServers,
        MediaAnswer,
        Publish,
        View,
        Unview,
        Listen,
        SwitchRole,
        SwitchRoom,
        RoomSwitched,
        ConnectRoom,
        UpdateForwardMode,
        CustomMessage,
        Request,
        ClientFrame,
        PushBody,
        Push,
        ErrorCode,
        Error,
        Outcome,
        Answer,
        EngineFrame,
    );
    out.push_str("\n/** The number of each error, as applications know it. */\nexport const ERROR_CODES: Record<ErrorCode, number> = {\n");
    for code in ErrorCode::ALL {
        let name = serde_json::to_string(code).expect("a unit variant is a string");
        writeln!(out, "  {name}: {},", code.code()).expect("a String takes everything");
    }
    out.push_str("};\n");
    out
}

#[test]
fn typescript_is_generated_from_these_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/web/src/protocol.ts");
    let wanted = declarations();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &wanted).expect("the SDK's folder is there");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "sdk/web/src/protocol.ts is stale: run UPDATE=1 cargo test -p rtc-protocol");
}
