import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, type Rule } from './check.js';
import { RtcError } from './error.js';
import * as rules from './rules.js';

const ENTER = { sdkAppId: 1, userId: 'anna', userSig: 'x', roomId: 7 };

test('a good entry passes, with a number, with a name, with both', () => {
  for (const room of [
    { roomId: 1 },
    { roomId: 4294967294 },
    { roomId: undefined, strRoomId: 'a b!#$%&()+-:;<=.>?@[]^_{}|~,' },
    { roomId: 7, strRoomId: 'é' },
  ]) {
    check('enterRoom', 'params', { ...ENTER, ...room }, rules.ENTER_ROOM);
  }
});

test('every way a room can be wrong has its own code', () => {
  refused(5015, { roomId: undefined }, /roomId or strRoomId/);
  refused(5016, { roomId: '7' }, /strRoomId/);
  for (const roomId of [0, -1, 1.5, 4294967295]) refused(5012, { roomId }, /1 to 4294967294/);
  for (const strRoomId of ['', 'ä', 'a/b', 'x'.repeat(65), 7]) refused(5013, { roomId: undefined, strRoomId }, /strRoomId/);
});

test('missing, of a wrong type, empty, out of a set, too small, too long', () => {
  refused(5001, { userSig: undefined }, /params\.userSig is missing; pass a string/);
  refused(5001, { userId: null });
  refused(5002, { sdkAppId: '1400000000' }, /is a string; pass a number/);
  refused(5002, { sdkAppId: NaN }, /NaN/);
  refused(5002, { autoReceiveVideo: 1 });
  refused(5003, { userId: '' });
  refused(5005, { userId: 'anna kowalska' }, /letters, digits/);
  refused(5005, { scene: 'party' }, /"rtc", "live"/);
  refused(5007, { sdkAppId: 0 });
  refused(5008, { userId: 'x'.repeat(33) }, /33 bytes; pass at most 32/);
  refused(5008, { userDefineRecordId: 'x'.repeat(65) });
  refused(5006, { playoutDelay: { min: -1, max: 2 } }, /playoutDelay\.min/);
  refused(5005, { proxy: { iceTransportPolicy: 'none' } }, /proxy\.iceTransportPolicy/);
  refused(5001, { proxy: { turnServer: [{ url: 'turn:a' }, {}] } }, /turnServer\[1\]\.url/);
});

test('an error carries family, cause, call and field', () => {
  const error = failure(() => check('enterRoom', 'params', { ...ENTER, userId: '' }, rules.ENTER_ROOM));
  assert.equal(error.name, 'RtcError');
  assert.deepEqual([error.code, error.extraCode, error.functionName], [5000, 5003, 'enterRoom']);
  assert.deepEqual(error.data, { name: 'params.userId' });
  assert.match(error.message, /^enterRoom: params\.userId is empty/);
});

test('profiles come by name or in full', () => {
  const video = (profile: unknown) => check('startLocalVideo', 'config', { option: { profile } }, rules.LOCAL_VIDEO);
  video('480p_2');
  video({ width: 640, height: 480, frameRate: 15, bitrate: 500 });
  assert.equal(failure(() => video('481p')).extraCode, 5005);
  assert.equal(failure(() => video({ width: 640, height: 480, frameRate: 15 })).extraCode, 5001);
  assert.equal(failure(() => video({ width: 0, height: 480, frameRate: 15, bitrate: 1 })).extraCode, 5007);
  assert.equal(failure(() => video(480)).extraCode, 5002);
});

test('a view is an element, an id that exists, several, or null', () => {
  const element = { nodeType: 1 };
  withDocument({ stage: element }, () => {
    const view = (it: unknown) => check('startLocalVideo', 'config', { view: it }, rules.LOCAL_VIDEO);
    for (const good of [null, undefined, element, 'stage', [element, 'stage'], []]) view(good);
    assert.equal(failure(() => view('nowhere')).extraCode, 5009);
    assert.equal(failure(() => view({})).extraCode, 5010);
    assert.equal(failure(() => view(7)).extraCode, 5010);
    assert.match(failure(() => view([element, {}])).message, /config\.view\[1\]/);
  });
});

test("a custom track must be a track, though not of this page's class", () => {
  const track = (audioTrack: unknown) => check('startLocalAudio', 'config', { option: { audioTrack } }, rules.LOCAL_AUDIO);
  assert.equal(failure(() => track({})).extraCode, 5004);
  assert.equal(failure(() => track('x')).extraCode, 5002);
  class MediaStreamTrack {}
  class CanvasCaptureMediaStreamTrack extends MediaStreamTrack {}
  track(new CanvasCaptureMediaStreamTrack());
});

test('a custom message has 1 to 1024 bytes and a number from 1 to 10', () => {
  const message = (cmdId: unknown, data: unknown) =>
    check('sendCustomMessage', 'message', { cmdId, data }, rules.CUSTOM_MESSAGE);
  message(1, new ArrayBuffer(1024));
  assert.equal(failure(() => message(0, new ArrayBuffer(1))).extraCode, 5007);
  assert.equal(failure(() => message(11, new ArrayBuffer(1))).extraCode, 5008);
  assert.equal(failure(() => message(1.5, new ArrayBuffer(1))).extraCode, 5005);
  assert.equal(failure(() => message(1, new Uint8Array(4))).extraCode, 5004);
  assert.equal(failure(() => message(1, new ArrayBuffer(0))).extraCode, 5017);
  assert.equal(failure(() => message(1, new ArrayBuffer(1025))).extraCode, 5018);
});

test('one stream of one user needs its type, everything does not', () => {
  const stop = (config: unknown) => check('stopRemoteVideo', 'config', config, rules.STOP_REMOTE_VIDEO);
  stop({ userId: '*' });
  stop({ userId: 'ben', streamType: 'sub' });
  assert.equal(failure(() => stop({ userId: 'ben' })).extraCode, 5014);
  assert.equal(failure(() => stop(undefined)).extraCode, 5001);
});

test('volumes and ear volume have their bounds', () => {
  const audio = (option: object) => check('startLocalAudio', 'config', { option }, rules.LOCAL_AUDIO);
  audio({ captureVolume: 250, earMonitorVolume: 100 });
  assert.equal(failure(() => audio({ captureVolume: -1 })).extraCode, 5006);
  assert.equal(failure(() => audio({ earMonitorVolume: 101 })).extraCode, 5008);
});

function refused(extraCode: number, change: object, words = /./): void {
  const error = failure(() => check('enterRoom', 'params', { ...ENTER, ...change }, rules.ENTER_ROOM as Rule));
  assert.equal(error.extraCode, extraCode, `${JSON.stringify(change)}: ${error.message}`);
  assert.equal(error.code, 5000);
  assert.match(error.message, words);
}

function failure(action: () => void): RtcError {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof RtcError);
    return error;
  }
  return assert.fail('nothing was thrown');
}

function withDocument(elements: Record<string, unknown>, action: () => void): void {
  const page = globalThis as { document?: unknown };
  page.document = { getElementById: (id: string) => elements[id] ?? null };
  try {
    action();
  } finally {
    delete page.document;
  }
}
