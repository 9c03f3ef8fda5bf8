import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seiFrames, type SeiMessage } from './sei_frames.js';

// As the worker gets it: from its text, with nothing around it.
const frames = new Function(`return (${seiFrames.toString()})()`)() as ReturnType<typeof seiFrames>;

const SPS = [0, 0, 0, 1, 0x67, 1, 2];
const PPS = [0, 0, 0, 1, 0x68, 3];
const SLICE = [0, 0, 1, 0x65, 4, 5, 6];
const picture = Uint8Array.from([...SPS, ...PPS, ...SLICE]);

const bare = (...bytes: number[]): SeiMessage => ({ type: 243, data: Uint8Array.from(bytes) });
const plain = (messages: SeiMessage[]) => messages.map(({ type, data }) => [type, ...data]);

test('a message lies before the first slice, in a unit as the standard has it', () => {
  const out = frames.insert(picture, [bare(7, 8)]);
  assert.deepEqual([...out], [...SPS, ...PPS, 0, 0, 0, 1, 6, 243, 2, 7, 8, 0x80, ...SLICE]);
  assert.deepEqual(plain(frames.extract(out)), [[243, 7, 8]]);
  assert.deepEqual(frames.extract(picture), []);
});

test('any bytes come out as they went in', () => {
  const long = Uint8Array.from({ length: 1024 }, (_, i) => i % 5);
  const messages = [bare(0, 0, 0, 0, 1), bare(0, 0, 3), bare(0), { type: 5, data: new Uint8Array(16) }, { type: 243, data: long }];
  const out = frames.insert(picture, messages);
  assert.deepEqual(plain(frames.extract(out)), plain(messages));
  const startCodes = [...out].filter((_, i) => out[i] === 0 && out[i + 1] === 0 && out[i + 2] === 1).length;
  assert.equal(startCodes, 3 + messages.length, 'no start code came to be');
});

test('what cannot carry a message stays as it is, and what is damaged is left out', () => {
  const parameters = Uint8Array.from([...SPS, ...PPS]);
  assert.equal(frames.insert(parameters, [bare(1)]), parameters);
  const whole = frames.insert(picture, [bare(1, 2, 3)]);
  for (let length = 0; length < whole.length; length += 1) frames.extract(whole.subarray(0, length));
  const lies = Uint8Array.from([0, 0, 1, 6, 243, 200, 1, 2, 0x80]);
  const shortUuid = Uint8Array.from([0, 0, 1, 6, 5, 2, 1, 2, 0x80]);
  const endless = new Uint8Array(64).fill(255);
  endless.set([0, 0, 1, 6]);
  for (const bytes of [lies, shortUuid, endless]) assert.deepEqual(frames.extract(bytes), []);
});

test('a message that is repeated on pictures close together is told once', () => {
  const fresh = frames.repeats();
  const hello = [bare(1)];
  assert.equal(fresh(hello).length, 1);
  assert.equal(fresh(hello).length, 0);
  assert.equal(fresh([bare(2)]).length, 1);
  fresh([]);
  assert.equal(fresh(hello).length, 0, 'two pictures were lost');
  for (let i = 0; i < 4; i += 1) fresh([]);
  assert.equal(fresh(hello).length, 1, 'it is a new one');
  assert.equal(fresh([bare(3), bare(3)]).length, 2, 'two on one picture are two');
});
