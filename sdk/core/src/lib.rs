//! The native client engine: rooms, sound, pictures, devices and events behind one type, [`Cloud`]. Platform SDKs are thin
//! faces over it; it draws no user interface.
//!
//! A `Cloud` has the methods of the original's `TRTCCloud` in Rust's spelling. Calls return at once; what comes of them is
//! told as [`Event`]s to a [`Listener`], in order, on one thread. It may be called from any thread, also from inside of a
//! callback.
//!
//! ```no_run
//! use rtc_core::{AppScene, AudioQuality, Cloud, Event, Options, Params};
//!
//! let cloud = Cloud::new(&Options::from_environment(), |event: &Event| println!("{event:?}"))?;
//! cloud.enter_room(
//!     Params { sdk_app_id: 1_400_000_001, user_id: "ann".into(), user_sig: "…".into(), room_id: 7, ..Params::default() },
//!     AppScene::VideoCall,
//! );
//! cloud.start_local_audio(AudioQuality::Default);
//! # Ok::<(), rtc_core::StartError>(())
//! ```
//!
//! Threads of an instance: `rtc-callback` tells the application, `rtc-control` owns the state, `rtc-link` has the sockets,
//! each device has one for its sound, and each picture that is sent or watched has one. None waits for the application.

mod arrivals;
mod cloud;
mod control;
mod courier;
mod device;
pub mod encoded;
mod failure;
mod inside;
mod local_record;
mod lock;
mod network_time;
mod options;
mod picture;
mod proxy;
mod recording;
pub mod server_address;
mod shared;
mod sound;
mod speed_test;

/// The version of this SDK, as `getSDKVersion` tells it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub use cloud::{
    AudioEffectManager, Cloud, StartError, set_console_enabled, set_log_callback, set_log_compress_enabled, set_log_dir_path,
    set_log_level,
};
pub use courier::{Listener, Message, SeiMessage};
pub use device::DeviceManager;
pub use encoded::{AudioPacketHook, Changed, EncodedDataHook};
pub use local_record::{LocalRecord, LocalRecordEvent};
pub use network_time::{NetworkTimeCallback, network_timestamp, set_network_time_callback, update_network_time};
pub use options::{MicrophoneChoice, Options, PictureChoice, PictureOptions, SoundOptions, SpeakerChoice};
pub use picture::{Snapshot, VideoProcessor, VideoSink};
pub use proxy::set_socks5_proxy;
pub use rtc_api::*;
pub use rtc_device::AudioBackend;
pub use rtc_link::Through;
pub use rtc_video as video;
pub use sound::{AudioFrame, AudioFrameFormat, AudioFrameHook, HookPlace};
