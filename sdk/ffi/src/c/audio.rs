//! Sound in and out.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use super::{AudioFrame, AudioFrameCallbacks};
use crate::boundary;
use crate::engine::{AudioHooks, Hear, HearUser};
use crate::error::CallError;
use crate::frame;
use crate::gate::Gate;
use crate::instance::{Hook, User, c_text};

/// Sends sound of the application's own instead of the microphone's; enableCustomAudioCapture comes first. The data is
/// copied. Returns 0 or an error code.
///
/// # Safety
///
/// `frame` is null or points to a frame whose data has `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rtc_send_custom_audio(handle: u64, frame: *const AudioFrame) -> i32 {
    boundary::code(handle, |instance| {
        // SAFETY: promised by the caller.
        unsafe { with_samples(frame, |frame| instance.engine()?.send_custom_audio(frame).map(|()| 0)) }
    })
}

/// Mixes sound of the application's own into what is sent or played; enableMixExternalAudioFrame comes first. Returns how
/// many milliseconds now wait to be mixed (keep it between 20 and 100), or an error code.
///
/// # Safety
///
/// `frame` is null or points to a frame whose data has `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rtc_mix_external_audio(handle: u64, frame: *const AudioFrame) -> i32 {
    boundary::code(handle, |instance| {
        // SAFETY: promised by the caller.
        unsafe { with_samples(frame, |frame| instance.engine()?.mix_external_audio(frame)) }
    })
}

/// Takes the next sound to be played, for applications that play it themselves; enableCustomAudioRendering comes first. Fills
/// `data` with `length` bytes in the frame's rate and channels. Returns 0 or an error code.
///
/// # Safety
///
/// `frame` is null or points to a frame with room for `length` bytes in its data.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rtc_custom_audio_rendering_frame(handle: u64, frame: *mut AudioFrame) -> i32 {
    boundary::code(handle, |instance| {
        // SAFETY: promised by the caller.
        let theirs = unsafe { boundary::reference_mut(frame, "frame") }?;
        // Rate, channels and length say how much is wanted; the memory need not be initialised, so it is not read.
        if !theirs.length.is_multiple_of(2) || theirs.length as usize > RENDERING_LIMIT || theirs.data.is_null() {
            return Err(CallError::invalid("frame needs data and an even length for at most a second of sound"));
        }
        let mut samples = vec![0; theirs.length as usize / 2];
        let mut ours = frame::AudioFrame {
            samples: &mut samples,
            sample_rate: theirs.sample_rate,
            channels: theirs.channels,
            timestamp: 0,
            extra: Vec::new(),
        };
        instance.engine()?.custom_audio_rendering_frame(&mut ours)?;
        theirs.timestamp_ms = ours.timestamp;
        // SAFETY: the caller promised room for `length` bytes, which is what the samples have. Bytes need no alignment.
        unsafe { std::ptr::copy_nonoverlapping(samples.as_ptr().cast::<u8>(), theirs.data, theirs.length as usize) };
        Ok(0)
    })
}

/// Sets who hears, and in part changes, the sound; null for nobody. Returns 0 or an error code.
///
/// # Safety
///
/// `callbacks` is null or points to a struct, which is copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rtc_set_audio_frame_callback(handle: u64, callbacks: *const AudioFrameCallbacks) -> i32 {
    // SAFETY: promised by the caller.
    let callbacks = unsafe { callbacks.as_ref() }.copied();
    boundary::code(handle, |instance| {
        instance.set_hook(Hook::Audio, callbacks.is_some(), |engine, gate| {
            let hooks = match (callbacks, gate) {
                (Some(callbacks), Some(gate)) => hooks(&callbacks, &gate),
                _ => AudioHooks::default(),
            };
            engine.set_audio_frame(hooks)
        })?;
        Ok(0)
    })
}

/// # Safety
///
/// `frame` is null or points to a frame whose data has `length` bytes.
unsafe fn with_samples(
    frame: *const AudioFrame,
    call: impl FnOnce(&frame::AudioFrame<'_>) -> Result<i32, CallError>,
) -> Result<i32, CallError> {
    // SAFETY: promised by the caller.
    let theirs = unsafe { boundary::reference(frame, "frame") }?;
    // SAFETY: promised by the caller.
    let (mut samples, extra) = unsafe { (theirs.samples()?, theirs.extra()?) };
    if samples.is_empty() {
        return Err(CallError::invalid("frame.data has no samples; fill the frame first"));
    }
    call(&frame::AudioFrame {
        samples: &mut samples,
        sample_rate: theirs.sample_rate,
        channels: theirs.channels,
        timestamp: theirs.timestamp_ms,
        extra,
    })
}

fn hooks(callbacks: &AudioFrameCallbacks, gate: &Arc<Gate>) -> AudioHooks {
    let user = User(callbacks.user);
    AudioHooks {
        captured: callbacks.on_captured.map(|tell| hear(gate, tell, user)),
        local_processed: callbacks.on_local_processed.map(|tell| hear(gate, tell, user)),
        remote: callbacks.on_remote.map(|tell| hear_user(gate, tell, user)),
        mixed_play: callbacks.on_mixed_play.map(|tell| hear(gate, tell, user)),
        mixed_all: callbacks.on_mixed_all.map(|tell| hear(gate, tell, user)),
    }
}

fn hear(gate: &Arc<Gate>, tell: unsafe extern "C" fn(*mut c_void, *mut AudioFrame), user: User) -> Hear {
    let gate = Arc::clone(gate);
    Arc::new(move |frame: &mut frame::AudioFrame<'_>| {
        // The whole struct is captured, because the pointer alone may not cross threads.
        let user = user;
        let mut lent = AudioFrame::lend(frame);
        let Some(_pass) = gate.enter() else { return };
        // SAFETY: the application promised that this function may be called with this pointer until it is replaced, and
        // the gate is open. The frame is ours alone until it returns.
        unsafe { tell(user.0, &raw mut lent) };
        // SAFETY: it is either as it was lent, or points to as many bytes as the application says (the contract of
        // `extra_data`). Too many are passed over, as if there were none.
        frame.extra = unsafe { lent.extra() }.unwrap_or_default();
    })
}

fn hear_user(
    gate: &Arc<Gate>,
    tell: unsafe extern "C" fn(*mut c_void, *const c_char, *mut AudioFrame),
    user: User,
) -> HearUser {
    let gate = Arc::clone(gate);
    Arc::new(move |frame: &mut frame::AudioFrame<'_>, user_id: &str| {
        let user = user;
        let user_id = c_text(user_id);
        let mut lent = AudioFrame::lend(frame);
        let Some(_pass) = gate.enter() else { return };
        // SAFETY: as in `hear`.
        unsafe { tell(user.0, user_id.as_ptr(), &raw mut lent) };
    })
}

/// A second of two channels at 48 kHz.
const RENDERING_LIMIT: usize = 48_000 * 2 * 2;
