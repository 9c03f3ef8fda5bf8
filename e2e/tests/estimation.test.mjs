// What viewers get of an engine that estimates what their networks take, as it comes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { twoLayers } from '../harness/layers.mjs';
import { suite } from '../harness/suite.mjs';

const s = suite();

test('whose network is wide has the big layer from the first picture on, and no pause', async () => {
  const { bob } = await twoLayers(s);
  await bob.watch('alice');
  // As long as it takes to find out what the network takes, and some more.
  await bob.page.evaluate(() => {
    const video = document.querySelector('#view-alice-main video');
    window.seen = [];
    const next = (now, { height }) => {
      window.seen.push({ now, height });
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  });
  const enough = () => window.seen.length > 0 && window.seen.at(-1).now - window.seen[0].now > 8000;
  await bob.page.waitForFunction(enough, undefined, { timeout: 20_000 });
  const frames = await bob.page.evaluate(() => window.seen);
  // The small layer has 120 lines at most.
  assert.deepEqual(frames.filter(({ height }) => height <= 120), []);
  // A picture that was taken away comes back after three seconds at the soonest.
  const gaps = frames.slice(1).map(({ now }, i) => now - frames[i].now);
  assert.ok(Math.max(...gaps) < 2500, `${Math.max(...gaps)} ms without a picture`);
});
