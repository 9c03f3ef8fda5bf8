import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemberView, Tracks } from '../protocol.js';
import { Members, NO_TRACKS, type MemberEvent } from './members.js';

const member = (userId: string, tracks: Partial<Tracks> = {}): MemberView => ({
  userId,
  role: 'anchor',
  kind: 'person',
  tracks: { ...NO_TRACKS, ...tracks },
});

/** `ann entered`, `ann camera on`, `ann left 1`. */
const words = (events: MemberEvent[]) =>
  events.map((event) => {
    if (event.type === 'entered') return `${event.userId} entered`;
    if (event.type === 'left') return `${event.userId} left ${event.reason}`;
    const keys = (Object.keys(event.tracks) as (keyof Tracks)[]).filter((key) => event.tracks[key] !== event.previous[key]);
    return `${event.userId} ${keys.map((key) => `${key} ${event.tracks[key]}`).join(' ')}`;
  });

test('the first snapshot tells everybody and what they publish', () => {
  const members = new Members();
  const events = members.snapshot({ members: [member('ann', { camera: 'on' }), member('bob')] });
  assert.deepEqual(words(events), ['ann entered', 'ann camera on', 'bob entered']);
});

test('the same snapshot again tells nothing', () => {
  const members = new Members();
  members.snapshot({ members: [member('ann', { camera: 'on', small: true })] });
  assert.deepEqual(members.snapshot({ members: [member('ann', { camera: 'on', small: true })] }), []);
});

test('a snapshot after an outage tells just what changed, departures first', () => {
  const members = new Members();
  members.snapshot({
    members: [member('ann', { camera: 'on', microphone: 'on' }), member('bob', { screen: 'on' }), member('cid')],
  });
  const events = members.snapshot({
    members: [member('ann', { microphone: 'muted' }), member('cid'), member('dan', { screen: 'on' })],
  });
  assert.deepEqual(words(events), [
    'bob screen off',
    'bob left 0',
    'ann microphone muted camera off',
    'dan entered',
    'dan screen on',
  ]);
  assert.deepEqual([...members.views.keys()], ['ann', 'cid', 'dan']);
});

test('who leaves takes the tracks along, once', () => {
  const members = new Members();
  members.entered(member('ann', { microphone: 'on', camera: 'on' }));
  assert.deepEqual(words(members.tracksChanged('ann', { ...NO_TRACKS, microphone: 'on' })), ['ann camera off']);
  assert.deepEqual(words(members.left('ann', 2)), ['ann microphone off', 'ann left 2']);
  assert.deepEqual(members.left('ann', 2), []);
  assert.deepEqual(members.tracksChanged('ann', { ...NO_TRACKS, camera: 'on' }), []);
});

test('who is told twice to have entered has entered once', () => {
  const members = new Members();
  members.entered(member('ann'));
  assert.deepEqual(words(members.entered(member('ann', { camera: 'on' }))), ['ann camera on']);
});

test('after a restart of the engine nobody is told who publishes again in time', () => {
  const members = new Members();
  members.snapshot({
    members: [
      member('ann', { camera: 'on', microphone: 'on' }),
      member('bob', { screen: 'on' }),
      member('cid', { camera: 'on' }),
    ],
  });
  const restarted = members.snapshotAfterRestart({ members: [member('ann'), member('bob'), member('dan', { camera: 'on' })] });
  assert.deepEqual(words(restarted), ['cid camera off', 'cid left 0', 'dan entered', 'dan camera on']);
  assert.equal(members.isHeld('ann', 'camera'), true);
  assert.deepEqual(members.tracksChanged('ann', { ...NO_TRACKS, camera: 'on' }), []);
  assert.equal(members.isHeld('ann', 'camera'), false);
  assert.deepEqual(members.tracksChanged('ann', { ...NO_TRACKS, camera: 'on', microphone: 'on' }), []);
  assert.deepEqual(words(members.release()), ['bob screen off']);
  assert.deepEqual(members.release(), []);
});
