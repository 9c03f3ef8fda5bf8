import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tracks } from '../protocol.js';
import { availabilityChanges } from './member_events.js';

const OFF: Tracks = { microphone: 'off', camera: 'off', screen: 'off', small: false };

test('what becomes available is told as sound, camera, screen', () => {
  assert.deepEqual(availabilityChanges({ microphone: 'on', camera: 'on', screen: 'on', small: true }, OFF), [
    { media: 'audio', available: true },
    { media: 'video', streamType: 'main', available: true },
    { media: 'video', streamType: 'sub', available: true },
  ]);
});

test('muted is as unavailable as off, and between the two nothing is told', () => {
  const on: Tracks = { ...OFF, microphone: 'on', camera: 'on' };
  const muted: Tracks = { ...OFF, microphone: 'muted', camera: 'muted' };
  assert.deepEqual(availabilityChanges(muted, on), [
    { media: 'audio', available: false },
    { media: 'video', streamType: 'main', available: false },
  ]);
  assert.deepEqual(availabilityChanges(OFF, muted), []);
  assert.deepEqual(availabilityChanges(muted, OFF), []);
  assert.equal(availabilityChanges(on, muted).length, 2);
});

test("a small layer that comes or goes is nobody's event", () => {
  const on: Tracks = { ...OFF, camera: 'on' };
  assert.deepEqual(availabilityChanges({ ...on, small: true }, on), []);
});
