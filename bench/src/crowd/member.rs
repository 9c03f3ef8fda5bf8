//! One member of a crowd: its signaling and its media, driven by whoever has the thread.

use std::os::fd::{AsRawFd as _, RawFd};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use rtc_bench_client::{Client, Happening, Outgoing};
use rtc_protocol::{
    Codec, Hello, HelloRoom, Layer, MediaOffer, Outcome, Publish, Request, SdkInfo, Stream, Track, TrackState, UserId, VERSION,
    View,
};

use super::line::Line;
use super::plan::{Camera, Plan, Voice};
use super::tally::{Arrivals, Tally};
use crate::systems::{Door, Mark};

/// How long an entry may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of a voice's packet: Opus at 32 kbit/s.
const VOICE_BYTES: usize = 80;
/// The numbers of the first two questions.
const HELLO: u32 = 1;
const OFFER: u32 = 2;

/// A member.
pub(super) struct Member {
    pub(super) plan: Plan,
    client: Client,
    line: Line,
    epoch: Instant,
    began: Instant,
    pub(super) is_joined: bool,
    pub(super) receives: bool,
    /// What it publishes was taken by the engine.
    pub(super) is_on: bool,
    /// The last of the questions that publish.
    published_by: u32,
    arrivals: Arrivals,
    sending: Sending,
    /// When it is to be driven at the latest.
    pub(super) next: Instant,
}

/// What has been sent so far.
struct Sending {
    voice_due: Instant,
    voice_seq: u64,
    camera_due: Instant,
    camera_seq: u64,
    picture: u16,
    keyframe_due: bool,
}

impl Member {
    /// Begins to enter. Times in marks count from `epoch`.
    pub(super) fn enter(door: Door<'_>, plan: Plan, epoch: Instant) -> anyhow::Result<Self> {
        let (client, mut offer) = Client::new(rtc_bench_client::Plan {
            microphone: plan.voice.is_some(),
            camera: plan.camera.is_some(),
            slots: plan.slots,
            ..rtc_bench_client::Plan::default()
        })?;
        if plan.offers_nonsense {
            offer = MediaOffer { sdp: offer.sdp.replace("a=fingerprint", "a=fingertip"), ..offer };
        }
        // The client is there before a user presses the button.
        let now = Instant::now();
        let mut line = Line::connect(door)?;
        line.ask(hello(door, &plan)?)?;
        line.ask(Request::Offer(offer))?;
        let mut published_by = 0;
        for (track, codec, is_sent) in
            [(Track::Camera, Codec::Vp8, plan.camera.is_some()), (Track::Microphone, Codec::Opus, plan.voice.is_some())]
        {
            if is_sent {
                let publish = Publish { track, state: TrackState::On, small: false, codec: Some(codec) };
                published_by = line.ask(Request::Publish(publish))?;
            }
        }
        let sending = Sending { voice_due: now, voice_seq: 0, camera_due: now, camera_seq: 0, picture: 0, keyframe_due: true };
        Ok(Self {
            plan,
            client,
            line,
            epoch,
            began: now,
            is_joined: false,
            receives: false,
            is_on: published_by == 0,
            published_by,
            arrivals: Arrivals::default(),
            sending,
            next: now,
        })
    }

    /// The sockets to wait for.
    pub(super) fn sockets(&self) -> [RawFd; 2] {
        [self.client.as_raw_fd(), self.line.socket()]
    }

    /// When its life is over.
    pub(super) fn ends(&self) -> Option<Instant> {
        self.plan.life.map(|(life, _)| self.began + life)
    }

    /// Watches whom it is to watch. They must publish by now.
    pub(super) fn look(&mut self) -> anyhow::Result<()> {
        for user in std::mem::take(&mut self.plan.views) {
            let user_id = UserId::parse(&user)?;
            self.line.ask(Request::View(View { user_id, stream: Stream::Main, layer: Layer::Big }))?;
        }
        Ok(())
    }

    /// Leaves in order.
    pub(super) fn exit(&mut self) {
        // Whoever leaves does not care any more.
        let _ = self.line.ask(Request::Exit {});
        let _ = self.line.drive(drop);
        let _ = self.client.close();
    }

    /// Packets it sent.
    pub(super) fn sent(&self) -> u64 {
        self.sending.voice_seq + self.sending.camera_seq
    }

    /// What arrived and what is missing since the last call.
    pub(super) fn take_arrivals(&mut self) -> (u64, u64) {
        self.arrivals.take()
    }

    /// Reads what came on the signaling connection, and says what there is to say.
    pub(super) fn drive_line(&mut self, tally: &mut Tally) -> anyhow::Result<()> {
        self.signal(tally)?;
        // It may have been the answer to the offer.
        if self.is_joined { Ok(()) } else { self.drive_media(tally) }
    }

