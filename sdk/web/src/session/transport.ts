// One peer connection: three sending lines and a growing pool of receiving pairs. It always offers, and it does not know
// who is on which line.

import type { Codec, Lines, MediaOffer, OfferPurpose, SlotPair, Track } from '../protocol.js';
import { codecOf, offeredCodecs, seiCodecs, spokenCodecs } from './codecs.js';
import { besideRepeated, type Shape, type Size } from './encodings.js';
import type { Playout } from './lip_sync.js';
import { RepeatedSound } from './repeated_sound.js';
import { canTransform, needsStreams, SeiLines } from './sei.js';
import type { SeiMessage } from './sei_frames.js';
import { SessionError, type Logger } from './types.js';

/** `up` when ICE and DTLS are through, `weak` when nothing was heard for some seconds, `down` when ICE has given up. */
export type PathState = 'coming' | 'up' | 'weak' | 'down';

export interface TransportOptions {
  iceServers?: RTCIceServer[];
  iceTransportPolicy?: RTCIceTransportPolicy;
  /** What receivers hold back at least, in milliseconds. */
  playoutDelayMs?: number;
  /** Told of SEI messages, with the receiving line they came on. Pictures are then sent as H.264 where the browser can. */
  onSei?: (mid: string, message: SeiMessage) => unknown;
  /** Told when sound does not get out, and would by another transport. */
  onBroken?: () => unknown;
}

/** What is on a sending line. */
export interface Sending {
  media: MediaStreamTrack | null;
  shapes: Shape[];
  degradationPreference?: RTCDegradationPreference;
}

/** A report of the engine's: the share of packets that were lost since the one before, 0..=1, and when it came. */
export interface SpokenLoss {
  at: number;
  loss: number;
}

/** The face of a transport; tests have one of their own. */
export interface TransportLike {
  readonly state: PathState;
  /** Receiving pairs that were negotiated. */
  readonly pairs: number;
  /** Offers, hands the offer to `ask` and takes the SDP answer that it resolves with. One at a time; others wait. */
  negotiate(purpose: OfferPurpose, ask: (offer: MediaOffer) => Promise<string>): Promise<void>;
  /** Has these servers asked for relayed candidates from the next restart on. */
  use(iceServers: RTCIceServer[]): void;
  /** Has so many receiving pairs, once `negotiate('grow', …)` has made them usable. */
  reserve(pairs: number): void;
  send(track: Track, sending: Sending): Promise<void>;
  codec(track: Track): Codec | undefined;
  /** Whether the microphone's packets can carry more of those before them than the browser has them carry. */
  readonly canRepeat: boolean;
  /** Has each of them carry so many. */
  repeat(earlier: number): Promise<void>;
  /** What the engine said last of the microphone's packets; null where it has said nothing. */
  spokenLoss(): Promise<SpokenLoss | null>;
  /** Sends an SEI message with the next picture of a track. False when its pictures cannot carry one. */
  sendSei(track: Track, message: SeiMessage): boolean;
  /** The media of a receiving line. */
  received(mid: string): MediaStreamTrack | null;
  /** How loud an audio line is now, 0..=1, linear; null where nothing came or the browser does not tell. */
  level(mid: string): number | null;
  /** When the last packet of a receiving line was played, by a clock of the browser's; null where there was none lately. */
  lastPacket(mid: string): number | null;
  /** What the receiving lines play now, by mid; without those that play nothing or of which the browser does not tell. */
  playouts(): Promise<Map<string, Playout>>;
  /** Holds a receiving line back at least so long (milliseconds, 0 to 4000), where the browser can. */
  holdBack(mid: string, milliseconds: number): void;
  /** Which local track a sending line is for. */
  localTrack(mid: string): Track | null;
  stats(): Promise<Iterable<unknown>>;
  close(): void;
}

/** What is read of the statistics of a receiving line (W3C webrtc-stats). */
interface InboundStats {
  type: string;
  mid?: string;
  timestamp: number;
  estimatedPlayoutTimestamp?: number;
}

/** What is read of the statistics of the microphone's line: of the engine's report, and of the seconds of sound that it was given. */
interface SpokenStats {
  type: string;
  timestamp: number;
  fractionLost?: number;
  totalSamplesDuration?: number;
}

interface Pair {
  audio: RTCRtpTransceiver;
  video: RTCRtpTransceiver;
}

