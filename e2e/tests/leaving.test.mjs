// Every way of leaving, with its exact events, once each and in order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { node, python } from '../harness/clients.mjs';
import { within } from '../harness/member.mjs';
import { suite } from '../harness/suite.mjs';

const s = suite();

const SEEN = ['REMOTE_USER_ENTER', 'REMOTE_AUDIO_AVAILABLE', 'REMOTE_VIDEO_AVAILABLE', 'REMOTE_AUDIO_UNAVAILABLE', 'REMOTE_VIDEO_UNAVAILABLE', 'REMOTE_USER_EXIT', 'KICKED_OUT'];

/** Two members of a room; the leaver publishes camera and microphone. Returns with only what follows recorded. */
async function pair(room) {
  const watcher = await s.open('watcher');
  const leaver = await s.open('leaver');
  await watcher.enter(room);
  await leaver.enter(room);
  await leaver.call('startLocalVideo', { option: { profile: '120p' } });
  await leaver.call('startLocalAudio');
  await watcher.event('REMOTE_VIDEO_AVAILABLE', { userId: 'leaver' });
  await watcher.event('REMOTE_AUDIO_AVAILABLE', { userId: 'leaver' });
  await watcher.watch('leaver');
  await watcher.seesFrames('leaver', 'main', 2);
  await watcher.forget();
  await leaver.forget();
  return { watcher, leaver };
}

/** The watcher's story must be: both tracks gone, in any order, then the exit, and nothing more. */
async function assertGone(watcher, reason) {
  await watcher.event('REMOTE_USER_EXIT', { userId: 'leaver', reason });
  const story = await watcher.story(...SEEN);
  assert.deepEqual(story.slice(0, 2).sort(), ['REMOTE_AUDIO_UNAVAILABLE leaver', 'REMOTE_VIDEO_UNAVAILABLE leaver main']);
  assert.deepEqual(story.slice(2), [`REMOTE_USER_EXIT leaver ${reason}`]);
}

test('exitRoom is announced within 200 ms, local capture goes on, and entering again publishes again', async () => {
  const { watcher, leaver } = await pair(1);
  const called = await leaver.page.evaluate(async () => {
    const at = Date.now();
    await window.member.trtc.exitRoom();
    return at;
  });
  const exit = await watcher.event('REMOTE_USER_EXIT', { userId: 'leaver' });
  assert.ok(exit.at - called <= 200, `the exit was told after ${exit.at - called} ms`);
  await assertGone(watcher, 0);
  assert.equal(await leaver.page.evaluate(() => window.member.trtc.getVideoTrack().readyState), 'live');
  assert.deepEqual(await leaver.story(...SEEN), []);

  await watcher.forget();
  await leaver.enter(1);
  await watcher.event('REMOTE_VIDEO_AVAILABLE', { userId: 'leaver', streamType: 'main' });
  await watcher.call('startRemoteVideo', { userId: 'leaver', streamType: 'main', view: 'view-leaver-main' });
  await watcher.seesFrames('leaver');
});

for (const [name, client, action, room] of [
  ['Python', python, 'RemoveUser', 2],
  ['Node', node, 'RemoveUserByStrRoomId', 'removal room'],
]) {
  test(`${action} by the official ${name} client removes`, async () => {
    const { watcher, leaver } = await pair(room);
    const answer = await client(s.engine, action, { SdkAppId: s.engine.credentials.sdk_app_id, RoomId: room, UserIds: ['leaver'] });
    assert.equal(answer.error, undefined, JSON.stringify(answer.error));
    await leaver.event('KICKED_OUT', { reason: 'banned' });
    await assertGone(watcher, 2);
    assert.deepEqual(await leaver.story(...SEEN), ['KICKED_OUT banned']);
    // The instance has left already: a removed user may enter at once.
    await leaver.enter(room);
    await watcher.event('REMOTE_USER_ENTER', { userId: 'leaver' });
  });
}

for (const [name, client, action, room] of [
  ['Node', node, 'DismissRoom', 3],
  ['Python', python, 'DismissRoomByStrRoomId', 'dismissed room'],
]) {
  test(`${action} by the official ${name} client dismisses, and the room can be used again at once`, async () => {
    const { watcher, leaver } = await pair(room);
    const answer = await client(s.engine, action, { SdkAppId: s.engine.credentials.sdk_app_id, RoomId: room });
    assert.equal(answer.error, undefined, JSON.stringify(answer.error));
    await leaver.event('KICKED_OUT', { reason: 'room_disband' });
    await watcher.event('KICKED_OUT', { reason: 'room_disband' });
    assert.deepEqual(await leaver.story(...SEEN), ['KICKED_OUT room_disband']);
    await watcher.forget();
    await leaver.enter(room);
    await watcher.enter(room);
    await watcher.event('REMOTE_USER_ENTER', { userId: 'leaver' });
    const gone = await client(s.engine, action, { SdkAppId: s.engine.credentials.sdk_app_id, RoomId: typeof room === 'number' ? 999 : 'nobody' });
    assert.equal(gone.error?.code, 'FailedOperation.RoomNotExist');
  });
}

test('the same user again puts the first one out', async () => {
  const { watcher, leaver } = await pair(5);
  const again = await s.open('leaver');
  await again.enter(5);
  await leaver.event('KICKED_OUT', { reason: 'kick' });
  await watcher.event('REMOTE_USER_ENTER', { userId: 'leaver' });
  const story = await watcher.story(...SEEN);
  assert.equal(story.filter((line) => line.startsWith('REMOTE_USER_EXIT leaver')).length, 1);
  assert.equal(story.at(-1), 'REMOTE_USER_ENTER leaver');
});

test('the same user may be in two rooms', async () => {
  const one = await s.open('double');
  const two = await s.open('double');
  await one.enter(6);
  await two.enter(7);
  const watcher = await s.open('watcher');
  await watcher.enter(6);
  await watcher.event('REMOTE_USER_ENTER', { userId: 'double' });
  assert.deepEqual(await one.story('KICKED_OUT'), []);
});

test('a closed tab is told within a second, reason 0', async () => {
  const { watcher, leaver } = await pair(8);
  await within(1000, 'telling of the closed tab', async () => {
    await leaver.page.close({ runBeforeUnload: false });
    await watcher.event('REMOTE_USER_EXIT', { userId: 'leaver', reason: 0 });
  });
  await assertGone(watcher, 0);
});

test('destroy after exit ends capture', async () => {
  const alice = await s.open('alice');
  await alice.enter(9);
  await alice.call('startLocalVideo', { option: { profile: '120p' } });
  const state = await alice.page.evaluate(async () => {
    const track = window.member.trtc.getVideoTrack();
    await window.member.trtc.exitRoom();
    window.member.trtc.destroy();
    return track.readyState;
  });
  assert.equal(state, 'ended');
});
