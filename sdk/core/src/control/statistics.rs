//! Every two seconds: what the session, sound, pictures and the machine measured, told to the application
//! (`onStatistics`, `onNetworkQuality`) and to the engine (`report`). It measures nothing itself.

use std::collections::BTreeMap;

use rtc_api::{ErrorCode, Event, LocalStatistics, Quality, QualityInfo, RemoteStatistics, Statistics};
use rtc_device::{SystemUsage, UsageMeter};
use rtc_protocol::{Layer, LocalTrackReport, RemoteTrackReport, Report, Stream, Track, UserId};
use rtc_session::{Command, Statistics as SessionStatistics};
use rtc_video::sync::LipSync;

use super::Control;
use super::viewing::stream_type;
use crate::picture::{PictureSent, PictureWatched};
use crate::sound::{VoiceHeard, VoiceSent};

/// Pictures a second from which on they are worth waiting for with the sound.
const MOVING: f32 = 5.0;

/// What is kept between two samples.
#[derive(Debug, Default)]
pub(crate) struct Measuring {
    meter: UsageMeter,
    /// The last word about the network of the others.
    pub(super) others: Vec<QualityInfo>,
    shows_figures: bool,
    /// How picture and sound of each are kept together.
    lips: BTreeMap<UserId, LipSync>,
}

impl Measuring {
    pub(crate) fn stop(&mut self) {
        self.others.clear();
        self.lips.clear();
    }
}

/// A native quality from the protocol's number.
pub(crate) fn quality(level: u8) -> Quality {
    match level {
        1 => Quality::Excellent,
        2 => Quality::Good,
        3 => Quality::Poor,
        4 => Quality::Bad,
        5 => Quality::Vbad,
        6 => Quality::Down,
        _ => Quality::Unknown,
    }
}

impl Control {
    pub(super) fn measured(&mut self, session: &SessionStatistics) {
        // The window that was shared is gone, and the application was told so; the others are, too.
        if self.pictures.is_screen_over() {
            self.screen_is_off();
            self.pictures.stop_screen();
        }
        let usage = self.measuring.meter.measure().unwrap_or_default();
        let voice = session.local.iter().find(|row| row.track == Track::Microphone);
        // At most 100, as just made sure.
        let loss = session.up_loss.unwrap_or_default().clamp(0.0, 100.0) as u8;
        self.seat.set_network(loss, voice.map_or(0, |row| row.repeated));
        let sound = self.seat.measure();
        let pictures = self.pictures.measure();
        self.keep_together(&sound.heard, &pictures.watched);
        let sample = Sample {
            session,
            usage,
            sent: &sound.sent,
            heard: &sound.heard,
            pictures: &pictures.sent,
            watched: &pictures.watched,
        };
        self.command(Command::Report(Box::new(sample.report())));
        let missed = self.courier.take_missed();
        if missed > 0 {
            // Whose they were is not kept: the application was too slow for all of them together.
            self.courier.tell(Event::MissCustomCmdMsg {
                user_id: String::new(),
                cmd_id: 0,
                err_code: ErrorCode::FAILED.0,
                missed: i32::try_from(missed).unwrap_or(i32::MAX),
            });
        }
        let local =
            QualityInfo { user_id: String::new(), quality: quality(session.uplink_quality.max(session.downlink_quality)) };
        self.courier.tell(Event::NetworkQuality { local_quality: local, remote_quality: self.measuring.others.clone() });
        let statistics = sample.statistics();
        if self.measuring.shows_figures {
            tracing::info!(?statistics, "figures");
        }
        self.courier.tell(Event::Statistics { statistics });
    }

