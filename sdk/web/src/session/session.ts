// A member's session: enters a room, keeps what the engine tells, survives outages, leaves. The decisions about each
// part are in the files beside this one; what an application sees of it is made by the facade.

import type { Layer, MediaAnswer, MemberView, Push, Role, RoomSwitched, Snapshot, Stream, Track, Welcome } from '../protocol.js';
import { signalUrl } from './address.js';
import { fromBase64, toBase64 } from './base64.js';
import { Listening } from './listening.js';
import { LocalTracks, type Stage } from './local_tracks.js';
import { ended, Membership } from './membership.js';
import { Outbox } from './outbox.js';
import { BROWSER_PARTS, type SessionParts } from './parts.js';
import { Recovery } from './recovery.js';
import { Rounds } from './rounds.js';
import { ConnectionLost, Signaling } from './signaling.js';
import { Standing } from './standing.js';
import { Surroundings } from './surroundings.js';
import type { PathState, TransportLike } from './transport.js';
import {
  SessionError,
  type ConnectionState,
  type EnterParams,
  type LocalTrackOptions,
  type Logger,
  type PublishReason,
  type RoomSessionApi,
  type SessionHooks,
  type Statistics,
  type SwitchParams,
} from './types.js';

/** Receiving pairs at entry. Beyond them the loudest are heard, and the pool grows with what is watched. */
const FIRST_PAIRS = 8;
/** How often entering is tried while the engine cannot be reached, and the pause before the second attempt. */
const ENTRY_ATTEMPTS = 3;
const ENTRY_PAUSE_MS = 400;
/** What a WebSocket may take to open. */
const OPEN_MS = 5_000;
/** The same where one was open before. A browser waits ever longer between its own attempts, and does not see that the network is back. */
const OPEN_AGAIN_MS = 3_000;
/** What the engine may take to acknowledge our departure, and a connection that is made for it. */
const EXIT_MS = 1_000;
const GOODBYE_MS = 2_000;
/** How soon after an empty welcome the engine says that we were put out, if we were. */
const VERDICT_MS = 300;
/** After a restart of the engine, those who have not published again by then are told as stopped. */
const RESTART_MS = 10_000;
/** After a new peer connection, streams that are not back by then are told as gone. */
const SETTLE_MS = 5_000;

export class RoomSession implements RoomSessionApi {
  readonly #log: Logger;
  readonly #parts: SessionParts;
  readonly #outbox: Outbox;
  readonly #standing: Standing;
  readonly #others: Surroundings;
  readonly #listening = new Listening();
  readonly #local: LocalTracks;
  readonly #rounds: Rounds;
  #stay: Membership | null = null;
  #stage: Stage | null = null;
  #leaving: Promise<void> | null = null;