export class Transport implements TransportLike {
  readonly #connection: RTCPeerConnection;
  readonly #options: TransportOptions;
  readonly #onState: (state: PathState) => void;
  readonly #log: Logger;
  readonly #senders: Record<Track, RTCRtpTransceiver>;
  readonly #pairs: Pair[] = [];
  readonly #codecs: Record<'audio' | 'video', RTCRtpCodec[] | null>;
  readonly #sei: SeiLines | null = null;
  readonly #repeated: RepeatedSound | null;
  #earlier = 0;
  /** What the microphone's line was last told to send. */
  #spoken: Sending | null = null;
  /** The receiving lines by the names their transforms know. */
  readonly #named = new Map<string, RTCRtpTransceiver>();
  /** Senders take one change at a time. */
  readonly #work = new Map<Track, Promise<void>>();
  #negotiation: Promise<unknown> = Promise.resolve();
  #state: PathState = 'coming';
  #isClosed = false;

  constructor(options: TransportOptions, pairs: number, onState: (state: PathState) => void, log: Logger) {
    this.#options = options;
    this.#onState = onState;
    this.#log = log;
    this.#connection = new RTCPeerConnection({
      iceServers: options.iceServers ?? [],
      iceTransportPolicy: options.iceTransportPolicy ?? 'all',
      bundlePolicy: 'max-bundle',
      rtcpMuxPolicy: 'require',
      ...(options.onSei && needsStreams() && { encodedInsertableStreams: true }),
    });
    if (options.onSei && canTransform()) this.#sei = new SeiLines((name, message) => this.#seiReceived(name, message), log);
    this.#connection.onconnectionstatechange = () => this.#connectionChanged();
    this.#codecs = { audio: capabilities('audio'), video: capabilities('video') };
    const carrying = this.#sei && seiCapabilities();
    if (options.onSei && !carrying) log.warn('SEI messages cannot be sent: this browser does not send H.264, or has no transforms');
    this.#senders = {
      microphone: this.#line('audio', 'sendonly', undefined, spokenCapabilities()),
      camera: this.#line(
        'video',
        'sendonly',
        [
          { rid: 'h', active: true },
          { rid: 'l', active: false, scaleResolutionDownBy: 4 },
        ],
        carrying,
      ),
      screen: this.#line('video', 'sendonly', undefined, carrying),
    };
    // In the turn in which the line was made.
    this.#repeated = RepeatedSound.on(this.#senders.microphone.sender, log);
    for (const track of ['microphone', 'camera', 'screen'] as const) {
      this.#sei?.attach(this.#senders[track].sender, track === 'microphone' ? null : track, true);
    }
    this.reserve(pairs);
  }

  get state(): PathState {
    return this.#state;
  }

  get pairs(): number {
    return this.#lines().slots.length;
  }

  reserve(pairs: number): void {
    while (this.#pairs.length < pairs) {
      const pair = { audio: this.#line('audio', 'recvonly'), video: this.#line('video', 'recvonly') };
      const { playoutDelayMs } = this.#options;
      if (playoutDelayMs) for (const { receiver } of [pair.audio, pair.video]) holdBack(receiver, playoutDelayMs);
      this.#transformed(pair);
      this.#pairs.push(pair);
    }
  }

  use(iceServers: RTCIceServer[]): void {
    try {
      this.#connection.setConfiguration({ ...this.#connection.getConfiguration(), iceServers });
    } catch (error) {
      throw refused('could not use the TURN servers', error);
    }
  }

  negotiate(purpose: OfferPurpose, ask: (offer: MediaOffer) => Promise<string>): Promise<void> {
    const run = this.#negotiation.then(() => this.#negotiate(purpose, ask));
    this.#negotiation = run.catch(() => {});
    return run;
  }

  send(track: Track, sending: Sending): Promise<void> {
    return this.#inTurn(track, () => this.#send(track, sending));
  }

  codec(track: Track): Codec | undefined {
    // The first of the negotiated codecs is the one in use (WebRTC 1.0, 5.2).
    return codecOf(this.#senders[track].sender.getParameters().codecs?.[0]?.mimeType);
  }

  get canRepeat(): boolean {
    return this.#repeated !== null;
  }

  async repeat(earlier: number): Promise<void> {
    if (earlier === this.#earlier) return;
    this.#earlier = earlier;
    this.#repeated?.repeat(earlier);
    // What is sent by then: it may be about to change.
    await this.#inTurn('microphone', async () => {
      if (this.#spoken) await this.#send('microphone', this.#spoken);
    });
  }

  async spokenLoss(): Promise<SpokenLoss | null> {
    const { sender } = this.#senders.microphone;
    if (!sender.track || this.#state !== 'up') return null;
    let report: SpokenLoss | null = null;
    const rows = (await sender.getStats()) as unknown as Map<string, SpokenStats>;
    for (const { type, timestamp, fractionLost, totalSamplesDuration } of rows.values()) {
      if (type === 'remote-inbound-rtp' && fractionLost !== undefined) report = { at: timestamp, loss: fractionLost };
      if (type !== 'media-source' || totalSamplesDuration === undefined || this.#isClosed) continue;
      if (this.#repeated && !this.#repeated.works(totalSamplesDuration)) this.#options.onBroken?.();
    }
    return report;
  }

  sendSei(track: Track, message: SeiMessage): boolean {
    if (!this.#sei || this.codec(track) !== 'h264') return false;
    this.#sei.send(track, message);
    return true;
  }

  received(mid: string): MediaStreamTrack | null {
    return this.#receiver(mid)?.track ?? null;
  }

  level(mid: string): number | null {
    return this.#receiver(mid)?.getSynchronizationSources()[0]?.audioLevel ?? null;
  }

  lastPacket(mid: string): number | null {
    return this.#receiver(mid)?.getSynchronizationSources()[0]?.timestamp ?? null;
  }

  async playouts(): Promise<Map<string, Playout>> {
    const playouts = new Map<string, Playout>();
    for (const { type, mid, timestamp, estimatedPlayoutTimestamp } of (await this.stats()) as Iterable<InboundStats>) {
      if (type !== 'inbound-rtp' || mid === undefined || !estimatedPlayoutTimestamp) continue;
      playouts.set(mid, { captured: estimatedPlayoutTimestamp, at: timestamp });
    }
    return playouts;
  }

  holdBack(mid: string, milliseconds: number): void {
    const receiver = this.#receiver(mid);
    if (receiver) holdBack(receiver, Math.max(milliseconds, this.#options.playoutDelayMs ?? 0));
  }

  localTrack(mid: string): Track | null {
    const tracks: Track[] = ['microphone', 'camera', 'screen'];
    return tracks.find((track) => this.#senders[track].mid === mid) ?? null;
  }

  async stats(): Promise<Iterable<unknown>> {
    const report = await this.#connection.getStats();
    return (report as unknown as Map<string, unknown>).values();
  }

  close(): void {
    this.#isClosed = true;
    this.#connection.onconnectionstatechange = null;
    this.#connection.close();
    this.#sei?.close();
    this.#repeated?.end();
  }

  async #negotiate(purpose: OfferPurpose, ask: (offer: MediaOffer) => Promise<string>): Promise<void> {
    const connection = this.#connection;
    try {
      await connection.setLocalDescription(await connection.createOffer({ iceRestart: purpose === 'restart' }));
    } catch (error) {
      throw refused('could not offer', error);
    }
    let answer;
    try {
      // No candidates are gathered first: the engine learns ours from our checks.
      answer = await ask({ purpose, sdp: connection.localDescription?.sdp ?? '', lines: this.#lines() });
    } catch (error) {
      if (!this.#isClosed) await connection.setLocalDescription({ type: 'rollback' }).catch(() => {});
      throw error;
    }
    if (this.#isClosed) return;
    try {
      await connection.setRemoteDescription({ type: 'answer', sdp: answer });
    } catch (error) {
      throw refused("could not take the engine's answer", error);
    }
  }

  #transformed({ audio, video }: Pair): void {
    if (!this.#sei) return;
    const name = `slot ${this.#pairs.length}`;
    this.#named.set(name, video);
    this.#sei.attach(audio.receiver, null, false);
    this.#sei.attach(video.receiver, name, false);
  }

  #seiReceived(name: string, message: SeiMessage): void {
    const mid = this.#named.get(name)?.mid;
    if (mid) this.#options.onSei?.(mid, message);
  }

  #receiver(mid: string): RTCRtpReceiver | null {
    for (const { audio, video } of this.#pairs) {
      if (audio.mid === mid) return audio.receiver;
      if (video.mid === mid) return video.receiver;
    }
    return null;
  }

  /** Every line that has a mid; those that were added after the last offer have none. */
  #lines(): Lines {
    const mid = (track: Track) => this.#senders[track].mid ?? undefined;
    const slots: SlotPair[] = [];
    for (const { audio, video } of this.#pairs) {
      if (audio.mid !== null && video.mid !== null) slots.push({ audio: audio.mid, video: video.mid });
    }
    return { microphone: mid('microphone'), camera: mid('camera'), screen: mid('screen'), slots };
  }

  #inTurn(track: Track, change: () => Promise<void>): Promise<void> {
    const run = (this.#work.get(track) ?? Promise.resolve()).then(change);
    this.#work.set(
      track,
      run.catch(() => {}),
    );
    return run;
  }

  async #send(track: Track, sending: Sending): Promise<void> {
    if (this.#isClosed) return;
    const { media, shapes, degradationPreference } = sending;
    const { sender } = this.#senders[track];
    if (track === 'microphone') this.#spoken = sending;
    const wanted = track === 'microphone' ? shapes.map((shape) => besideRepeated(shape, this.#earlier)) : shapes;
    // Encodings first, so that the first frame has its right size; but nothing of a former source must be shaped anew.
    if (media) await this.#shape(track, sender, wanted, degradationPreference);
    if (sender.track === media || this.#isClosed) return;
    if (track === 'microphone' && media) this.#repeated?.begin();
    try {
      await sender.replaceTrack(media);
    } catch (error) {
      if (!this.#isClosed) throw refused(`could not send the ${track}`, error);
    }
    if (track === 'microphone' && !sender.track) this.#repeated?.end();
  }

  async #shape(track: Track, sender: RTCRtpSender, shapes: Shape[], preference?: RTCDegradationPreference): Promise<void> {
    const parameters = sender.getParameters();
    let isChanged = false;
    parameters.encodings?.forEach((encoding, i) => {
      const shape = shapes[i];
      if (!shape) return;
      for (const name of ['active', 'maxBitrate', 'maxFramerate', 'scaleResolutionDownBy'] as const) {
        if (
          encoding[name] === shape[name] ||
          (name === 'scaleResolutionDownBy' && (encoding[name] ?? 1) === (shape[name] ?? 1))
        )
          continue;
        isChanged = true;
        if (shape[name] === undefined) delete encoding[name];
        else Object.assign(encoding, { [name]: shape[name] });
      }
    });
    const wished = parameters as { degradationPreference?: RTCDegradationPreference };
    if (preference && wished.degradationPreference !== preference) {
      wished.degradationPreference = preference;
      isChanged = true;
    }
    if (!isChanged) return;
    try {
      await sender.setParameters(parameters);
    } catch (error) {
      // A browser that refuses a limit still sends; a stopped layer it refuses to stop costs only bandwidth.
      if (!this.#isClosed) this.#log.warn(`the encoding of the ${track} could not be set`, error);
    }
  }

  #line(
    kind: 'audio' | 'video',
    direction: RTCRtpTransceiverDirection,
    sendEncodings?: RTCRtpEncodingParameters[],
    wanted?: RTCRtpCodec[] | null,
  ): RTCRtpTransceiver {
    const line = this.#connection.addTransceiver(kind, sendEncodings ? { direction, sendEncodings } : { direction });
    const codecs = wanted ?? this.#codecs[kind];
    if (codecs) {
      try {
        line.setCodecPreferences?.(codecs);
      } catch (error) {
        this.#codecs[kind] = null;
        this.#log.debug('codec preferences were refused; everything is offered', error);
      }
    }
    return line;
  }

  #connectionChanged(): void {
    const state = STATES[this.#connection.connectionState];
    if (!state || state === this.#state) return;
    // After an ICE restart a path that works goes on while another is looked for: that is no outage.
    if (state === 'coming' && this.#state === 'up') return;
    this.#log.info(`media path ${this.#state} -> ${state}`);
    this.#state = state;
    this.#onState(state);
  }
}

const STATES: Partial<Record<RTCPeerConnectionState, PathState>> = {
  new: 'coming',
  connecting: 'coming',
  connected: 'up',
  disconnected: 'weak',
  failed: 'down',
};

/** Pixels of a picture; 0 where the browser does not tell yet. */
export function sizeOf(media: MediaStreamTrack | null): Size {
  const { width = 0, height = 0 } = media?.getSettings?.() ?? {};
  return { width, height };
}

function capabilities(kind: 'audio' | 'video'): RTCRtpCodec[] | null {
  const codecs = globalThis.RTCRtpReceiver?.getCapabilities?.(kind)?.codecs;
  return codecs ? offeredCodecs(kind, codecs) : null;
}

function spokenCapabilities(): RTCRtpCodec[] | null {
  const codecs = globalThis.RTCRtpSender?.getCapabilities?.('audio')?.codecs;
  return codecs ? spokenCodecs(codecs) : null;
}

function seiCapabilities(): RTCRtpCodec[] | null {
  const codecs = globalThis.RTCRtpSender?.getCapabilities?.('video')?.codecs;
  return codecs ? seiCodecs(codecs) : null;
}

/** Browsers without it ignore it. */
function holdBack(receiver: RTCRtpReceiver, milliseconds: number): void {
  const target = milliseconds > 0 ? Math.min(Math.round(milliseconds), 4000) : null;
  (receiver as { jitterBufferTarget?: number | null }).jitterBufferTarget = target;
}

function refused(what: string, error: unknown): SessionError {
  return SessionError.local('peerConnection', `${what}: ${error instanceof Error ? error.message : String(error)}`);
}