    /// Who is seen and heard has the earlier of the two wait for the later. Nobody waits for pictures that hardly come.
    fn keep_together(&mut self, heard: &[VoiceHeard], watched: &[PictureWatched]) {
        self.measuring.lips.retain(|user, _| heard.iter().any(|voice| voice.user == *user));
        for picture in watched.iter().filter(|picture| picture.track == Track::Camera) {
            let voice = heard.iter().find(|voice| voice.user == picture.user);
            let is_moving = picture.frames_per_second >= MOVING;
            let lips = self.measuring.lips.entry(picture.user.clone()).or_default();
            let delays = match voice.and_then(|voice| voice.played).zip(picture.played) {
                Some((audio, video)) if is_moving => lips.handle(audio, video),
                Some(_) => lips.release(),
                None => continue,
            };
            self.seat.set_least_delay(&picture.user, delays.audio);
            self.pictures.set_least_delay(&picture.user, Stream::Main, delays.video);
        }
    }

    /// `showDebugView`: figures with every sample, in the log.
    pub(crate) fn show_figures(&mut self, show_type: i32) {
        self.measuring.shows_figures = show_type != 0;
    }
}

/// One sample of everything.
struct Sample<'a> {
    session: &'a SessionStatistics,
    usage: SystemUsage,
    sent: &'a VoiceSent,
    heard: &'a [VoiceHeard],
    pictures: &'a [PictureSent],
    watched: &'a [PictureWatched],
}

