//! The report every two seconds: what is measured, told to the application and to the engine. It is the heartbeat, too.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rtc_protocol::{Layer, LocalTrackReport, MediaKind, RemoteTrackReport, Report, Request, Track, TrackState};

use super::{Connection, MediaState, Session};
use crate::signaling::Asked;
use crate::transport::Transport;
use crate::{Event, Line, LocalStatistics, RemoteStatistics, Statistics, grade};

/// What an engine may set the interval of reports to.
const INTERVAL: std::ops::RangeInclusive<Duration> = Duration::from_millis(500)..=Duration::from_secs(60);
/// A WebSocket that is doubted must answer so soon: so many times as long as it took before, within these bounds.
const ANSWER_SOON: std::ops::RangeInclusive<Duration> = Duration::from_millis(400)..=Duration::from_secs(2);
const TIMES: u32 = 4;
/// The engine cuts lists here.
const REPORTED: usize = 128;

/// The counters of the snapshot before, and what is known between two.
#[derive(Debug, Default)]
pub(super) struct Rates {
    at: Option<Instant>,
    sent: BTreeMap<(Track, Layer), u64>,
    received: BTreeMap<Line, (u64, u64, u64)>,
    bytes: (u64, u64),
    signaling_round_trip: Option<Duration>,
    uplink: Option<u64>,
}

impl Rates {
    /// How long the engine took to answer a report.
    pub(super) fn answered(&mut self, took: Option<Duration>) {
        self.signaling_round_trip = took.or(self.signaling_round_trip);
    }

    pub(super) fn uplink(&mut self, bits_per_second: u64) {
        self.uplink = Some(bits_per_second);
    }

    /// A peer connection ends: its bytes count on, its rates do not.
    pub(super) fn closing(&mut self, transport: &mut Transport) {
        self.add_bytes(transport);
        self.sent.clear();
        self.received.clear();
    }

    fn add_bytes(&mut self, transport: &mut Transport) {
        let (sent, received) = transport.take_bytes();
        self.bytes.0 += sent;
        self.bytes.1 += received;
    }
}

impl Session {
    pub(super) fn report_interval(&self) -> Duration {
        let interval = Duration::from_millis(self.membership.limits.report_interval_ms.into());
        interval.clamp(*INTERVAL.start(), *INTERVAL.end())
    }

    pub(super) fn tick(&mut self, now: Instant) {
        self.alarms.tick = Some(now + self.report_interval());
        self.measure(now);
        let report = self.next_report();
        self.ask(now, Request::Report(report), Asked::Report);
        self.tell(Event::Statistics(Box::new(self.statistics.clone())));
    }

    /// Tries whether the WebSocket still works, after the network changed; or at once to have another.
    pub(super) fn check_signaling(&mut self, now: Instant) {
        let report = self.next_report();
        self.ask(now, Request::Report(report), Asked::Report);
        let usual = self.rates.signaling_round_trip.map_or(*ANSWER_SOON.end(), |took| took * TIMES);
        let soon = usual.clamp(*ANSWER_SOON.start(), *ANSWER_SOON.end());
        match &mut self.connection {
            Connection::Up(signaling) => signaling.expect_soon(now + soon),
            Connection::Broken { retry_at: Some(retry_at) } => *retry_at = now,
            // What is being opened may be on its way into the network that is gone.
            Connection::Joining(joining) if self.phase == super::Phase::Inside && !joining.signaling.is_open => {
                self.close_socket(super::COMING_BACK);
                self.connection = Connection::Broken { retry_at: Some(now) };
            }
            Connection::Broken { retry_at: None } | Connection::Joining(_) => {}
        }
    }

