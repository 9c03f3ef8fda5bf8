// The audience of a live room goes to another one on the connection it has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite } from '../harness/suite.mjs';

const s = suite();

test('the audience switches rooms: the pictures of the first end, those of the second come on the same peer connection', async () => {
  const [ann, bob, viewer] = [await s.open('ann'), await s.open('bob'), await s.open('viewer')];
  for (const [anchor, room] of [[ann, 1], [bob, 2]]) {
    await anchor.enter(room, { scene: 'live', role: 'anchor' });
    await anchor.call('startLocalVideo', { option: { profile: '180p' } });
    await anchor.call('startLocalAudio');
  }
  await viewer.page.evaluate(() => {
    window.connections = 0;
    const Original = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Original {
      constructor(...args) {
        super(...args);
        window.connections += 1;
      }
    };
  });
  await viewer.enter(1, { scene: 'live', role: 'audience' });
  await viewer.event('REMOTE_VIDEO_AVAILABLE', { userId: 'ann', streamType: 'main' });
  await viewer.watch('ann');
  await viewer.seesFrames('ann');
  await viewer.forget();

  await viewer.call('switchRoom', { roomId: 2, userSig: s.engine.userSig('viewer') });
  await viewer.event('REMOTE_VIDEO_AVAILABLE', { userId: 'bob', streamType: 'main' });
  await viewer.watch('bob');
  await viewer.seesFrames('bob');
  await viewer.hears('bob');
  assert.deepEqual(await viewer.story('REMOTE_USER_ENTER', 'REMOTE_USER_EXIT', 'REMOTE_VIDEO_AVAILABLE'), [
    'REMOTE_USER_ENTER bob',
    'REMOTE_VIDEO_AVAILABLE bob main',
  ]);
  assert.equal(await viewer.page.evaluate(() => window.connections), 1);
  assert.equal(await viewer.page.locator('#view-ann-main video').count(), 0, 'the old picture is gone');
  await ann.call('stopLocalVideo');
  await bob.call('stopLocalVideo');
  await viewer.event('REMOTE_VIDEO_UNAVAILABLE', { userId: 'bob' });
  assert.deepEqual(await viewer.story('REMOTE_VIDEO_UNAVAILABLE'), ['REMOTE_VIDEO_UNAVAILABLE bob main'], 'and so is what happens there');

  // Back again, which proves that the first room has let it go.
  await ann.call('startLocalVideo', { option: { profile: '180p' } });
  await viewer.call('switchRoom', { roomId: 1, userSig: s.engine.userSig('viewer') });
  await viewer.event('REMOTE_VIDEO_AVAILABLE', { userId: 'ann', streamType: 'main' });
});

/** Keeps the WebSocket of the SDK at hand: linking rooms is asked by native SDKs, for which this stands in. */
function keepSocket() {
  const Original = window.WebSocket;
  window.WebSocket = class extends Original {
    constructor(...args) {
      super(...args);
      window.signaling = this;
    }
  };
}

const ask = (member, type, data) =>
  member.page.evaluate(
    ([kind, body]) =>
      new Promise((resolve) => {
        const id = 4_000_000_000 + Math.floor(Math.random() * 1000);
        window.signaling.addEventListener('message', function look({ data: text }) {
          const frame = JSON.parse(text);
          if (frame.re !== id) return;
          window.signaling.removeEventListener('message', look);
          resolve(frame.error ?? null);
        });
        window.signaling.send(JSON.stringify({ id, type: kind, data: body }));
      }),
    [type, data],
  );

test('an anchor of another room who is linked in is seen and heard as if it were in this one', async () => {
  const host = await s.open('host', { before: keepSocket });
  const [guest, viewer] = [await s.open('guest'), await s.open('audience')];
  await host.enter(5, { scene: 'live', role: 'anchor' });
  await guest.enter(6, { scene: 'live', role: 'anchor' });
  await viewer.enter(5, { scene: 'live', role: 'audience' });
  await guest.call('startLocalVideo', { option: { profile: '180p' } });
  await guest.call('startLocalAudio');

  assert.equal(await ask(host, 'connectRoom', { room: { number: 6 }, userId: 'guest' }), null);
  await guest.event('REMOTE_USER_ENTER', { userId: 'host' });
  for (const member of [host, viewer]) {
    await member.event('REMOTE_USER_ENTER', { userId: 'guest' });
    await member.event('REMOTE_AUDIO_AVAILABLE', { userId: 'guest' });
    await member.event('REMOTE_VIDEO_AVAILABLE', { userId: 'guest', streamType: 'main' });
  }
  await viewer.watch('guest');
  await viewer.seesFrames('guest');
  await viewer.hears('guest');

  assert.equal(await ask(host, 'updateForwardMode', { room: { number: 6 }, userId: 'guest', muteVideo: true }), null);
  await viewer.event('REMOTE_VIDEO_UNAVAILABLE', { userId: 'guest' });
  assert.equal(await ask(host, 'updateForwardMode', { room: { number: 6 }, userId: 'guest' }), null);
  await viewer.watch('guest');
  await viewer.seesFrames('guest');

  assert.equal(await ask(host, 'disconnectRoom', {}), null);
  await viewer.event('REMOTE_USER_EXIT', { userId: 'guest', reason: 0 });
  await guest.event('REMOTE_USER_EXIT', { userId: 'host', reason: 0 });
});

test('a switch that may not be leaves everything as it was', async () => {
  const [anchor, viewer] = [await s.open('anchor'), await s.open('watcher')];
  const to = { roomId: 4, userSig: s.engine.userSig('watcher') };
  await anchor.enter(3, { scene: 'live', role: 'anchor' });
  await anchor.call('startLocalVideo', { option: { profile: '180p' } });
  assert.equal((await anchor.attempt('switchRoom', { roomId: 4, userSig: s.engine.userSig('anchor') })).error.extraCode, -10037);
  await viewer.enter(3, { scene: 'live', role: 'audience' });
  await viewer.event('REMOTE_VIDEO_AVAILABLE', { userId: 'anchor', streamType: 'main' });
  await viewer.watch('anchor');
  assert.equal((await viewer.attempt('switchRoom', { ...to, userSig: s.engine.userSig('somebody') })).error.extraCode, 70013);
  assert.equal((await viewer.attempt('switchRoom', { ...to, roomId: 3 })).error.extraCode, -10035);
  await viewer.seesFrames('anchor');
});
