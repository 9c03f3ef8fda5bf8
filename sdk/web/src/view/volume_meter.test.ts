import assert from 'node:assert/strict';
import { test } from 'node:test';
import { volumeOf } from './volume_meter.js';

test('silence is 0, the loudest 100, and speech lies in between', () => {
  assert.equal(volumeOf(0).volume, 0);
  assert.equal(volumeOf(1).volume, 100);
  assert.equal(volumeOf(4).volume, 100);
  assert.equal(volumeOf(-1).volume, 0);
  assert.ok(volumeOf(0.002).volume < 5, 'a quiet room');
  assert.ok(volumeOf(0.05).volume > 20, 'a voice');
});
