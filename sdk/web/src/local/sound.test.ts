import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSound } from './sound.js';

const VOICE = { volume: 100, muted: false, bitrateKbps: 40, stereo: false, publish: true } as const;
const FILM = { muted: false };

test('a voice alone at full volume needs no mixing', () => {
  assert.deepEqual(planSound(VOICE, null), { microphoneGain: 1, systemGain: 0, mixed: false, muted: false });
  assert.equal(planSound({ ...VOICE, volume: 50 }, null).mixed, true);
  assert.equal(planSound({ ...VOICE, volume: 50 }, null).microphoneGain, 0.5);
});

test('a film alone is published as it is, a film and a voice are mixed', () => {
  assert.deepEqual(planSound(null, FILM), { microphoneGain: 0, systemGain: 1, mixed: false, muted: false });
  assert.deepEqual(planSound(VOICE, FILM), { microphoneGain: 1, systemGain: 1, mixed: true, muted: false });
});

test('muting the microphone leaves the film, muting all does not', () => {
  assert.deepEqual(planSound({ ...VOICE, muted: 'microphone' }, FILM), {
    microphoneGain: 0,
    systemGain: 1,
    mixed: true,
    muted: false,
  });
  assert.equal(planSound({ ...VOICE, muted: true }, FILM).muted, true);
  assert.equal(planSound({ ...VOICE, muted: 'microphone' }, null).muted, true);
  assert.equal(planSound({ ...VOICE, muted: 'microphone' }, { muted: true }).muted, true);
});
