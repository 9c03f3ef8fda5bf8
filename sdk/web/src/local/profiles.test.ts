import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bigEncoding, profileFor, smallEncoding, smallProfile, videoProfile, VIDEO_PROFILES } from './profiles.js';

test('a profile is a name or itself, and 480p_2 when nothing is said', () => {
  const own = { width: 100, height: 50, frameRate: 5, bitrate: 60 };
  assert.equal(videoProfile(own), own);
  assert.deepEqual(videoProfile('720p'), { width: 1280, height: 720, frameRate: 15, bitrate: 1500 });
  assert.deepEqual(videoProfile(undefined), { width: 640, height: 480, frameRate: 15, bitrate: 500 });
});

test('the big layer keeps the shape of what the camera gives', () => {
  const size = (profile: keyof typeof VIDEO_PROFILES, width: number, height: number) => {
    const big = bigEncoding(VIDEO_PROFILES[profile], { width, height });
    return [big.width, big.height];
  };
  assert.deepEqual(size('480p', 640, 480), [640, 480]);
  assert.deepEqual(size('720p', 640, 480), [640, 480], 'never enlarged');
  assert.deepEqual(size('360p', 640, 480), [480, 360], '4:3 within 640x360');
  assert.deepEqual(size('720p', 1080, 1920), [720, 1280], 'a phone held upright');
  assert.deepEqual(size('180p', 1366, 768), [320, 180], 'even sides');
  assert.deepEqual(bigEncoding(VIDEO_PROFILES['480p'], null), { width: 640, height: 480, frameRate: 15, bitrateKbps: 900 });
});

test('the small layer has the shape of the big one and is never more than it', () => {
  const big = bigEncoding(VIDEO_PROFILES['720p'], { width: 1280, height: 720 });
  assert.deepEqual(smallEncoding(VIDEO_PROFILES['120p'], big), { width: 160, height: 90, frameRate: 15, bitrateKbps: 200 });
  const upright = bigEncoding(VIDEO_PROFILES['720p'], { width: 720, height: 1280 });
  assert.deepEqual(smallEncoding(VIDEO_PROFILES['240p'], upright).height, 320);
  const modest = { width: 160, height: 120, frameRate: 10, bitrateKbps: 150 };
  assert.deepEqual(smallEncoding(VIDEO_PROFILES['480p'], modest), modest);
});

test('small is 120p unless it is said which, and nothing unless it is said', () => {
  assert.equal(smallProfile(undefined), null);
  assert.equal(smallProfile(false), null);
  assert.deepEqual(smallProfile(true), VIDEO_PROFILES['120p']);
  assert.deepEqual(smallProfile('240p'), VIDEO_PROFILES['240p']);
});

test("an application's own track keeps its size and gets the rate of the profile that holds it", () => {
  assert.deepEqual(profileFor({ width: 1280, height: 720 }, 30), { width: 1280, height: 720, frameRate: 30, bitrate: 1500 });
  assert.equal(profileFor({ width: 800, height: 600 }, 0).bitrate, 1500);
  assert.equal(profileFor({ width: 7680, height: 4320 }, 30).bitrate, 9000);
});
