// A live room: anchors speak and are announced, the audience watches unseen, and roles can be switched.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite } from '../harness/suite.mjs';

const s = suite();

test('the audience watches without being announced, becomes anchor and goes back', async () => {
  const anchor = await s.open('anchor');
  const viewer = await s.open('viewer');
  await anchor.enter(1, { scene: 'live', role: 'anchor' });
  await anchor.call('startLocalVideo', { option: { profile: '180p' } });
  await anchor.call('startLocalAudio');
  await viewer.enter(1, { scene: 'live', role: 'audience' });
  await viewer.event('REMOTE_USER_ENTER', { userId: 'anchor' });
  await viewer.event('REMOTE_VIDEO_AVAILABLE', { userId: 'anchor', streamType: 'main' });
  await viewer.watch('anchor');
  await viewer.seesFrames('anchor');
  await viewer.hears('anchor');
  assert.deepEqual(await anchor.story('REMOTE_USER_ENTER'), []);

  await viewer.call('switchRole', 'anchor');
  await anchor.event('REMOTE_USER_ENTER', { userId: 'viewer' });
  await viewer.call('startLocalVideo', { option: { profile: '180p' } });
  await anchor.event('REMOTE_VIDEO_AVAILABLE', { userId: 'viewer', streamType: 'main' });
  await anchor.watch('viewer');
  await anchor.seesFrames('viewer');

  await viewer.call('switchRole', 'audience');
  await anchor.event('REMOTE_USER_EXIT', { userId: 'viewer', reason: 3 });
  assert.deepEqual(await anchor.story('REMOTE_USER_ENTER', 'REMOTE_VIDEO_AVAILABLE', 'REMOTE_VIDEO_UNAVAILABLE', 'REMOTE_USER_EXIT'), [
    'REMOTE_USER_ENTER viewer',
    'REMOTE_VIDEO_AVAILABLE viewer main',
    'REMOTE_VIDEO_UNAVAILABLE viewer main',
    'REMOTE_USER_EXIT viewer 3',
  ]);
  // It still watches.
  await viewer.seesFrames('anchor');
});

test('a call and a live room of the same number do not mix', async () => {
  const caller = await s.open('caller');
  const viewer = await s.open('viewer');
  await caller.enter(2, { scene: 'rtc' });
  const { error } = await viewer.attempt('enterRoom', viewer.entry(2, { scene: 'live' }));
  assert.equal(error.code, 5400);
  assert.equal(error.extraCode, -100011);
  assert.match(error.message, /scene/i);
});
