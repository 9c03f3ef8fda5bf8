//! What an application does between encoders and network.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use rtc_core::Changed;

use super::{AudioPacketFn, Bytes, EncodedFn};
use crate::boundary;
use crate::engine::{Encoded, EncodedKind, PacketBytes};
use crate::gate::Gate;
use crate::instance::{Hook, User, c_text};

/// Sets who may change encoded pictures and sound before they are sent and back before they are decoded; null for nobody.
/// When it returns, the one before is not running any more, except where it is itself the caller. Returns 0 or an error
/// code.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_set_encoded_data_callback(handle: u64, r#fn: EncodedFn, user: *mut c_void) -> i32 {
    let user = User(user);
    boundary::code(handle, |instance| {
        instance.set_hook(Hook::Encoded, r#fn.is_some(), |engine, gate| engine.set_encoded_data(encoded(gate, r#fn, user)))?;
        Ok(0)
    })
}

/// Sets who may put bytes beside packets of sound, and reads those of others; null for nobody. As
/// rtc_set_encoded_data_callback otherwise.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_set_audio_packet_callback(handle: u64, r#fn: AudioPacketFn, user: *mut c_void) -> i32 {
    let user = User(user);
    boundary::code(handle, |instance| {
        instance.set_hook(Hook::AudioPacket, r#fn.is_some(), |engine, gate| {
            engine.set_audio_packet(packet_bytes(gate, r#fn, user))
        })?;
        Ok(0)
    })
}

fn encoded(gate: Option<Arc<Gate>>, change: EncodedFn, user: User) -> Option<Encoded> {
    let (gate, change) = (gate?, change?);
    Some(Arc::new(move |kind: EncodedKind, user_id: Option<&str>, stream_type: i32, data: &[u8]| {
        // The whole struct is captured, because the pointer alone may not cross threads.
        let user = user;
        let (user_id, data_length) = (user_id.map(c_text), data.len() as u32);
        let user_id = user_id.as_ref().map_or(std::ptr::null::<c_char>(), |text| text.as_ptr());
        let mut result = Bytes::NONE;
        // Who is taken away is not asked any more, and nothing goes on as if he had not been there.
        let Some(_pass) = gate.enter() else { return Changed::Lost };
        // SAFETY: the application promised that this function may be called with this pointer until it is replaced, and
        // the gate is open. Text and bytes live until it returns.
        let answer = unsafe { change(user.0, kind as i32, user_id, stream_type, data.as_ptr(), data_length, &raw mut result) };
        match answer {
            0 => Changed::No,
            // SAFETY: it points to as many bytes as the application says (the contract of `rtc_encoded_fn`).
            1 => unsafe { result.read("result") }.map_or(Changed::Lost, |bytes| Changed::To(bytes.to_vec())),
            _ => Changed::Lost,
        }
    }))
}

fn packet_bytes(gate: Option<Arc<Gate>>, tell: AudioPacketFn, user: User) -> Option<PacketBytes> {
    let (gate, tell) = (gate?, tell?);
    Some(Arc::new(move |user_id: Option<&str>, received: &[u8]| {
        let user = user;
        let user_id = user_id.map(c_text);
        let mut bytes = Bytes::lend(received);
        let name = user_id.as_ref().map_or(std::ptr::null::<c_char>(), |text| text.as_ptr());
        let _pass = gate.enter()?;
        // SAFETY: as in `encoded`.
        let answer = unsafe { tell(user.0, name, &raw mut bytes) };
        if user_id.is_some() || answer != 1 {
            return None;
        }
        // SAFETY: as in `encoded`.
        unsafe { bytes.read("bytes") }.ok().map(<[u8]>::to_vec)
    }))
}
