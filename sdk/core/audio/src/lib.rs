//! Sound as numbers: codec, jitter buffer, mixing, resampling, processing and measuring. It knows no device, no
//! network, no clock and no thread.
//!
//! The currency is the [`Block`]: 10 ms of 48 kHz interleaved 16-bit samples, mono or stereo. An application's format is
//! turned into it, and back, by [`Inlet`] and [`Outlet`]. On the way out, blocks pass a [`Processor`] (echo, noise,
//! gain) and an [`Encoder`], which gives one Opus packet for each two of them. On the way in, packets of one remote voice
//! go into a [`Receiver`], which gives one block each time it is asked, and a [`Mixer`] adds the voices up. Time comes in
//! as an argument, so that ten minutes of a bad network are a test of seconds.

mod adapt;
mod block;
pub mod carried;
mod level;
mod mark;
mod meter;
mod mixer;
mod opus;
mod process;
mod receiver;
mod resample;
mod tone;
mod wav;

pub use adapt::{Format, FormatError, Inlet, Outlet};
pub use block::{BLOCK_DURATION, BLOCK_FRAMES, Block, Channels, RATE, from_float, to_float};
pub use level::Level;
pub use mark::{Mark, MarkDetector, MarkSource};
pub use meter::{Meter, SPECTRUM_BINS, SPECTRUM_FLOOR};
pub use mixer::{Gain, Mixer, Volume};
pub use opus::{Encoder, OpusError, PACKET_FRAMES, Packet, Protection, Quality};
pub use process::{NoiseSuppression, ProcessError, Processing, Processor};
pub use receiver::{Arrival, Received, Receiver, ReceiverOptions, Statistics};
pub use resample::{ResampleError, Resampler};
pub use tone::{Tone, tone_share};
pub use wav::{WavError, WavSource};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_may_move_to_the_thread_of_a_sound_card() {
        fn movable<T: Send>() {}
        movable::<Encoder>();
        movable::<Receiver>();
        movable::<Mixer>();
        movable::<Processor>();
        movable::<Meter>();
        movable::<Resampler>();
        movable::<(Inlet, Outlet, WavSource, Tone, MarkSource, MarkDetector)>();
    }
}
