//! The numbers that shape forwarding, with the defaults the engine ships; it reads no file.

use std::time::Duration;

/// What can be tuned. The defaults are meant for everybody; tests shorten them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ForwardConfig {
    /// How long a big layer is encoded after its first packet, watched or not, so that the publisher's bandwidth estimate
    /// settles. 5 s.
    pub big_settles: Duration,
    /// How long a big layer is still encoded after its last viewer has gone (or since it was published). 10 s.
    pub big_rests: Duration,
    /// How long a small layer is still encoded after its last viewer has gone, so that a viewer who goes back and forth
    /// does not stop the encoder each time. 2 s.
    pub small_rests: Duration,
    /// A small layer that is wanted and silent for this long is replaced by the big one. 500 ms.
    pub small_silent: Duration,
    /// Key-frame requests for repair within this time of the last are merged into one at its end. 500 ms.
    pub keyframe_repair: Duration,
    /// The longest a new viewer waits before a key frame is asked for. 250 ms.
    pub keyframe_join: Duration,
    /// When a viewer waits for a key frame that does not come, it is asked for again. 1 s.
    pub keyframe_retry: Duration,
    /// When somebody is back after an outage and the key frame does not come, it is asked for again after this time, and after
    /// twice as long each time. 250 ms.
    pub keyframe_insist: Duration,
    /// The longest such time; then it is given up. 4 s.
    pub keyframe_insist_most: Duration,
    /// How long a slot shows its old occupant when the key frame of the new one does not come. 1 s.
    pub linger: Duration,
    /// The most voices a session hears at once, however many audio slots it has. More would not be understood, and each costs
    /// a packet every 20 ms for each listener. 16.
    pub voices: usize,
    /// How much louder, in dB, somebody must be than a heard speaker to take over the audio slot. 9.
    pub speaker_margin: u8,
    /// How long a speaker keeps an audio slot before another may take it over, unless he is silent. 1.5 s.
    pub speaker_hold: Duration,
    /// How often the loudest are chosen where not everybody fits. 200 ms; somebody who starts to speak is considered at
    /// once.
    pub speaker_interval: Duration,
    /// But no sooner than this after the last choice: where fifty murmur, somebody starts all the time. 40 ms.
    pub speaker_pause: Duration,
    /// For how long packets of silence (level 127) pass: longer than anybody pauses who speaks, because browsers count what
    /// does not come between two packets as made up. 2 s.
    pub silence_passes: Duration,
    /// How often one of them passes after that, as a sign of life. 5 s.
    pub silence_interval: Duration,
    /// A small layer that was silent is tried again after this time. 10 s.
    pub small_retry: Duration,
    /// What a small layer is taken to need while that is not known, in bits a second. 150 000.
    pub small_guess: u64,
    /// The same of a big layer or a screen. 1 000 000.
    pub big_guess: u64,
    /// By how much, in percent, an estimate must exceed what is needed before a viewer gets more. 15.
    pub rise_margin: u8,
    /// For how long it must do so. 3 s.
    pub rise_after: Duration,
    /// The same for a stream of one layer, which is either there or not. 6 s.
    pub rise_after_alone: Duration,
    /// What was taken away is given back without a wait when the estimate is what it was before within this time: it was
    /// taken away to see whether that helps, or for a moment's trouble. 5 s.
    pub returned: Duration,
    /// The wait is doubled each time a viewer had to give back what it got within this time. 10 s.
    pub relapse: Duration,
    /// The longest wait. 30 s.
    pub rise_after_most: Duration,
    /// How much, in percent, is left over when a picture is made larger for a viewer who prefers smooth pictures. 15.
    pub smooth_reserve: u8,
    /// How much more, in percent, than what is wished for would be welcome: it has to be more than the margins above. 30.
    pub goal_margin: u8,
    /// How much, in percent, of what it takes the estimate must be for the last picture that a viewer has left. 80.
    pub last_picture: u8,
    /// How long that is kept with less, unless the estimate has fallen below half of what flows. 2 s.
    pub pause_after: Duration,
    /// For how long traffic is made for a viewer who does not get all it wishes for, to see whether its network takes more. 8 s.
    pub push: Duration,
    /// How long it is left in peace before that, and twice as long each time it came to nothing. 4 s.
    pub push_rest: Duration,
    /// The longest such time. 30 s.
    pub push_rest_most: Duration,
    /// Views, and likewise voices, that are remembered for one session. 512.
    pub wishes_per_session: usize,
}

impl Default for ForwardConfig {
    fn default() -> Self {
        Self {
            big_settles: Duration::from_secs(5),
            big_rests: Duration::from_secs(10),
            small_rests: Duration::from_secs(2),
            small_silent: Duration::from_millis(500),
            keyframe_repair: Duration::from_millis(500),
            keyframe_join: Duration::from_millis(250),
            keyframe_retry: Duration::from_secs(1),
            keyframe_insist: Duration::from_millis(250),
            keyframe_insist_most: Duration::from_secs(4),
            linger: Duration::from_secs(1),
            voices: 16,
            speaker_margin: 9,
            speaker_hold: Duration::from_millis(1500),
            speaker_interval: Duration::from_millis(200),
            speaker_pause: Duration::from_millis(40),
            silence_passes: Duration::from_secs(2),
            silence_interval: Duration::from_secs(5),
            small_retry: Duration::from_secs(10),
            small_guess: 150_000,
            big_guess: 1_000_000,
            rise_margin: 15,
            rise_after: Duration::from_secs(3),
            rise_after_alone: Duration::from_secs(6),
            returned: Duration::from_secs(5),
            relapse: Duration::from_secs(10),
            rise_after_most: Duration::from_secs(30),
            smooth_reserve: 15,
            goal_margin: 30,
            last_picture: 80,
            pause_after: Duration::from_secs(2),
            push: Duration::from_secs(8),
            push_rest: Duration::from_secs(4),
            push_rest_most: Duration::from_secs(30),
            wishes_per_session: 512,
        }
    }
}
