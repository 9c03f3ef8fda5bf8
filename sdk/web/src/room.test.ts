import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EnterRoomConfig } from './api/config.js';
import type { MemberView, Tracks } from './protocol.js';
import {
  SessionError,
  type EnterParams,
  type RoomSessionApi,
  type SessionHooks,
  type SwitchParams,
} from './session/types.js';
import { Room } from './room.js';

const CONFIG: EnterRoomConfig = { sdkAppId: 1, userId: 'anna', userSig: 'x', roomId: 7 };
const OFF: Tracks = { microphone: 'off', camera: 'off', screen: 'off', small: false };
const ON: Tracks = { microphone: 'on', camera: 'on', screen: 'off', small: true };

test('somebody who is there, publishes, stops and leaves, in this order', async () => {
  const { room, session, told } = setUp();
  await room.enter(CONFIG);
  session.hooks.onMemberEntered('ben');
  session.hooks.onTracksChanged('ben', ON, OFF);
  session.hooks.onTracksChanged('ben', { ...ON, microphone: 'muted' }, ON);
  session.hooks.onTracksChanged('ben', OFF, { ...ON, microphone: 'muted' });
  session.hooks.onMemberLeft('ben', 0);
  assert.deepEqual(told, [
    'remote-user-enter ben',
    'remote-audio-available ben',
    'remote-video-available ben main',
    'remote-audio-unavailable ben',
    'remote-video-unavailable ben main',
    'remote-user-exit ben 0',
  ]);
});

test('one who was put out has left: nothing more is told, and entering works at once', async () => {
  const { room, session, told } = setUp();
  for (const reason of ['kick', 'banned', 'room_disband'] as const) {
    await room.enter(CONFIG);
    session.remove(reason);
    assert.equal(room.present, false);
    session.hooks.onMemberEntered('ben');
  }
  await room.enter(CONFIG);
  assert.deepEqual(told, ['kicked-out kick', 'kicked-out banned', 'kicked-out room_disband']);
});

test('a membership that was lost for good is an error, not a removal', async () => {
  const { room, session, told } = setUp();
  await room.enter(CONFIG);
  session.entered = false;
  session.hooks.onError(SessionError.local('rejoinFailed', 'gone'));
  assert.deepEqual(told, ['error 5500 5502']);
  assert.equal(room.present, false);
});

const LIVE: EnterRoomConfig = { ...CONFIG, scene: 'live', role: 'audience' };

test('the audience of a live room goes to another one, and hears no more of the first', async () => {
  const { room, session, told } = setUp();
  await room.enter(LIVE);
  session.hooks.onMemberEntered('ben');
  await room.switchRoom({ roomId: 8, userSig: 'newer' });
  assert.deepEqual(session.params?.room, { number: 8 });
  session.hooks.onMemberEntered('ben');
  assert.deepEqual(told, ['remote-user-enter ben', 'remote-user-enter ben'], 'an exit is no event, as at exitRoom');
  await room.switchRoom({ roomId: 9, userSig: 'newer' });
});

test('switching rooms is for the audience of live rooms, and between rooms of one kind', async () => {
  const { room } = setUp();
  const to = { roomId: 8, userSig: 'x' };
  await assert.rejects(room.switchRoom(to), { code: 5100, extraCode: 5101 });
  await room.enter(CONFIG);
  await assert.rejects(room.switchRoom(to), { code: 5100, functionName: 'switchRoom' });
  await room.exit();
  await room.enter({ ...LIVE, role: 'anchor' });
  await assert.rejects(room.switchRoom(to), { code: 5400, extraCode: -10037 });
  await room.switchRole('audience');
  await assert.rejects(room.switchRoom({ strRoomId: '8', userSig: 'x' }), { code: 5000, extraCode: 5015 });
  await room.switchRoom(to);
});

test('a switch that the engine refuses says so in the numbers of the original', async () => {
  const { room, session } = setUp();
  await room.enter(LIVE);
  const to = { roomId: 8, userSig: 'x' };
  session.refusal = new SessionError('roomFull', -102052, 'full', true);
  await assert.rejects(room.switchRoom(to), { code: 5400, extraCode: -10035, message: /full/ });
  session.refusal = new SessionError('userSigExpired', 70001, 'expired', true);
  await assert.rejects(room.switchRoom(to), { code: 5400, extraCode: 70001 });
  assert.deepEqual(session.params?.room, { number: 7 });
});

test('entering twice is refused, leaving ends entering, and one can enter again at once', async () => {
  const { room, session } = setUp();
  const first = room.enter(CONFIG);
  const second = room.enter(CONFIG);
  const left = room.exit();
  await assert.rejects(second, { code: 5100, extraCode: 5104 });
  await assert.rejects(first, { code: 5998, functionName: 'enterRoom' });
  const again = room.enter(CONFIG);
  await Promise.all([left, again]);
  await assert.rejects(room.enter(CONFIG), { extraCode: 5104 });
  assert.equal(session.entered, true);
});

test('what the session still had to tell of a room that was left is not told in the next one', async () => {
  const { room, session, told } = setUp();
  await room.enter(CONFIG);
  await room.exit();
  const again = room.enter(CONFIG);
  session.hooks.onMemberEntered('somebody of before');
  await again;
  assert.deepEqual(told, []);
});