  constructor(hooks: SessionHooks, log: Logger, parts: SessionParts = BROWSER_PARTS) {
    this.#log = log;
    this.#parts = parts;
    // Known by the time somebody enters.
    void parts.prepare();
    this.#outbox = new Outbox(hooks, log);
    this.#standing = new Standing(this.#outbox, log);
    this.#local = new LocalTracks(() => this.#stage, this.#outbox);
    this.#others = new Surroundings(
      (mid) => this.#stay?.transport?.received(mid) ?? null,
      () => this.#standing.state === 'RECONNECTING',
      this.#outbox,
      log,
    );
    this.#rounds = new Rounds(this.#others, this.#local, this.#outbox);
  }

  get members(): ReadonlyMap<string, MemberView> {
    return this.#others.members;
  }

  get state(): ConnectionState {
    return this.#standing.state;
  }

  get entered(): boolean {
    return this.#stay?.isEntered ?? false;
  }

  async enter(params: EnterParams): Promise<void> {
    await this.#leaving;
    if (this.#stay)
      throw SessionError.local('repeated', this.entered ? 'this instance is in a room; exit first' : 'entering is under way');
    this.#parts.assertSupport();
    const url = signalUrl(params.server);
    const stay = new Membership(params);
    stay.recovery = new Recovery(this.#recoverySteps(stay), this.#parts.watchNetwork, this.#log);
    this.#stay = stay;
    this.#standing.is(this.#stay);
    try {
      await this.#enterWithPatience(stay);
    } catch (error) {
      if (stay.isOver) throw ended();
      this.#end(stay, 'error');
      throw error instanceof ConnectionLost
        ? SessionError.local('unreachable', `the engine cannot be reached at ${url}`)
        : error;
    }
  }

  exit(): Promise<void> {
    const stay = this.#stay;
    if (!stay) return this.#leaving ?? Promise.resolve();
    const { signaling } = stay;
    stay.signaling = null;
    if (stay.opening === signaling) stay.opening = null;
    this.#end(stay, 'api-call');
    this.#listening.clear();
    if (!stay.isEntered) return Promise.resolve();
    const leaving = this.#sayGoodbye(stay, signaling).finally(() => {
      if (this.#leaving === leaving) this.#leaving = null;
    });
    this.#leaving = leaving;
    return leaving;
  }

  /** Announces our departure, during an outage on a connection made for it, if one can be made soon. */
  async #sayGoodbye(stay: Membership, known: Signaling | null): Promise<void> {
    let signaling = known;
    try {
      if (!signaling) {
        signaling = this.#openSignaling(stay, GOODBYE_MS);
        await signaling.opened;
        await signaling.request({ type: 'hello', data: stay.hello() }, GOODBYE_MS);
      }
      await signaling.request({ type: 'exit', data: {} }, EXIT_MS);
    } catch (error) {
      this.#log.info('the departure could not be announced', error);
    }
    signaling?.close();
  }

  pageHide(): void {
    const { signaling } = this.#stay ?? {};
    void this.exit();
    signaling?.close();
  }

  async switchRole(role: Role, privateMapKey?: string): Promise<void> {
    const stay = this.#inRoom();
    await stay.ask({ type: 'switchRole', data: { role, privateMapKey } });
    if (stay.isOver) throw ended();
    stay.privateMapKey = privateMapKey ?? stay.privateMapKey;
    this.#roleIs(stay, role);
  }

  async switchRoom({ room, userSig, privateMapKey }: SwitchParams): Promise<void> {
    const stay = this.#inRoom();
    let switched;
    try {
      switched = (await stay.askOnce({ type: 'switchRoom', data: { room, userSig, privateMapKey } })) as RoomSwitched;
    } catch (error) {
      throw error instanceof ConnectionLost
        ? SessionError.local('timedOut', 'the connection was lost before the engine answered; it comes back to the old room')
        : error;
    }
    if (stay.isOver) throw ended();
    stay.params = { ...stay.params, room, userSig: userSig ?? stay.params.userSig };
    stay.privateMapKey = privateMapKey;
    // Nothing is told of the old room any more, and of the new one when the caller knows that he is there.
    this.#outbox.holdForTheCaller();
    this.#others.clear(ended());
    stay.lastPush = switched.snapshot.n;
    this.#takeSnapshot(stay, switched.snapshot);
    stay.signaling?.begin(switched);
  }

  setLocalTrack(track: Track, media: MediaStreamTrack | null, options: LocalTrackOptions = {}): Promise<void> {
    return this.#local.set(track, media, options);
  }

  async view(userId: string, stream: Stream, layer: Layer): Promise<MediaStreamTrack> {
    return this.#others.watching.view(this.#inRoom(), userId, stream, layer);
  }

  unview(userId: string, stream: Stream): Promise<void> {
    return this.#others.watching.unview(this.#stay, userId, stream);
  }

  async listen(userId: string | null, on: boolean): Promise<void> {
    this.#listening.say(userId, on);
    const stay = this.#stay;
    // During an outage nobody waits: everything is asked again when it is over.
    if (stay?.signaling) await stay.ask({ type: 'listen', data: { userId: userId ?? undefined, on } });
  }

  sendSei(stream: Stream, type: number, data: ArrayBuffer): void {
    const stay = this.#inRoom();
    const track = stream === 'main' ? 'camera' : 'screen';
    if (!this.#local.isPublished(track)) throw SessionError.local('noPicture', `the ${stream} stream has no picture`);
    if (!stay.transport?.sendSei(track, { type, data: new Uint8Array(data.slice(0)) })) {
      throw SessionError.local('noSei', 'pictures carry SEI messages only as H.264, which this browser does not send');
    }
  }

  async sendMessage(cmdId: number, data: ArrayBuffer): Promise<void> {
    try {
      await this.#inRoom().askOnce({ type: 'message', data: { cmdId, data: toBase64(data) } });
    } catch (error) {
      throw error instanceof ConnectionLost
        ? SessionError.local('timedOut', 'the connection was lost before the engine took the message')
        : error;
    }
  }

  remoteAudio(userId: string): MediaStreamTrack | null {
    return this.#others.media(userId, 'microphone');
  }

  remoteVideo(userId: string, stream: Stream): MediaStreamTrack | null {
    return this.#others.media(userId, stream === 'main' ? 'camera' : 'screen');
  }

  level(userId: string): number | null {
    const mid = this.#others.mid(userId, 'microphone');
    return mid === null ? null : (this.#stay?.transport?.level(mid) ?? null);
  }

  stats(): Statistics | null {
    return this.#rounds.statistics;
  }

  // Entering

  async #enterWithPatience(stay: Membership): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#enterAnew(stay);
        return;
      } catch (error) {
        if (!(error instanceof ConnectionLost) || attempt === ENTRY_ATTEMPTS || stay.isOver) throw error;
        await new Promise((resolve) => setTimeout(resolve, ENTRY_PAUSE_MS * attempt));
        if (stay.isOver) throw error;
      }
    }
  }

  /** A new membership with a new transport: hello and offer go out together. */
  async #enterAnew(stay: Membership, known?: { signaling: Signaling; welcome: Welcome }): Promise<void> {
    // The socket first: making a peer connection with twenty lines keeps the page busy for longer than a socket takes to open.
    const signaling = known?.signaling ?? this.#openSignaling(stay);
    const hello = known
      ? Promise.resolve(known.welcome)
      : signaling.opened.then(() => signaling.request({ type: 'hello', data: stay.hello() }));
    hello.catch(() => {});
    let transport: TransportLike | null = null;
    try {
      await this.#parts.prepare();
      if (stay.isOver) throw ended();
      transport = this.#openTransport(stay);
      const negotiated = transport.negotiate('enter', async (offer) => {
        await signaling.opened;
        return ((await signaling.request({ type: 'offer', data: offer })) as MediaAnswer).sdp;
      });
      // A refused hello is the better reason of the two.
      negotiated.catch(() => {});
      const welcome = (await hello) as Welcome;
      stay.resume = welcome.resume;
      stay.turn = welcome.turn;
      await negotiated;
      if (stay.isOver) throw ended();
      this.#welcomed(stay, signaling, welcome);
    } catch (error) {
      // Whatever of a membership was made ends with its connection.
      signaling.close();
      transport?.close();
      stay.resume = null;
      throw error;
    }
  }

  #welcomed(stay: Membership, signaling: Signaling, welcome: Welcome): void {
    stay.signaling = signaling;
    stay.limits = welcome.limits;
    stay.isMediaGone = false;
    stay.negotiatedAt = performance.now();
    const isFirst = !stay.isEntered;
    stay.isEntered = true;
    if (isFirst) {
      this.#stage = stay.stage();
      this.#rounds.begin(stay);
      this.#standing.is(this.#stay);
      this.#outbox.holdForTheCaller();
    }
    // A new membership counts anew.
    stay.lastPush = 0;
    this.#takeSnapshot(stay, welcome.snapshot);
    signaling.begin(welcome);
    this.#local.entered(null);
    this.#askAgain(stay);
    if (!isFirst) this.#settleSoon(stay);
    this.#standing.is(this.#stay);
    stay.recovery?.watchMedia();
    void this.#rounds.measure(stay);
  }

  /** What the engine may not know of what was asked. */
  #askAgain(stay: Membership): void {
    for (const data of this.#listening.all()) {
      stay.ask({ type: 'listen', data }).catch((error: Error) => this.#log.warn(`listening again failed: ${error.message}`));
    }
    this.#others.watching.askAgain(stay);
  }

  #openSignaling(stay: Membership, openMs = OPEN_MS): Signaling {
    const signaling: Signaling = new Signaling(
      this.#parts.openSocket(signalUrl(stay.params.server)),
      {
        onPush: (push) => this.#isCurrent(stay) && this.#pushed(stay, push),
        onSnapshot: (snapshot) => this.#isCurrent(stay) && this.#takeSnapshot(stay, snapshot),
        onLost: () => this.#signalingLost(stay, signaling),
      },
      this.#log,
    );
    const timer = setTimeout(() => signaling.drop('it did not open'), openMs);
    signaling.opened.then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    );
    stay.opening = signaling;
    return signaling;
  }

  #openTransport(stay: Membership, isRelayed = false): TransportLike {
    const { iceTransportPolicy, playoutDelay, sei } = stay.params;
    stay.isRelayed = isRelayed;
    const pairs = Math.max(FIRST_PAIRS, stay.transport?.pairs ?? 0);
    stay.transport?.close();
    this.#others.reconnected();
    this.#local.mediaReset();
    stay.hadPath = false;
    if (stay.media === 'up') stay.media = 'lost';
    const transport: TransportLike = this.#parts.openTransport(
      {
        iceServers: stay.servers(),
        iceTransportPolicy,
        playoutDelayMs: playoutDelay?.min,
        onBroken: () => this.#isCurrent(stay) && void this.#mend(stay),
        onSei: sei ? (mid, message) => this.#isCurrent(stay) && this.#others.carried(mid, message) : undefined,
      },
      pairs,
      (state) => this.#pathChanged(stay, transport, state),
      this.#log,
    );
    stay.transport = transport;
    this.#local.attach(transport, stay.role === 'anchor');
    return transport;
  }

  // What the engine tells

  #pushed(stay: Membership, push: Push): void {
    stay.lastPush = push.n;
    switch (push.type) {
      case 'memberEntered':
      case 'memberLeft':
      case 'tracksChanged':
      case 'slots':
        this.#others.pushed(stay, push);
        break;
      case 'encode':
        this.#local.encode(push.data);
        break;
      case 'message': {
        const { userId, cmdId, seq, data } = push.data;
        this.#outbox.tell((hooks) => hooks.onMessage(userId, cmdId, seq, fromBase64(data)));
        break;
      }
      case 'quality': {
        const { members } = push.data;
        this.#outbox.tell((hooks) => hooks.onRemoteQuality(members));
        break;
      }
      case 'removed':
        this.#removed(stay, push.data.reason);
        break;
      case 'draining':
        // What follows, if we are still here then, is told as an outage is.
        this.#log.info(`the engine takes nobody in any more, and stops in ${push.data.withinMs / 1000} s at the latest`);
        break;
      case 'closing':
        this.#closing(stay, push.data.retryAfterMs);
        break;
      default:
        // A newer engine; what it tells beyond this is of no use here.
        this.#log.debug('an unknown push', push);
    }
  }

  #takeSnapshot(stay: Membership, snapshot: Snapshot): void {
    const isRestarted = snapshot.n < stay.lastPush;
    stay.lastPush = snapshot.n;
    this.#roleIs(stay, snapshot.role);
    if (isRestarted) {
      this.#log.info('the engine was started anew');
      // Its media went with it.
      stay.isMediaGone = true;
      this.#later(stay, RESTART_MS, () => this.#others.release());
    }
    this.#others.snapshot(snapshot, isRestarted);
    for (const layers of snapshot.encode) this.#local.encode(layers);
  }

  #removed(stay: Membership, reason: 'kick' | 'banned' | 'room_disband' | 'timed_out'): void {
    if (reason === 'timed_out') {
      // We were away for too long. Nobody wanted us out: enter again.
      stay.resume = null;
      stay.signaling?.drop('timed out');
      return;
    }
    this.#end(stay, 'error');
    this.#listening.clear();
    this.#outbox.tell((hooks) => hooks.onRemoved(reason));
  }

  /** The engine stops: its media goes with it, the membership does not. */
  #closing(stay: Membership, retryAfterMs: number): void {
    stay.isMediaGone = true;
    stay.media = 'lost';
    const { signaling } = stay;
    stay.signaling = null;
    stay.recovery?.signalingLost(Math.min(retryAfterMs, 10_000));
    signaling?.drop('the engine is closing');
    this.#standing.is(this.#stay);
  }

  #roleIs(stay: Membership, role: Role): void {
    if (stay.role === role) return;
    stay.role = role;
    this.#local.roleChanged(role === 'anchor');
  }

  // Outages

  #signalingLost(stay: Membership, signaling: Signaling): void {
    if (!this.#isCurrent(stay) || !stay.isEntered) return;
    if (stay.signaling === signaling) stay.signaling = null;
    if (stay.signaling) return;
    this.#standing.is(this.#stay);
    // Time was lost already where it was given up for its silence.
    stay.recovery?.signalingLost(signaling.isSilent ? 0 : undefined);
  }

  #pathChanged(stay: Membership, transport: TransportLike, path: PathState): void {
    if (!this.#isCurrent(stay) || stay.transport !== transport) return;
    if (path === 'up') {
      stay.media = 'up';
      stay.hadPath = true;
    } else if (path !== 'coming' && stay.isEntered) {
      stay.media = 'lost';
    }
    stay.recovery?.pathChanged();
    if (stay.media === 'lost') stay.recovery?.watchMedia();
    this.#standing.is(this.#stay);
  }

  #recoverySteps(stay: Membership) {
    return {
      rejoin: () => this.#rejoin(stay),
      signalingAlive: async () => (await stay.signalingUp()).alive(),
      checkSignaling: () => {
        if (stay.signaling) void stay.signaling.alive().catch(() => {});
        else if (stay.isEntered && !stay.opening?.isAlive) stay.opening?.drop('a new attempt is made at once');
      },
      isMediaUp: () => stay.media === 'up',
      isHushed: () => this.#rounds.isHushed,
      negotiatedAt: () => stay.negotiatedAt,
      canRestart: () => stay.hadPath && !stay.isMediaGone,
      relayAfterMs: () => stay.relayAfterMs(),
      restartMedia: () => stay.restart(),
      replaceMedia: () => this.#replaceMedia(stay),
      mediaMissed: () => {
        stay.media = 'lost';
        this.#standing.is(this.#stay);
      },
      mediaBlocked: () => {
        const error = SessionError.local(
          'mediaBlocked',
          "no way was found to the engine's media port; a firewall may be blocking UDP and TCP",
        );
        this.#outbox.tell((hooks) => hooks.onError(error));
      },
      giveUp: (error: SessionError) => {
        this.#end(stay, 'error');
        this.#listening.clear();
        this.#outbox.tell((hooks) => hooks.onError(error));
      },
    };
  }

  async #rejoin(stay: Membership): Promise<void> {
    if (stay.resume === null) return this.#enterAnew(stay);
    const signaling = this.#openSignaling(stay, OPEN_AGAIN_MS);
    await signaling.opened;
    let welcome;
    try {
      welcome = (await signaling.request({ type: 'hello', data: stay.hello() })) as Welcome;
    } catch (error) {
      signaling.drop('not let back in');
      if (!(error instanceof SessionError) || error.name !== 'notInRoom') throw error;
      this.#log.info('the membership is gone; entering again');
      stay.resume = null;
      return this.#enterAnew(stay);
    }
    if (stay.isOver) return signaling.close();
    stay.resume = welcome.resume;
    stay.turn = welcome.turn;
    if (!welcome.resumed) return this.#enterAnew(stay, { signaling, welcome });
    stay.limits = welcome.limits;
    const { snapshot } = welcome;
    if (snapshot.n === 0 && snapshot.members.length === 0 && this.#others.members.size > 0) {
      // Everybody left, or we were put out and are told why next: then nobody else is to be told as gone.
      signaling.begin(welcome);
      await new Promise((resolve) => setTimeout(resolve, VERDICT_MS));
      if (stay.isOver) return;
      stay.signaling = signaling;
      signaling.doubt();
    } else {
      stay.signaling = signaling;
      this.#takeSnapshot(stay, snapshot);
      signaling.begin(welcome);
    }
    this.#local.entered(snapshot.tracks);
    this.#askAgain(stay);
    if (stay.isMediaGone) await this.#replaceMedia(stay);
    this.#standing.is(this.#stay);
  }

  async #replaceMedia(stay: Membership): Promise<void> {
    const transport = this.#openTransport(stay, stay.turn !== undefined);
    await stay.negotiate('replace');
    if (stay.transport !== transport) return;
    stay.isMediaGone = false;
    // Who is on which line was told in between, of the old transport or of the new one: ask which.
    stay.signaling?.doubt();
    this.#settleSoon(stay);
    stay.recovery?.watchMedia();
  }

  async #mend(stay: Membership): Promise<void> {
    try {
      await this.#replaceMedia(stay);
    } catch (error) {
      this.#log.info('new media could not be had yet', error);
      stay.recovery?.watchMedia();
    }
  }

  #settleSoon(stay: Membership): void {
    this.#later(stay, SETTLE_MS, () => this.#others.settle());
  }

  #later(stay: Membership, ms: number, act: () => void): void {
    setTimeout(() => this.#isCurrent(stay) && act(), ms);
  }

  // The end, and the state in between

  #end(stay: Membership, reason: PublishReason): void {
    stay.end();
    stay.opening?.close();
    stay.signaling?.close();
    stay.signaling = null;
    stay.transport?.close();
    this.#stay = null;
    this.#stage = null;
    this.#others.clear(ended());
    this.#local.left(reason);
    this.#rounds.end();
    this.#standing.is(this.#stay);
  }

  #inRoom(): Membership {
    if (!this.#stay?.isEntered) throw SessionError.local('notEntered', 'not in a room');
    return this.#stay;
  }

  #isCurrent(stay: Membership): boolean {
    return this.#stay === stay && !stay.isOver;
  }
}
