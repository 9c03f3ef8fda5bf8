//! Sound through the native protocol of PulseAudio, which PipeWire speaks as well. It links no library of either: where
//! there is no server, opening fails and nothing else does.

mod catalog;
mod socket;
mod stream;
mod subscription;

pub(crate) use catalog::PulseBackend;

const SYSTEM: &str = "PulseAudio";