test('a refusal leaves nothing behind', async () => {
  const { room, session } = setUp();
  session.refusal = new SessionError('userSigExpired', 70001, 'expired', true);
  await assert.rejects(room.enter(CONFIG), { code: 5400, extraCode: 70001, functionName: 'enterRoom' });
  session.refusal = null;
  await room.enter(CONFIG);
  assert.equal(room.userId, 'anna');
});

test('the engine is told what the application said, the number before the name', async () => {
  const { room, session } = setUp();
  const proxy = { websocketProxy: 'wss://proxy/rtc', turnServer: { url: '1.2.3.4:3478', username: 'u', credential: 'c' } };
  await room.enter({ ...CONFIG, strRoomId: 'seven', scene: 'live', role: 'audience', autoReceiveAudio: false, proxy });
  const { server, room: id, scene, role, autoReceiveAudio, iceServers } = session.params ?? assert.fail('not entered');
  assert.deepEqual([server, id, scene, role, autoReceiveAudio], ['wss://proxy/rtc', { number: 7 }, 'live', 'audience', false]);
  assert.deepEqual(iceServers, [{ urls: 'turn:1.2.3.4:3478', username: 'u', credential: 'c' }]);
  await room.exit();
  await room.enter({ ...CONFIG, roomId: undefined, strRoomId: 'seven' });
  assert.deepEqual(session.params?.room, { text: 'seven' });
  assert.equal(session.params?.server, 'http://engine');
});

test('the audience sends no messages, and a call has no roles', async () => {
  const { room } = setUp();
  assert.throws(() => room.mustBeAnchor('sendCustomMessage'), { extraCode: 5101 });
  await room.enter({ ...CONFIG, scene: 'live', role: 'audience' });
  assert.throws(() => room.mustBeAnchor('sendCustomMessage'), { extraCode: 5107 });
  await room.switchRole('anchor');
  room.mustBeAnchor('sendCustomMessage');
  await room.exit();
  await room.enter(CONFIG);
  await assert.rejects(room.switchRole('audience'), { code: 5100 });
});

test('a track that was not published because the room was left is no failure', async () => {
  const { room, session } = setUp();
  session.publishing = SessionError.local('aborted', 'left');
  await room.publish('startLocalVideo', 'camera', null);
  session.publishing = new SessionError('noPermissionToPublish', -102013, 'not allowed', true);
  await assert.rejects(room.publish('startLocalVideo', 'camera', null), { code: 5400, extraCode: -102013 });
});

test('how others reach the engine comes with the network quality', async () => {
  const { room, session, payloads } = setUp();
  await room.enter(CONFIG);
  session.hooks.onRemoteQuality([{ userId: 'ben', quality: 2 }]);
  const quality = {
    uplinkNetworkQuality: 1,
    downlinkNetworkQuality: 1,
    uplinkRTT: 3,
    uplinkLoss: 0,
    downlinkRTT: 3,
    downlinkLoss: 0,
  } as const;
  session.hooks.onNetworkQuality(quality);
  assert.deepEqual(payloads.at(-1), { ...quality, remoteNetworkQuality: [{ userId: 'ben', quality: 2 }] });
});

function setUp() {
  const told: string[] = [];
  const payloads: unknown[] = [];
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  let session: FakeSession | undefined;
  const emit = (event: string, payload?: object): void => {
    payloads.push(payload);
    const { code, extraCode } = (payload ?? {}) as { code?: number; extraCode?: number };
    const words = code === undefined ? Object.values(payload ?? {}) : [code, extraCode];
    if (event !== 'network-quality') told.push([event, ...words].join(' '));
  };
  const room = new Room(emit as never, silent, { server: 'http://engine' }, (hooks) => (session = new FakeSession(hooks)));
  return { room, session: session ?? assert.fail('a room opens a session'), told, payloads };
}

/** A session that lets everybody in at once. */
class FakeSession implements RoomSessionApi {
  readonly members = new Map<string, MemberView>();
  readonly state = 'DISCONNECTED';
  entered = false;
  params: EnterParams | null = null;
  refusal: SessionError | null = null;
  publishing: SessionError | null = null;

  constructor(readonly hooks: SessionHooks) {}

  async enter(params: EnterParams): Promise<void> {
    if (this.refusal) throw this.refusal;
    this.params = params;
    this.entered = true;
  }

  async exit(): Promise<void> {
    this.entered = false;
  }

  remove(reason: 'kick' | 'banned' | 'room_disband'): void {
    this.entered = false;
    this.hooks.onRemoved(reason);
  }

  async setLocalTrack(): Promise<void> {
    if (this.publishing) throw this.publishing;
  }

  view(): Promise<MediaStreamTrack> {
    return assert.fail('nobody watches in these stories');
  }

  async switchRole(): Promise<void> {}

  async switchRoom({ room }: SwitchParams): Promise<void> {
    if (this.refusal) throw this.refusal;
    if (this.params) this.params = { ...this.params, room };
  }

  async unview(): Promise<void> {}
  async listen(): Promise<void> {}
  sendSei(): void {}
  async sendMessage(): Promise<void> {}
  remoteAudio = (): null => null;
  remoteVideo = (): null => null;
  level = (): null => null;
  stats = (): null => null;
  pageHide(): void {}
}