    fn measure(&mut self, now: Instant) {
        let elapsed = self.rates.at.replace(now).map_or(0.0, |before| now.saturating_duration_since(before).as_secs_f64());
        let per_second = |grown: u64| if elapsed > 0.0 { (grown as f64 * 8.0 / elapsed) as u64 } else { 0 };
        let mut statistics = Statistics { unsent: self.statistics.unsent, ..Statistics::default() };
        if let Some(transport) = &mut self.transport {
            self.rates.add_bytes(transport);
            statistics.path = transport.path();
            statistics.round_trip = transport.round_trip();
            for (track, layer) in STREAMS {
                let sender = transport.senders().of(track, layer);
                let before = self.rates.sent.insert((track, layer), sender.bytes).unwrap_or_default();
                if !self.publications.is_announced(track) || (layer == Layer::Small && sender.packets == 0) {
                    continue;
                }
                statistics.local.push(LocalStatistics {
                    track,
                    layer,
                    repeated: sender.repeated,
                    packets: sender.packets,
                    bytes: sender.bytes,
                    bits_per_second: per_second(sender.bytes.saturating_sub(before)),
                    loss: sender.loss,
                    round_trip: sender.round_trip,
                    keyframes_wanted: sender.keyframes_wanted,
                    nacks: sender.nacks,
                });
            }
            let (mut expected_of_all, mut lost_of_all) = (0, 0);
            let mut received = BTreeMap::new();
            for (line, (user_id, track)) in self.slots.iter() {
                let receiver = transport.receiver(line);
                let counts = receiver.counts();
                let (bytes, expected, lost) = (counts.bytes, counts.expected, counts.lost());
                received.insert(line, (bytes, expected, lost));
                // Less than before is another source on this line.
                let before = self.rates.received.get(&line).copied().filter(|before| before.1 <= expected);
                let (bytes_before, expected_before, lost_before) = before.unwrap_or_default();
                let (expected_now, lost_now) = (expected - expected_before, lost.saturating_sub(lost_before));
                expected_of_all += expected_now;
                lost_of_all += lost_now;
                statistics.remote.push(RemoteStatistics {
                    user_id: user_id.clone(),
                    track: *track,
                    line,
                    packets: counts.useful(),
                    bytes,
                    lost,
                    loss: percent(lost_now, expected_now).unwrap_or_default(),
                    bits_per_second: per_second(bytes.saturating_sub(bytes_before)),
                    jitter: receiver.jitter(),
                });
            }
            self.rates.received = received;
            statistics.down_loss = percent(lost_of_all, expected_of_all);
        }
        let reported = statistics.local.iter().filter_map(|local| local.loss);
        statistics.up_loss = reported.fold(None, |worst: Option<f32>, loss| Some(worst.map_or(loss, |worst| worst.max(loss))));
        if let Some(transport) = &mut self.transport {
            transport.know_loss(statistics.up_loss, statistics.down_loss);
        }
        statistics.round_trip = statistics.round_trip.or(self.rates.signaling_round_trip);
        statistics.uplink_bandwidth = self.rates.uplink;
        (statistics.bytes_sent, statistics.bytes_received) = self.rates.bytes;
        let is_connected = self.is_signaling_up() && self.media.state == MediaState::Up;
        let quality = |loss: Option<f32>| match statistics.round_trip {
            _ if !is_connected => DISCONNECTED,
            Some(round_trip) => grade(loss.unwrap_or_default(), round_trip),
            None => 0,
        };
        (statistics.uplink_quality, statistics.downlink_quality) = (quality(statistics.up_loss), quality(statistics.down_loss));
        self.statistics = statistics;
    }

    /// What the application measured, with what is known here where it said nothing.
    fn next_report(&mut self) -> Box<Report> {
        let statistics = &self.statistics;
        let mut report = self.report.take().unwrap_or_default();
        let or = |said: f32, known: f32| if said == 0.0 { known } else { said };
        if report.uplink_quality == 0 {
            report.uplink_quality = statistics.uplink_quality;
        }
        if report.downlink_quality == 0 {
            report.downlink_quality = statistics.downlink_quality;
        }
        let round_trip = statistics.round_trip.unwrap_or_default().as_secs_f32() * 1000.0;
        report.rtt_ms = or(report.rtt_ms, round_trip);
        report.uplink_loss = or(report.uplink_loss, statistics.up_loss.unwrap_or_default());
        report.downlink_loss = or(report.downlink_loss, statistics.down_loss.unwrap_or_default());
        for local in &statistics.local {
            let layer = (local.track.kind() == MediaKind::Video).then_some(local.layer);
            let stream = local.track.stream();
            let bitrate = kilobits(local.bits_per_second);
            let is_same = |row: &&mut LocalTrackReport| row.layer == layer && row.stream.unwrap_or(stream) == stream;
            match report.local.iter_mut().find(is_same) {
                Some(row) => row.bitrate = or(row.bitrate, bitrate),
                None => {
                    report.local.push(LocalTrackReport { stream: Some(stream), layer, bitrate, ..LocalTrackReport::default() });
                }
            }
        }
        for remote in &statistics.remote {
            let video = remote.track.kind() == MediaKind::Video;
            let stream = remote.track.stream();
            let bitrate = kilobits(remote.bits_per_second);
            let is_same = |row: &&mut RemoteTrackReport| {
                row.user_id.as_ref() == Some(&remote.user_id) && row.video == video && row.stream.unwrap_or(stream) == stream
            };
            match report.remote.iter_mut().find(is_same) {
                Some(row) => {
                    row.bitrate = or(row.bitrate, bitrate);
                    row.loss = or(row.loss, remote.loss);
                }
                None => {
                    let view = self.members.find(&remote.user_id);
                    // A line whose source is muted has nothing to report.
                    if view.is_some_and(|view| view.tracks.state(remote.track) == TrackState::On) {
                        report.remote.push(RemoteTrackReport {
                            user_id: Some(remote.user_id.clone()),
                            stream: Some(stream),
                            video,
                            bitrate,
                            loss: remote.loss,
                            ..RemoteTrackReport::default()
                        });
                    }
                }
            }
        }
        report.local.truncate(REPORTED);
        report.remote.truncate(REPORTED);
        report
    }
}

/// Quality while there is no connection.
const DISCONNECTED: u8 = 6;

const STREAMS: [(Track, Layer); 4] =
    [(Track::Microphone, Layer::Big), (Track::Camera, Layer::Big), (Track::Camera, Layer::Small), (Track::Screen, Layer::Big)];

fn kilobits(bits: u64) -> f32 {
    bits as f32 / 1000.0
}

fn percent(part: u64, whole: u64) -> Option<f32> {
    (whole > 0).then(|| part as f32 * 100.0 / whole as f32)
}
