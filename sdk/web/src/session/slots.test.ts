import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SlotBinding, Track } from '../protocol.js';
import { Slots, type SlotChange } from './slots.js';

const on = (mid: string, userId: string, track: Track): SlotBinding => ({ mid, source: { userId, track } });
const empty = (mid: string): SlotBinding => ({ mid, source: null });
const words = (changes: SlotChange[]) => changes.map(({ userId, track, mid }) => `${userId} ${track} ${mid ?? 'gone'}`);

test('a sound that moves to the line beside its picture is told once', () => {
  const slots = new Slots();
  assert.deepEqual(words(slots.changed([on('3', 'ann', 'microphone'), on('5', 'bob', 'microphone')])), [
    'ann microphone 3',
    'bob microphone 5',
  ]);
  const moved = slots.changed([on('5', 'ann', 'microphone'), on('3', 'bob', 'microphone'), on('6', 'ann', 'camera')]);
  assert.deepEqual(words(moved).sort(), ['ann camera 6', 'ann microphone 5', 'bob microphone 3']);
});

test('who is pushed out of a line is told as gone before the newcomer', () => {
  const slots = new Slots();
  slots.changed([on('4', 'ann', 'camera')]);
  assert.deepEqual(words(slots.changed([on('4', 'bob', 'camera')])), ['ann camera gone', 'bob camera 4']);
  assert.deepEqual(words(slots.changed([empty('4')])), ['bob camera gone']);
  assert.deepEqual(slots.changed([empty('4')]), []);
});

test('after a new connection nobody blinks who comes back', () => {
  const slots = new Slots();
  slots.changed([on('4', 'ann', 'camera'), on('6', 'bob', 'camera')]);
  slots.reconnected();
  assert.equal(slots.mid('ann', 'camera'), null);
  assert.deepEqual(words(slots.changed([on('4', 'ann', 'camera')])), ['ann camera 4'], 'the same mid is another line now');
  assert.deepEqual(words(slots.settle()), ['bob camera gone']);
  assert.deepEqual(slots.settle(), []);
});

test('a snapshot says who is gone', () => {
  const slots = new Slots();
  slots.changed([on('4', 'ann', 'camera'), on('3', 'ann', 'microphone')]);
  assert.deepEqual(words(slots.snapshot([on('3', 'ann', 'microphone')])), ['ann camera gone']);
  assert.deepEqual(slots.source('3'), { userId: 'ann', track: 'microphone' });
  assert.equal(slots.source('4'), null);
});

test('a snapshot of a new connection does not yet say who is gone', () => {
  const slots = new Slots();
  slots.changed([on('4', 'ann', 'camera')]);
  slots.reconnected();
  assert.deepEqual(slots.snapshot([]), []);
  assert.deepEqual(words(slots.snapshot([on('6', 'ann', 'camera')])), ['ann camera 6']);
});
