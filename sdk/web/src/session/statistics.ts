// From the browser's counters to STATISTICS, NETWORK_QUALITY and the engine's report: arithmetic on two samples. It asks
// no connection.

import type { LocalTrackReport, RemoteTrackReport, Report, Track } from '../protocol.js';
import type { NetworkQuality, Quality, Statistics } from './types.js';

/** One entry of `RTCStatsReport`, with the members that are read here (W3C webrtc-stats). */
interface Entry {
  id: string;
  type: string;
  kind?: 'audio' | 'video';
  mid?: string;
  rid?: string;
  localId?: string;
  mediaSourceId?: string;
  selectedCandidatePairId?: string;
  nominated?: boolean;
  state?: string;
  currentRoundTripTime?: number;
  roundTripTime?: number;
  fractionLost?: number;
  packetsSent?: number;
  packetsReceived?: number;
  packetsLost?: number;
  bytesSent?: number;
  bytesReceived?: number;
  headerBytesSent?: number;
  framesEncoded?: number;
  framesDecoded?: number;
  framesPerSecond?: number;
  frameWidth?: number;
  frameHeight?: number;
  audioLevel?: number;
  jitterBufferDelay?: number;
  jitterBufferEmittedCount?: number;
  concealedSamples?: number;
  silentConcealedSamples?: number;
  totalSamplesReceived?: number;
  totalFreezesDuration?: number;
}

/** All entries at one moment. */
export interface Sample {
  /** Milliseconds of `performance.now()`. */
  at: number;
  entries: Map<string, Entry>;
}

/** What the counters belong to. */
export interface Lines {
  /** The local track on a sending line, if it is published now. */
  local(mid: string): Track | null;
  /** Who is on a receiving line, and whether something should be coming. */
  remote(mid: string): { userId: string; track: Track; isOn: boolean } | null;
  /** Whether the small layer of somebody's camera was asked for. */
  wantsSmall(userId: string): boolean;
}

/** What two samples say. */
export interface Findings {
  statistics: Statistics;
  quality: NetworkQuality;
  report: Report;
}

/** The engine cuts lists here. */
const REPORTED = 128;
/** Gaps below this are not called a blocked picture, or a blocked sound (milliseconds; the native SDKs' figures). */
const VIDEO_BLOCK_MS = 600;
const AUDIO_BLOCK_MS = 200;

/**
 * Our own thresholds, as the original's are not public: the worse of loss (percent) and round trip (milliseconds) decides.
 * Up to the first row is excellent, beyond the last very bad.
 */
const GRADES: readonly { loss: number; rtt: number; quality: Quality }[] = [
  { loss: 2, rtt: 100, quality: 1 },
  { loss: 5, rtt: 200, quality: 2 },
  { loss: 12, rtt: 350, quality: 3 },
  { loss: 25, rtt: 600, quality: 4 },
];

export function grade(loss: number, rtt: number): Quality {
  return GRADES.find((row) => loss <= row.loss && rtt <= row.rtt)?.quality ?? 5;
}

export function sample(at: number, entries: Iterable<unknown>): Sample {
  return { at, entries: new Map([...(entries as Iterable<Entry>)].map((entry) => [entry.id, entry])) };
}

/** `before` is null for the first sample: rates are 0 then. `isConnected` is whether media and signaling are up. */
export function findings(before: Sample | null, now: Sample, lines: Lines, isConnected: boolean): Findings {
  const interval = new Interval(before, now);
  const rtt = roundTrip(now);
  const up = uplinkLoss(interval);
  const down = downlinkLoss(interval);
  const local = localTracks(interval, lines);
  const remote = remoteTracks(interval, lines);
  const total = (name: 'bytesSent' | 'bytesReceived', type: string) => sum(now, type, (entry) => entry[name] ?? 0);
  const uplinkNetworkQuality = quality(isConnected, rtt, up);
  const downlinkNetworkQuality = quality(isConnected, rtt, down);
  const round = rtt ?? 0;
  return {
    statistics: {
      rtt: Math.round(round),
      upLoss: whole(up ?? 0),
      downLoss: whole(down ?? 0),
      bytesSent: total('bytesSent', 'outbound-rtp'),
      bytesReceived: total('bytesReceived', 'inbound-rtp'),
      localStatistics: {
        audio: pick(
          local.find(({ layer }) => !layer),
          (track) => ({ bitrate: whole(track.bitrate), audioLevel: track.level }),
          {
            bitrate: 0,
            audioLevel: 0,
          },
        ),
        video: local
          .filter(({ layer }) => layer)
          .map((track) => ({
            width: track.width,
            height: track.height,
            frameRate: whole(track.encodedFps),
            bitrate: whole(track.bitrate),
            videoType: track.stream === 'sub' ? 'sub' : (track.layer ?? 'big'),
          })),
      },
      remoteStatistics: remoteStatistics(remote, lines),
    },
    quality: {
      uplinkNetworkQuality,
      downlinkNetworkQuality,
      uplinkRTT: Math.round(round),
      uplinkLoss: whole(up ?? 0),
      // There is one path to the engine, so there is one round trip.
      downlinkRTT: Math.round(round),
      downlinkLoss: whole(down ?? 0),
    },
    report: {
      uplinkQuality: uplinkNetworkQuality,
      downlinkQuality: downlinkNetworkQuality,
      rttMs: round,
      uplinkLoss: up ?? 0,
      downlinkLoss: down ?? 0,
      appCpu: 0,
      systemCpu: 0,
      local: local.slice(0, REPORTED),
      remote: remote.slice(0, REPORTED),
    },
  };
}

