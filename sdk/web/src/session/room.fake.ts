// A session with a fake socket and a fake transport, for tests: the test plays engine and network, and every hook that is
// called becomes one line.

import type { MemberView, Push, PushBody, Snapshot, Tracks, TurnServers, Welcome } from '../protocol.js';
import { NO_TRACKS } from './members.js';
import type { Sign } from './network.js';
import { RoomSession } from './session.js';
import { emptySnapshot, FakeSocket, silent } from './socket.fake.js';
import type { SeiMessage } from './sei_frames.js';
import type { PathState, Sending, SpokenLoss, TransportLike, TransportOptions } from './transport.js';
import type { EnterParams, SessionHooks } from './types.js';

export class FakeTransport implements TransportLike {
  state: PathState = 'coming';
  pairs: number;
  isClosed = false;
  /** Each change of a sender: `camera cam-1 h l`, with the layers that are active. */
  readonly sent: string[] = [];
  readonly options: TransportOptions;
  servers: RTCIceServer[] | undefined;
  readonly #number: number;
  readonly #onState: (state: PathState) => void;

  constructor(options: TransportOptions, number: number, pairs: number, onState: (state: PathState) => void) {
    this.options = options;
    this.servers = options.iceServers;
    this.#number = number;
    this.pairs = pairs;
    this.#onState = onState;
  }

  async negotiate(purpose: 'enter', ask: Parameters<TransportLike['negotiate']>[1]): Promise<void> {
    await ask({ purpose, sdp: `offer ${this.#number}`, lines: { slots: [] } });
  }

  use(iceServers: RTCIceServer[]): void {
    this.servers = iceServers;
  }

  reserve(pairs: number): void {
    this.pairs = pairs;
  }

  async send(track: string, { media, shapes }: Sending): Promise<void> {
    if (this.isClosed) return;
    const layers = shapes.map(({ active }, i) => (active ? ['h', 'l'][i] : '-'));
    this.sent.push([track, media?.id ?? 'nothing', ...layers].join(' '));
  }

  codec() {
    return 'vp8' as const;
  }

  /** What the engine says of the microphone; only a transport with something here can repeat. */
  loss: SpokenLoss | null = null;
  readonly repeated: number[] = [];

  get canRepeat() {
    return this.loss !== null;
  }

  async spokenLoss() {
    return this.loss;
  }

  async repeat(earlier: number): Promise<void> {
    this.repeated.push(earlier);
  }

  sendSei(track: string, { type }: SeiMessage) {
    this.sent.push(`${track} carries ${type}`);
    return true;
  }

  level() {
    return null;
  }

  received(mid: string) {
    return { id: `${this.#number}:${mid}` } as MediaStreamTrack;
  }

  /** The time of the last packet of each line. */
  readonly packets = new Map<string, number>();

  lastPacket(mid: string) {
    return this.packets.get(mid) ?? null;
  }

  async playouts() {
    return new Map();
  }

  holdBack() {}

  localTrack() {
    return null;
  }

  async stats() {
    return [];
  }

  close(): void {
    this.isClosed = true;
  }

  path(state: PathState): void {
    this.state = state;
    this.#onState(state);
  }
}

export const params: EnterParams = {
  server: 'http://engine.example',
  sdkAppId: 1,
  userId: 'me',
  userSig: 'sig',
  room: { number: 7 },
  scene: 'rtc',
  role: 'anchor',
  autoReceiveAudio: true,
};

export const member = (userId: string, tracks: Partial<Tracks> = {}): MemberView => ({
  userId,
  role: 'anchor',
  kind: 'person',
  tracks: { ...NO_TRACKS, ...tracks },
});

export const camera = (id: string, size = { width: 640, height: 480 }) =>
  ({ id, getSettings: () => size }) as unknown as MediaStreamTrack;

export const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