impl Sample<'_> {
    fn statistics(&self) -> Statistics {
        let round_trip = self.session.round_trip.map_or(0, |rtt| u32::try_from(rtt.as_millis()).unwrap_or(u32::MAX));
        Statistics {
            app_cpu: self.usage.app_cpu.min(100),
            system_cpu: self.usage.system_cpu.min(100),
            system_memory_in_mb: self.usage.system_memory,
            system_memory_usage_in_mb: self.usage.used_memory,
            app_memory_usage_in_mb: self.usage.app_memory,
            up_loss: percent(self.session.up_loss.unwrap_or_default()),
            down_loss: percent(self.session.down_loss.unwrap_or_default()),
            rtt: round_trip,
            // There is one hop to measure, the engine; a router in between does not answer for itself.
            gateway_rtt: 0,
            sent_bytes: self.session.bytes_sent,
            received_bytes: self.session.bytes_received,
            local_statistics_array: self.local(),
            remote_statistics_array: self.remote(),
        }
    }

    /// One row a stream type that is sent; the microphone's figures are in each, as in the original.
    fn local(&self) -> Vec<LocalStatistics> {
        let audio_bitrate = self.kilobits_sent(Track::Microphone, Layer::Big);
        let row = |stream_type, width, height, frame_rate, video_bitrate| LocalStatistics {
            width,
            height,
            frame_rate,
            video_bitrate,
            audio_sample_rate: self.sent.sample_rate,
            audio_bitrate,
            stream_type,
            audio_capture_state: self.sent.capture_state,
        };
        let mut rows: Vec<_> = self
            .pictures
            .iter()
            .map(|sent| {
                let kind = if sent.layer == Layer::Small { rtc_api::VideoStreamType::Small } else { stream_type(sent.track) };
                let (width, height) = sent.size;
                row(kind, width, height, sent.frames_per_second.round() as u32, self.kilobits_sent(sent.track, sent.layer))
            })
            .collect();
        if rows.is_empty() && self.sent.sample_rate != 0 {
            rows.push(row(rtc_api::VideoStreamType::Big, 0, 0, 0, 0));
        }
        rows
    }

    fn remote(&self) -> Vec<RemoteStatistics> {
        let mut rows: Vec<_> = self.watched.iter().map(|watched| self.watched_row(watched)).collect();
        for heard in self.heard {
            // Sound is told with the main stream; a member that is only heard has a row of its own.
            match rows
                .iter_mut()
                .find(|row| row.user_id == heard.user.as_str() && row.stream_type != rtc_api::VideoStreamType::Sub)
            {
                Some(row) => self.add_voice(row, heard),
                None => {
                    let mut row = RemoteStatistics { user_id: heard.user.to_string(), ..RemoteStatistics::default() };
                    self.add_voice(&mut row, heard);
                    rows.push(row);
                }
            }
        }
        rows
    }

    fn watched_row(&self, watched: &PictureWatched) -> RemoteStatistics {
        let session = self.session.remote.iter().find(|row| row.user_id == watched.user && row.track == watched.track);
        let (width, height) = watched.size;
        let loss = session.map_or(0.0, |row| row.loss);
        RemoteStatistics {
            user_id: watched.user.to_string(),
            video_packet_loss: percent(loss),
            width,
            height,
            frame_rate: watched.frames_per_second.round() as u32,
            video_bitrate: session.map_or(0, |row| kilobits(row.bits_per_second)),
            jitter_buffer_delay: milliseconds(watched.delay_ms),
            point2_point_delay: milliseconds(watched.delay_ms) + self.network_delay(),
            video_total_block_time: milliseconds(watched.blocked_ms),
            video_block_rate: percent(watched.block_rate),
            final_loss: percent(loss),
            stream_type: if watched.layer == Layer::Small {
                rtc_api::VideoStreamType::Small
            } else {
                stream_type(watched.track)
            },
            ..RemoteStatistics::default()
        }
    }

    fn add_voice(&self, row: &mut RemoteStatistics, heard: &VoiceHeard) {
        let session = self.session.remote.iter().find(|row| row.user_id == heard.user && row.track == Track::Microphone);
        row.audio_packet_loss = percent(session.map_or(0.0, |row| row.loss));
        row.audio_bitrate = session.map_or(0, |row| kilobits(row.bits_per_second));
        row.audio_sample_rate = heard.sample_rate;
        row.audio_total_block_time = milliseconds(heard.blocked_ms);
        row.audio_block_rate = percent(heard.block_rate);
        row.jitter_buffer_delay = row.jitter_buffer_delay.max(milliseconds(heard.delay_ms));
        row.point2_point_delay = row.jitter_buffer_delay + self.network_delay();
        row.final_loss = row.final_loss.max(percent(heard.concealed));
    }

    /// One way through the engine is about half a round trip on either side of it; ours stands for both.
    fn network_delay(&self) -> u32 {
        self.session.round_trip.map_or(0, |rtt| u32::try_from(rtt.as_millis()).unwrap_or(u32::MAX))
    }

    fn kilobits_sent(&self, track: Track, layer: Layer) -> u32 {
        self.session
            .local
            .iter()
            .find(|row| row.track == track && row.layer == layer)
            .map_or(0, |row| kilobits(row.bits_per_second))
    }

    fn report(&self) -> Report {
        let mut local =
            vec![LocalTrackReport { stream: Some(Stream::Main), level: self.sent.level as f32, ..LocalTrackReport::default() }];
        local.extend(self.pictures.iter().map(|sent| LocalTrackReport {
            stream: Some(sent.track.stream()),
            layer: Some(sent.layer),
            width: sent.size.0,
            height: sent.size.1,
            captured_fps: sent.captured_per_second,
            encoded_fps: sent.frames_per_second,
            ..LocalTrackReport::default()
        }));
        let heard = self.heard.iter().map(|heard| RemoteTrackReport {
            user_id: Some(heard.user.clone()),
            stream: Some(Stream::Main),
            blocked_ms: heard.blocked_now_ms,
            concealed: heard.concealed,
            level: heard.level as f32,
            jitter_buffer_ms: heard.delay_ms,
            ..RemoteTrackReport::default()
        });
        let watched = self.watched.iter().map(|watched| RemoteTrackReport {
            user_id: Some(watched.user.clone()),
            stream: Some(watched.track.stream()),
            video: true,
            width: watched.size.0,
            height: watched.size.1,
            decoded_fps: watched.frames_per_second,
            blocked_ms: watched.blocked_now_ms,
            jitter_buffer_ms: watched.delay_ms,
            ..RemoteTrackReport::default()
        });
        Report {
            app_cpu: self.usage.app_cpu as f32,
            system_cpu: self.usage.system_cpu as f32,
            local,
            remote: heard.chain(watched).collect(),
            ..Report::default()
        }
    }
}

fn percent(value: f32) -> u32 {
    value.clamp(0.0, 100.0).round() as u32
}

fn milliseconds(value: f32) -> u32 {
    value.max(0.0).round() as u32
}

fn kilobits(bits: u64) -> u32 {
    u32::try_from(bits.div_ceil(1000)).unwrap_or(u32::MAX)
}