/** Differences between two samples. */
class Interval {
  readonly #before: Map<string, Entry>;
  readonly now: Map<string, Entry>;
  readonly ms: number;

  constructor(before: Sample | null, now: Sample) {
    this.#before = before?.entries ?? new Map();
    this.now = now.entries;
    this.ms = before ? now.at - before.at : 0;
  }

  /** How much a counter has grown; 0 when it is new or was started anew. */
  grown(entry: Entry, name: keyof Entry): number {
    const before = this.#before.get(entry.id)?.[name];
    const now = entry[name];
    return typeof before === 'number' && typeof now === 'number' ? Math.max(0, now - before) : 0;
  }

  perSecond(entry: Entry, name: keyof Entry): number {
    return this.ms > 0 ? (this.grown(entry, name) * 1000) / this.ms : 0;
  }

  kbps(entry: Entry, name: 'bytesSent' | 'bytesReceived'): number {
    return (this.perSecond(entry, name) * 8) / 1000;
  }

  of(type: string): Entry[] {
    return [...this.now.values()].filter((entry) => entry.type === type);
  }
}

function localTracks(interval: Interval, lines: Lines): LocalTrackReport[] {
  return interval.of('outbound-rtp').flatMap((entry) => {
    const track = entry.mid === undefined ? null : lines.local(entry.mid);
    if (!track) return [];
    const source = entry.mediaSourceId ? interval.now.get(entry.mediaSourceId) : undefined;
    const report: LocalTrackReport = {
      stream: track === 'screen' ? 'sub' : 'main',
      bitrate: interval.kbps(entry, 'bytesSent'),
      width: 0,
      height: 0,
      capturedFps: 0,
      encodedFps: 0,
      level: percent(source?.audioLevel ?? 0),
    };
    if (track === 'microphone') return [report];
    const encodedFps = interval.perSecond(entry, 'framesEncoded');
    // A layer that is off keeps its last size; it is not sent, so it is not told.
    if (encodedFps === 0 && report.bitrate === 0) return [];
    return [
      {
        ...report,
        layer: entry.rid === 'l' ? 'small' : 'big',
        width: entry.frameWidth ?? 0,
        height: entry.frameHeight ?? 0,
        capturedFps: source?.framesPerSecond ?? 0,
        encodedFps,
        level: 0,
      },
    ];
  });
}

function remoteTracks(interval: Interval, lines: Lines): RemoteTrackReport[] {
  return interval.of('inbound-rtp').flatMap((entry) => {
    const source = entry.mid === undefined ? null : lines.remote(entry.mid);
    if (!source) return [];
    const isVideo = source.track !== 'microphone';
    const received = interval.grown(entry, 'packetsReceived');
    const lost = interval.grown(entry, 'packetsLost');
    const emitted = interval.grown(entry, 'jitterBufferEmittedCount');
    const samples = interval.grown(entry, 'totalSamplesReceived');
    const report: RemoteTrackReport = {
      userId: source.userId,
      stream: source.track === 'screen' ? 'sub' : 'main',
      video: isVideo,
      bitrate: interval.kbps(entry, 'bytesReceived'),
      width: isVideo ? (entry.frameWidth ?? 0) : 0,
      height: isVideo ? (entry.frameHeight ?? 0) : 0,
      decodedFps: isVideo ? interval.perSecond(entry, 'framesDecoded') : 0,
      loss: share(lost, received + lost),
      blockedMs: source.isOn ? (isVideo ? blockedVideo(interval, entry) : blockedAudio(interval, entry, samples)) : 0,
      concealed: isVideo ? 0 : share(interval.grown(entry, 'concealedSamples'), samples),
      level: isVideo ? 0 : percent(entry.audioLevel ?? 0),
      jitterBufferMs: emitted > 0 ? (interval.grown(entry, 'jitterBufferDelay') * 1000) / emitted : 0,
    };
    return [report];
  });
}

