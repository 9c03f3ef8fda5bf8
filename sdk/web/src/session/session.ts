// A member's session: enters a room, keeps what the engine tells, survives outages, leaves. The decisions about each
// part are in the files beside this one; what an application sees of it is made by the facade.

import type {
  Hello,
  Layer,
  MediaAnswer,
  MemberView,
  Push,
  Role,
  Snapshot,
  Stream,
  Track,
  Welcome,
} from '../protocol.js';
import { PROTOCOL_VERSION } from '../protocol.js';
import { signalUrl } from './address.js';
import { fromBase64, toBase64 } from './base64.js';
import { Listening } from './listening.js';
import { LocalTracks, type Stage } from './local_tracks.js';
import { Members, type MemberEvent } from './members.js';
import { ended, Membership } from './membership.js';
import { Outbox } from './outbox.js';
import { BROWSER_PARTS, sdkInfo, type SessionParts } from './parts.js';
import { Recovery } from './recovery.js';
import { ConnectionLost, Signaling } from './signaling.js';
import { Slots, type SlotChange } from './slots.js';
import { findings, sample, type Lines } from './statistics.js';
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
} from './types.js';
import { BIND_MS, Views, type View } from './views.js';

/** Receiving pairs at entry. Beyond them the loudest are heard, and the pool grows with what is watched. */
const FIRST_PAIRS = 8;
/** How often entering is tried while the engine cannot be reached, and the pause before the second attempt. */
const ENTRY_ATTEMPTS = 3;
const ENTRY_PAUSE_MS = 400;
/** What a WebSocket may take to open. */
const OPEN_MS = 5_000;
/** What the engine may take to acknowledge our departure, and a connection that is made for it. */
const EXIT_MS = 1_000;
const GOODBYE_MS = 2_000;
/** How soon after an empty welcome the engine says that we were put out, if we were. */
const VERDICT_MS = 300;
/** After a new peer connection, streams that are not back by then are told as gone. */
const SETTLE_MS = 5_000;

export class RoomSession implements RoomSessionApi {
  readonly #log: Logger;
  readonly #parts: SessionParts;
  readonly #outbox: Outbox;
  readonly #members = new Members();
  readonly #slots = new Slots();
  readonly #views = new Views();
  readonly #listening = new Listening();
  readonly #local: LocalTracks;
  #stay: Membership | null = null;
  #stage: Stage | null = null;
  #leaving: Promise<void> | null = null;
  #state: ConnectionState = 'DISCONNECTED';
  #statistics: Statistics | null = null;

  constructor(hooks: SessionHooks, log: Logger, parts: SessionParts = BROWSER_PARTS) {
    this.#log = log;
    this.#parts = parts;
    this.#outbox = new Outbox(hooks, log);
    this.#local = new LocalTracks(() => this.#stage, this.#outbox);
  }

  get members(): ReadonlyMap<string, MemberView> {
    return this.#members.views;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get entered(): boolean {
    return this.#stay?.isEntered ?? false;
  }