export class FakeRoom {
  readonly story: string[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly transports: FakeTransport[] = [];
  readonly session: RoomSession;
  /** The engine's TURN servers. */
  turn: TurnServers | undefined;
  /** Has the browser tell something of the network or the page. */
  sign: (sign: Sign) => void = () => {};
  isWatchingNetwork = false;
  #lastPush = 0;
  #socketWaiters: ((socket: FakeSocket) => void)[] = [];

  constructor() {
    const tell = (line: string) => this.story.push(line);
    const hooks: SessionHooks = {
      onMemberEntered: (userId) => tell(`${userId} entered`),
      onMemberLeft: (userId, reason) => tell(`${userId} left ${reason}`),
      onTracksChanged: (userId, tracks) => tell(`${userId} publishes ${published(tracks)}`),
      onRemoteAudio: (userId, track) => tell(`hear ${userId} on ${track?.id ?? 'nothing'}`),
      onRemoteVideo: (userId, stream, track) => tell(`see ${userId} ${stream} on ${track?.id ?? 'nothing'}`),
      onConnectionState: (state) => tell(state),
      onRemoved: (reason) => tell(`removed ${reason}`),
      onMessage: (userId, cmdId, seq, data) => tell(`${userId} says ${new TextDecoder().decode(data)} (${cmdId}/${seq})`),
      onNetworkQuality: () => {},
      onRemoteQuality: () => {},
      onSei: (userId, stream, type, data) => tell(`${userId} ${stream} carries ${type}/${new TextDecoder().decode(data)}`),
      onStatistics: () => {},
      onPublishState: (track, state, _, reason) => tell(`${track} ${state} ${reason}`),
      onError: (error) => tell(`error ${error.name} ${error.code}`),
    };
    this.session = new RoomSession(hooks, silent, {
      assertSupport: () => {},
      prepare: async () => {},
      openSocket: () => {
        const socket = new FakeSocket();
        socket.answersReports = true;
        this.sockets.push(socket);
        this.#socketWaiters.splice(0).forEach((resolve) => resolve(socket));
        return socket;
      },
      openTransport: (options, pairs, onState) => {
        const transport = new FakeTransport(options, this.transports.length + 1, pairs, onState);
        this.transports.push(transport);
        return transport;
      },
      watchNetwork: (told) => {
        this.sign = told;
        this.isWatchingNetwork = true;
        return () => (this.isWatchingNetwork = false);
      },
    });
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1) as FakeSocket;
  }

  get transport(): FakeTransport {
    return this.transports.at(-1) as FakeTransport;
  }

  /** The next socket the session opens. */
  nextSocket(): Promise<FakeSocket> {
    return new Promise((resolve) => this.#socketWaiters.push(resolve));
  }

  /** Lets the session in, with this in the room and the media path up. */
  async enter(snapshot: Partial<Snapshot> = {}, changes: Partial<EnterParams> = {}): Promise<void> {
    const entering = this.session.enter({ ...params, ...changes });
    await soon();
    this.socket.open();
    await this.welcome(snapshot);
    await this.answerOffer();
    await entering;
    this.transport.path('up');
    await told();
  }

  async welcome(snapshot: Partial<Snapshot> = {}, resumed = false): Promise<void> {
    const hello = await this.socket.next('hello');
    const whole = { ...emptySnapshot, ...snapshot };
    this.#lastPush = whole.n;
    const welcome: Welcome = {
      protocol: 1,
      engine: 'test',
      resume: `way-${this.sockets.length}`,
      resumed,
      timeMs: 0,
      limits: { reportIntervalMs: 2000, awayMs: 90_000, maxSlots: 32 },
      turn: this.turn,
      snapshot: whole,
    };
    this.socket.answer(hello.id, welcome);
  }

  async answerOffer(): Promise<string> {
    const offer = await this.socket.next('offer');
    this.socket.answer(offer.id, { sdp: 'answer' });
    return offer.type === 'offer' ? offer.data.purpose : '';
  }

  async push(body: PushBody): Promise<void> {
    this.#lastPush += 1;
    this.socket.push({ n: this.#lastPush, ...body } as Push);
    await soon();
  }

  /** What was told since the last call. */
  lines(): string[] {
    return this.story.splice(0);
  }
}

/** A message channel's turn is over: what was held for the caller was told. */
export async function told(): Promise<void> {
  const channel = new MessageChannel();
  await new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
  });
  channel.port1.close();
  await soon();
}

function published({ microphone, camera: picture, screen }: Tracks): string {
  return `${microphone}/${picture}/${screen}`;
}