/** A picture that stood still the whole time, or as long as the browser counts freezes. */
function blockedVideo(interval: Interval, entry: Entry): number {
  const frozen =
    interval.grown(entry, 'framesDecoded') === 0 ? interval.ms : interval.grown(entry, 'totalFreezesDuration') * 1000;
  return frozen >= VIDEO_BLOCK_MS ? frozen : 0;
}

/** Sound that had to be invented and was not silence, as a share of the time. */
function blockedAudio(interval: Interval, entry: Entry, samples: number): number {
  if (samples === 0) return 0;
  const invented = interval.grown(entry, 'concealedSamples') - interval.grown(entry, 'silentConcealedSamples');
  const ms = (Math.max(0, invented) / samples) * interval.ms;
  return ms >= AUDIO_BLOCK_MS ? ms : 0;
}

function remoteStatistics(tracks: RemoteTrackReport[], lines: Lines): Statistics['remoteStatistics'] {
  const users = new Map<string, Statistics['remoteStatistics'][number]>();
  for (const track of tracks) {
    const userId = track.userId ?? '';
    const user = users.get(userId) ?? { userId, audio: { bitrate: 0, audioLevel: 0, jitterBufferDelay: 0 }, video: [] };
    users.set(userId, user);
    const bitrate = whole(track.bitrate);
    const jitterBufferDelay = Math.round(track.jitterBufferMs);
    if (!track.video) {
      user.audio = { bitrate, audioLevel: track.level, jitterBufferDelay };
      continue;
    }
    const videoType = track.stream === 'sub' ? 'sub' : lines.wantsSmall(userId) ? 'small' : 'big';
    user.video.push({
      width: track.width,
      height: track.height,
      frameRate: whole(track.decodedFps),
      bitrate,
      videoType,
      jitterBufferDelay,
    });
  }
  return [...users.values()];
}

/** Milliseconds; null while no path is chosen. */
function roundTrip({ entries }: Sample): number | null {
  const all = [...entries.values()];
  const selected = all.find(
    ({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId,
  )?.selectedCandidatePairId;
  // Firefox has no transport entry.
  const pair = selected
    ? entries.get(selected)
    : all.find(({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded');
  const seconds =
    pair?.currentRoundTripTime ??
    all.find(({ type, roundTripTime }) => type === 'remote-inbound-rtp' && roundTripTime)?.roundTripTime;
  return seconds === undefined ? null : seconds * 1000;
}

/** Percent; null while nothing was sent. Receiver reports come slower than samples, so a sample without one says nothing. */
function uplinkLoss(interval: Interval): number | null {
  let lost = 0;
  let sent = 0;
  for (const entry of interval.of('remote-inbound-rtp')) {
    const outbound = entry.localId ? interval.now.get(entry.localId) : undefined;
    if (!outbound) continue;
    lost += interval.grown(entry, 'packetsLost');
    sent += interval.grown(outbound, 'packetsSent');
  }
  return sent > 0 ? share(lost, sent) : null;
}

/** Percent; null while nothing was received. */
function downlinkLoss(interval: Interval): number | null {
  let lost = 0;
  let received = 0;
  for (const entry of interval.of('inbound-rtp')) {
    lost += interval.grown(entry, 'packetsLost');
    received += interval.grown(entry, 'packetsReceived');
  }
  return received + lost > 0 ? share(lost, received + lost) : null;
}

/** Where nothing flows, the path alone is judged. */
function quality(isConnected: boolean, rtt: number | null, loss: number | null): Quality {
  if (!isConnected) return 6;
  return rtt === null && loss === null ? 0 : grade(loss ?? 0, rtt ?? 0);
}

function sum({ entries }: Sample, type: string, value: (entry: Entry) => number): number {
  let total = 0;
  for (const entry of entries.values()) if (entry.type === type) total += value(entry);
  return total;
}

function pick<T, R>(value: T | undefined, make: (value: T) => R, otherwise: R): R {
  return value === undefined ? otherwise : make(value);
}

function share(part: number, whole: number): number {
  return whole > 0 ? Math.min(100, (part / whole) * 100) : 0;
}

/** The browser's linear 0..=1 as 0..=100. */
function percent(level: number): number {
  return Math.round(Math.min(1, Math.max(0, level)) * 100);
}

function whole(value: number): number {
  return Math.round(value);
}