    /// Reads what came as media, and sends what is due.
    pub(super) fn drive_media(&mut self, tally: &mut Tally) -> anyhow::Result<()> {
        let now = Instant::now();
        if self.is_joined {
            self.send(now)?;
        } else if now > self.began + PATIENCE {
            bail!("{} s are over and it is not connected", PATIENCE.as_secs());
        }
        let Self { client, arrivals, plan, epoch, sending, receives, is_joined, began, .. } = self;
        let mut arrived = false;
        let next = client.drive(
            |datagram| {
                let is_media = arrivals.note(datagram);
                arrived |= is_media;
                is_media && plan.is_light
            },
            |_, happening| match happening {
                Happening::Connected if !*is_joined => {
                    *is_joined = true;
                    tally.joins.push(began.elapsed());
                }
                Happening::Received { packet, .. } if tally.is_counting => {
                    if let Some(mark) = Mark::read(&packet.payload) {
                        let delay = (epoch.elapsed().as_micros() as u64).saturating_sub(mark.sent_us);
                        tally.delays.push(delay as u32);
                    }
                }
                Happening::KeyframeWanted { .. } => sending.keyframe_due = true,
                _ => {}
            },
        )?;
        if arrived && !*receives {
            *receives = true;
            tally.firsts.push(began.elapsed());
        }
        self.next = next;
        if self.is_joined {
            self.next = [self.plan.voice.map(|_| self.sending.voice_due), self.plan.camera.map(|_| self.sending.camera_due)]
                .into_iter()
                .flatten()
                .fold(next, Instant::min);
        }
        Ok(())
    }

    fn signal(&mut self, tally: &mut Tally) -> anyhow::Result<()> {
        let Self { client, line, plan, published_by, is_on, .. } = self;
        let mut outcome = Ok(());
        tally.pushes += line.drive(|answer| match (answer.re, answer.outcome) {
            (OFFER, Outcome::Ok(value)) => {
                outcome = serde_json::from_value(value)
                    .context("the answer to an offer")
                    .and_then(|answer| client.accept(&answer).context("the answer to an offer"));
            }
            (OFFER, Outcome::Error(_)) if plan.offers_nonsense => {}
            (re, Outcome::Ok(_)) => *is_on |= re == *published_by,
            (re, Outcome::Error(error)) if re <= OFFER || re <= *published_by => {
                let what = if re == HELLO { "hello" } else { "offer or publish" };
                outcome = Err(anyhow::anyhow!("{what} refused: {error}"));
            }
            // Who is watched may be gone.
            (_, Outcome::Error(_)) => {}
        })?;
        outcome
    }

    fn send(&mut self, now: Instant) -> anyhow::Result<()> {
        let Self { client, plan, sending, epoch, .. } = self;
        if let Some(voice) = plan.voice {
            while sending.voice_due <= now {
                sending.voice(client, voice, *epoch)?;
                sending.voice_due = following(sending.voice_due, voice.interval(), now);
            }
        }
        if let Some(camera) = plan.camera {
            while sending.camera_due <= now {
                sending.picture(client, camera, *epoch)?;
                sending.camera_due = following(sending.camera_due, Duration::from_secs(1) / camera.frames_per_second, now);
            }
        }
        Ok(())
    }
}

/// When something is due again. What a stopped machine has missed is not made up for.
fn following(due: Instant, interval: Duration, now: Instant) -> Instant {
    let next = due + interval;
    if next + Duration::from_millis(500) < now { now + interval } else { next }
}

impl Sending {
    fn voice(&mut self, client: &mut Client, voice: Voice, epoch: Instant) -> anyhow::Result<()> {
        self.voice_seq += 1;
        let elapsed = epoch.elapsed();
        let mark = Mark { index: self.voice_seq, sent_us: elapsed.as_micros() as u64 };
        let packets = voice.interval().as_millis() as u64 / 20;
        write(
            client,
            &Outgoing {
                track: Track::Microphone,
                layer: Layer::Big,
                codec: Codec::Opus,
                seq: self.voice_seq,
                time: (self.voice_seq * packets * 960) as u32,
                marker: false,
                level: Some(voice.level(self.voice_seq)),
                payload: mark.opus(VOICE_BYTES),
            },
        )
    }

    fn picture(&mut self, client: &mut Client, camera: Camera, epoch: Instant) -> anyhow::Result<()> {
        self.picture = self.picture.wrapping_add(1);
        let key = std::mem::take(&mut self.keyframe_due);
        let time = (epoch.elapsed().as_micros() as u64 * 9 / 100) as u32;
        for packet in 0..camera.packets {
            self.camera_seq += 1;
            let mark = Mark { index: self.camera_seq, sent_us: epoch.elapsed().as_micros() as u64 };
            write(
                client,
                &Outgoing {
                    track: Track::Camera,
                    layer: Layer::Big,
                    codec: Codec::Vp8,
                    seq: self.camera_seq,
                    time,
                    marker: packet + 1 == camera.packets,
                    level: None,
                    payload: mark.vp8(camera.bytes, self.picture, packet == 0, key),
                },
            )?;
        }
        Ok(())
    }
}

fn write(client: &mut Client, packet: &Outgoing) -> anyhow::Result<()> {
    if !client.write(packet) {
        bail!("{:?} was not negotiated", packet.track);
    }
    Ok(())
}

fn hello(door: Door<'_>, plan: &Plan) -> anyhow::Result<Request> {
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    Ok(Request::Hello(Box::new(Hello {
        protocol: VERSION,
        sdk: SdkInfo { name: "bench".into(), version: env!("CARGO_PKG_VERSION").into(), platform: "linux".into() },
        sdk_app_id: door.app,
        user_id: plan.user.clone(),
        user_sig: rtc_auth::user_sig::make(door.app.0, &plan.user, door.key, now_s, 3600),
        room: HelloRoom::Number(plan.room),
        scene: plan.scene,
        role: plan.role,
        private_map_key: None,
        auto_receive_audio: true,
        user_define_record_id: None,
        resume: None,
    })))
}