  async enter(params: EnterParams): Promise<void> {
    await this.#leaving;
    if (this.#stay) throw SessionError.local('repeated', this.entered ? 'this instance is in a room; exit first' : 'entering is under way');
    this.#parts.assertSupport();
    const url = signalUrl(params.server);
    const stay = new Membership(params);
    stay.recovery = new Recovery(this.#recoverySteps(stay), this.#log);
    this.#stay = stay;
    this.#updateState();
    try {
      await this.#enterWithPatience(stay);
    } catch (error) {
      if (stay.isOver) throw ended();
      this.#end(stay, 'error');
      throw error instanceof ConnectionLost ? SessionError.local('unreachable', `the engine cannot be reached at ${url}`) : error;
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
        await signaling.request({ type: 'hello', data: this.#hello(stay) }, GOODBYE_MS);
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

  setLocalTrack(track: Track, media: MediaStreamTrack | null, options: LocalTrackOptions = {}): Promise<void> {
    return this.#local.set(track, media, options);
  }

  async view(userId: string, stream: Stream, layer: Layer): Promise<MediaStreamTrack> {
    const stay = this.#inRoom();
    const view = this.#views.want(userId, stream, layer);
    try {
      await this.#askView(stay, view);
    } catch (error) {
      if (!this.remoteVideo(userId, stream) && this.#views.has(view)) this.#views.end(userId, stream, ended());
      throw error;
    }
    return this.#bound(stay, view);
  }

  async unview(userId: string, stream: Stream): Promise<void> {
    const stay = this.#stay;
    const wasWanted = this.#views.end(userId, stream, SessionError.local('aborted', 'the view was ended'));
    if (!wasWanted || !stay?.isEntered) return;
    await stay.ask({ type: 'unview', data: { userId, stream } }).catch((error: SessionError) => {
      // It stopped or left in the same moment, or we did.
      if (error.name !== 'noSuchStream' && error.name !== 'aborted') throw error;
    });
  }

  async listen(userId: string | null, on: boolean): Promise<void> {
    this.#listening.say(userId, on);
    const stay = this.#stay;
    if (stay?.isEntered) await stay.ask({ type: 'listen', data: { userId: userId ?? undefined, on } });
  }

  async sendMessage(cmdId: number, data: ArrayBuffer): Promise<void> {
    try {
      await this.#inRoom().askOnce({ type: 'message', data: { cmdId, data: toBase64(data) } });
    } catch (error) {
      throw error instanceof ConnectionLost ? SessionError.local('timedOut', 'the connection was lost before the engine took the message') : error;
    }
  }

  remoteAudio(userId: string): MediaStreamTrack | null {
    return this.#received(userId, 'microphone');
  }

  remoteVideo(userId: string, stream: Stream): MediaStreamTrack | null {
    return this.#received(userId, stream === 'main' ? 'camera' : 'screen');
  }

  level(userId: string): number | null {
    const mid = this.#slots.mid(userId, 'microphone');
    return mid === null ? null : (this.#stay?.transport?.level(mid) ?? null);
  }

  stats(): Statistics | null {
    return this.#statistics;
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
    const hello = known ? Promise.resolve(known.welcome) : signaling.opened.then(() => signaling.request({ type: 'hello', data: this.#hello(stay) }));
    hello.catch(() => {});
    let transport: TransportLike | null = null;
    try {
      transport = this.#openTransport(stay);
      const negotiated = transport.negotiate('enter', async (offer) => {
        await signaling.opened;
        return ((await signaling.request({ type: 'offer', data: offer })) as MediaAnswer).sdp;
      });
      // A refused hello is the better reason of the two.
      negotiated.catch(() => {});
      const welcome = (await hello) as Welcome;
      stay.resume = welcome.resume;
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
      this.#stage = stageOf(stay);
      stay.ticking = setInterval(() => void this.#tick(stay), stay.limits.reportIntervalMs);
      this.#updateState();
      this.#outbox.holdForTheCaller();
    }
    this.#takeSnapshot(stay, welcome.snapshot);
    signaling.begin(welcome);
    this.#local.entered(null);
    const quietly = (error: SessionError) => this.#log.warn(`asking again failed: ${error.message}`);
    for (const data of this.#listening.all()) stay.ask({ type: 'listen', data }).catch(quietly);
    for (const view of this.#views.all()) {
      this.#askView(stay, view).catch((error: SessionError) => {
        quietly(error);
        if (this.#views.has(view)) this.#views.end(view.userId, view.stream, error);
      });
    }
    if (!isFirst) this.#settleSoon(stay);
    this.#updateState();
    stay.recovery?.watchMedia();
    void this.#tick(stay);
  }

  #hello({ params, role, privateMapKey, resume }: Membership): Hello {
    return {
      protocol: PROTOCOL_VERSION,
      sdk: sdkInfo(),
      sdkAppId: params.sdkAppId,
      userId: params.userId,
      userSig: params.userSig,
      room: params.room,
      scene: params.scene === 'live' ? 'live' : 'videoCall',
      role,
      privateMapKey,
      autoReceiveAudio: params.autoReceiveAudio,
      userDefineRecordId: params.userDefineRecordId,
      resume: resume ?? undefined,
    };
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
    signaling.opened.then(() => clearTimeout(timer), () => clearTimeout(timer));
    stay.opening = signaling;
    return signaling;
  }

  #openTransport(stay: Membership): TransportLike {
    const { iceServers, iceTransportPolicy, playoutDelay } = stay.params;
    const pairs = Math.max(FIRST_PAIRS, stay.transport?.pairs ?? 0);
    stay.transport?.close();
    this.#slots.reconnected();
    this.#local.mediaReset();
    stay.hadPath = false;
    if (stay.media === 'up') stay.media = 'lost';
    const transport: TransportLike = this.#parts.openTransport(
      { iceServers, iceTransportPolicy, playoutDelayMs: playoutDelay?.min },
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
    switch (push.type) {
      case 'memberEntered':
        this.#tellMembers(this.#members.entered(push.data));
        break;
      case 'memberLeft':
        this.#tellMembers(this.#members.left(push.data.userId, push.data.reason));
        break;
      case 'tracksChanged':
        this.#tellMembers(this.#members.tracksChanged(push.data.userId, push.data.tracks));
        break;
      case 'slots':
        this.#tellSlots(stay, this.#slots.changed(push.data.slots));
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
      case 'closing':
        this.#closing(stay, push.data.retryAfterMs);
        break;
      default:
        // A newer engine; what it tells beyond this is of no use here.
        this.#log.debug('an unknown push', push);
    }
  }

  #takeSnapshot(stay: Membership, snapshot: Snapshot): void {
    this.#roleIs(stay, snapshot.role);
    this.#tellMembers(this.#members.snapshot(snapshot));
    for (const view of this.#views.all()) {
      const tracks = this.#members.views.get(view.userId)?.tracks;
      if (!tracks) this.#views.end(view.userId, view.stream, notThere(view.userId));
      else this.#views.tracksChanged(view.userId, tracks);
    }
    this.#tellSlots(stay, this.#slots.snapshot(snapshot.slots));
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
    this.#updateState();
  }

  #tellMembers(events: MemberEvent[]): void {
    for (const event of events) {
      switch (event.type) {
        case 'entered':
          this.#outbox.tell((hooks) => hooks.onMemberEntered(event.userId));
          break;
        case 'tracks':
          this.#views.tracksChanged(event.userId, event.tracks);
          this.#outbox.tell((hooks) => hooks.onTracksChanged(event.userId, event.tracks, event.previous));
          break;
        case 'left':
          this.#outbox.tell((hooks) => hooks.onMemberLeft(event.userId, event.reason));
      }
    }
  }

  #tellSlots(stay: Membership, changes: SlotChange[]): void {
    for (const { userId, track, mid } of changes) {
      const media = mid === null ? null : (stay.transport?.received(mid) ?? null);
      if (mid !== null && !media) this.#log.warn(`the engine put ${userId} on a line we do not have: ${mid}`);
      if (track === 'microphone') {
        this.#outbox.tell((hooks) => hooks.onRemoteAudio(userId, media));
        continue;
      }
      const stream = track === 'camera' ? 'main' : 'sub';
      this.#outbox.tell((hooks) => hooks.onRemoteVideo(userId, stream, media));
      if (media) this.#views.bind(userId, stream, media);
    }
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
    this.#updateState();
    stay.recovery?.signalingLost();
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
    this.#updateState();
  }

  #recoverySteps(stay: Membership) {
    return {
      rejoin: () => this.#rejoin(stay),
      signalingUp: () => stay.signalingUp().then(() => {}),
      isMediaUp: () => stay.media === 'up',
      negotiatedAt: () => stay.negotiatedAt,
      canRestart: () => stay.hadPath && !stay.isMediaGone,
      restartMedia: () => stay.negotiate('restart'),
      replaceMedia: () => this.#replaceMedia(stay),
      mediaMissed: () => {
        stay.media = 'lost';
        this.#updateState();
      },
      mediaBlocked: () => {
        const error = SessionError.local('mediaBlocked', "no way was found to the engine's media port; a firewall may be blocking UDP and TCP");
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
    const signaling = this.#openSignaling(stay);
    await signaling.opened;
    let welcome;
    try {
      welcome = (await signaling.request({ type: 'hello', data: this.#hello(stay) })) as Welcome;
    } catch (error) {
      signaling.drop('not let back in');
      if (!(error instanceof SessionError) || error.name !== 'notInRoom') throw error;
      this.#log.info('the membership is gone; entering again');
      stay.resume = null;
      return this.#enterAnew(stay);
    }
    if (stay.isOver) return signaling.close();
    stay.resume = welcome.resume;
    if (!welcome.resumed) return this.#enterAnew(stay, { signaling, welcome });
    stay.limits = welcome.limits;
    const { snapshot } = welcome;
    if (snapshot.n === 0 && snapshot.members.length === 0 && this.#members.views.size > 0) {
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
    if (stay.isMediaGone) await this.#replaceMedia(stay);
    this.#updateState();
  }

  async #replaceMedia(stay: Membership): Promise<void> {
    const transport = this.#openTransport(stay);
    await stay.negotiate('replace');
    if (stay.transport !== transport) return;
    stay.isMediaGone = false;
    // Who is on which line was told in between, of the old transport or of the new one: ask which.
    stay.signaling?.doubt();
    this.#settleSoon(stay);
    stay.recovery?.watchMedia();
  }

  #settleSoon(stay: Membership): void {
    setTimeout(() => this.#isCurrent(stay) && this.#tellSlots(stay, this.#slots.settle()), SETTLE_MS);
  }

  // Views

  async #askView(stay: Membership, view: View): Promise<void> {
    const { userId, stream } = view;
    const ask = () => stay.ask({ type: 'view', data: { userId, stream, layer: view.layer } });
    if (this.#views.size > (stay.transport?.pairs ?? 0)) await stay.grow(this.#views.size);
    try {
      await ask();
    } catch (error) {
      if (!(error instanceof SessionError) || error.name !== 'slotsExhausted') throw error;
      const isGrown = await stay.grow((stay.transport?.pairs ?? 0) + 1);
      if (!isGrown) throw error;
      await ask();
    }
  }

  async #bound(stay: Membership, view: View): Promise<MediaStreamTrack> {
    const { userId, stream } = view;
    const media = this.#views.has(view) ? this.remoteVideo(userId, stream) : null;
    if (media) return media;
    const bound = this.#views.bound(view);
    const expire = () => {
      if (this.#state === 'RECONNECTING') {
        timer = setTimeout(expire, BIND_MS);
      } else if (this.#views.end(userId, stream, SessionError.local('timedOut', `the ${stream} stream of ${userId} did not come`))) {
        stay.ask({ type: 'unview', data: { userId, stream } }).catch(() => {});
      }
    };
    let timer = setTimeout(expire, BIND_MS);
    return bound.finally(() => clearTimeout(timer));
  }

  // Statistics

  async #tick(stay: Membership): Promise<void> {
    const { transport } = stay;
    if (!transport) return;
    const now = sample(performance.now(), await transport.stats().catch(() => []));
    if (!this.#isCurrent(stay)) return;
    const before = stay.lastSample?.of === transport ? stay.lastSample.sample : null;
    stay.lastSample = { of: transport, sample: now };
    const isConnected = stay.signaling !== null && stay.media === 'up';
    const { statistics, quality, report } = findings(before, now, this.#lines(transport), isConnected);
    stay.signaling?.report(report);
    // One sample alone has no rates.
    if (!before) return;
    this.#statistics = statistics;
    this.#outbox.tell((hooks) => {
      hooks.onNetworkQuality(quality);
      hooks.onStatistics(statistics);
    });
  }

  #lines(transport: TransportLike): Lines {
    return {
      local: (mid) => {
        const track = transport.localTrack(mid);
        return track && this.#local.isPublished(track) ? track : null;
      },
      remote: (mid) => {
        const source = this.#slots.source(mid);
        return source && { ...source, isOn: this.#members.views.get(source.userId)?.tracks[source.track] === 'on' };
      },
      wantsSmall: (userId) => this.#views.layer(userId, 'main') === 'small' && (this.#members.views.get(userId)?.tracks.small ?? false),
    };
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
    this.#members.clear();
    this.#slots.clear();
    this.#views.clear(ended());
    this.#local.left(reason);
    this.#statistics = null;
    this.#updateState();
  }

  #inRoom(): Membership {
    if (!this.#stay?.isEntered) throw SessionError.local('notEntered', 'not in a room');
    return this.#stay;
  }

  #isCurrent(stay: Membership): boolean {
    return this.#stay === stay && !stay.isOver;
  }

  #received(userId: string, track: Track): MediaStreamTrack | null {
    const mid = this.#slots.mid(userId, track);
    return mid === null ? null : (this.#stay?.transport?.received(mid) ?? null);
  }

  #updateState(): void {
    const stay = this.#stay;
    if (!stay) return this.#setState('DISCONNECTED');
    if (!stay.isEntered) return this.#setState('CONNECTING');
    const wasUp = this.#state === 'CONNECTED' || this.#state === 'RECONNECTED';
    if (stay.signaling && stay.media !== 'lost') {
      if (!wasUp) this.#setState(this.#state === 'RECONNECTING' ? 'RECONNECTED' : 'CONNECTED');
    } else if (wasUp) {
      this.#setState('DISCONNECTED', true);
      this.#setState('RECONNECTING', true);
    }
  }

  #setState(state: ConnectionState, isReconnecting = false): void {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    this.#log.info(`connection ${previous} -> ${state}`);
    this.#outbox.tell((hooks) => hooks.onConnectionState(state, previous, isReconnecting));
  }
}

/** Where tracks are published while this stay lasts, whatever transport it has. */
function stageOf(stay: Membership): Stage {
  return {
    get transport() {
      return stay.transport;
    },
    get mayPublish() {
      return stay.role === 'anchor';
    },
    publish: async (data) => {
      await stay.ask({ type: 'publish', data });
    },
  };
}

function notThere(userId: string): SessionError {
  return new SessionError('noSuchStream', -102007, `${userId} is not in the room`, true);
}
