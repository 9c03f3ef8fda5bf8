import assert from 'node:assert/strict';
import { test } from 'node:test';
import { besideRepeated, FIRST_DEMAND, hasSmall, scale, shapes } from './encodings.js';

const big = { width: 640, height: 480, frameRate: 15, bitrateKbps: 500 };
const small = { width: 160, height: 120, frameRate: 15, bitrateKbps: 100 };
const vga = { width: 640, height: 480 };

test('a camera has its big layer from the start and the small one when asked for', () => {
  assert.deepEqual(shapes('camera', vga, { big, small }, FIRST_DEMAND), [
    { active: true, maxBitrate: 500_000, maxFramerate: 15, scaleResolutionDownBy: 1 },
    { active: false, maxBitrate: 100_000, maxFramerate: 15, scaleResolutionDownBy: 4 },
  ]);
  assert.deepEqual(
    shapes('camera', vga, { big, small }, { big: false, small: true }).map(({ active }) => active),
    [false, true],
  );
});

test('nobody watching stops every encoder, and so does muting', () => {
  const nobody = { big: false, small: false };
  const everybody = { big: true, small: true };
  for (const track of ['camera', 'screen'] as const) {
    assert.ok(shapes(track, vga, { big, small }, nobody).every(({ active }) => !active));
    assert.ok(shapes(track, vga, { big, small, muted: true }, everybody).every(({ active }) => !active));
  }
});

test('a microphone is never switched off: its clock must run', () => {
  const voice = { width: 0, height: 0, frameRate: 0, bitrateKbps: 40 };
  assert.deepEqual(shapes('microphone', { width: 0, height: 0 }, { muted: true, big: voice }, { big: false, small: false }), [
    { active: true, maxBitrate: 40_000 },
  ]);
});

test('the small layer keeps the aspect of the big one and is never larger', () => {
  const [, wide] = shapes(
    'camera',
    { width: 1280, height: 720 },
    { big: { ...big, width: 1280, height: 720 }, small },
    FIRST_DEMAND,
  );
  assert.equal(wide?.scaleResolutionDownBy, 8, '160x90 fits into 160x120');
  const [shrunk, larger] = shapes(
    'camera',
    { width: 1280, height: 960 },
    { big, small: { ...small, width: 1280, height: 960 } },
    FIRST_DEMAND,
  );
  assert.equal(shrunk?.scaleResolutionDownBy, 2);
  assert.equal(larger?.scaleResolutionDownBy, 2);
});

test('a source is never blown up, and turning it changes nothing', () => {
  assert.equal(scale({ width: 320, height: 240 }, big), 1);
  assert.equal(scale({ width: 960, height: 1280 }, big), scale({ width: 1280, height: 960 }, big));
  assert.equal(scale({ width: 0, height: 0 }, big), 1, 'unknown yet');
});

test('a picture too small to be sent twice is not announced with a small layer', () => {
  assert.equal(hasSmall({ width: 320, height: 240 }, { big, small }), false);
  assert.equal(hasSmall({ width: 480, height: 270 }, { big, small }), true);
  assert.equal(hasSmall({ width: 0, height: 0 }, { big, small }), true, 'the wish counts while the source is unknown');
  assert.equal(hasSmall(vga, { big, small: null }), false);
  const [, layer] = shapes('camera', { width: 320, height: 240 }, { big, small }, { big: true, small: true });
  assert.equal(layer?.active, false);
});

test('what is not wished for is left to the browser', () => {
  assert.deepEqual(shapes('screen', vga, {}, FIRST_DEMAND), [
    { active: true, maxBitrate: undefined, maxFramerate: undefined, scaleResolutionDownBy: 1 },
  ]);
});

test('what is repeated of a voice is taken from it, down to what a voice needs', () => {
  const bits = (maxBitrate: number | undefined, earlier: number) => besideRepeated({ active: true, maxBitrate }, earlier).maxBitrate;
  assert.deepEqual([0, 1, 2, 7, 17].map((earlier) => bits(192_000, earlier)), [192_000, 192_000, 133_333, 50_000, 22_222]);
  assert.deepEqual([bits(40_000, 7), bits(undefined, 1), bits(undefined, 7)], [40_000, undefined, 50_000]);
});
