// The scenario `join`: how long two Chromium pages on one machine take from the call of enterRoom to having entered, and to
// the first remote frame on the screen.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openBrowser } from '../e2e/harness/browser.mjs';
import { Engine } from '../e2e/harness/engine.mjs';
import { Member } from '../e2e/harness/member.mjs';

const { values: options } = parseArgs({
  options: { json: { type: 'string' }, quick: { type: 'boolean', default: false }, rounds: { type: 'string' } },
});
const rounds = Number(options.rounds ?? (options.quick ? 5 : 30));

const engine = await Engine.start();
const browser = await openBrowser();
const publisher = await Member.open(browser, engine, 'publisher');
await publisher.enter(1);
await publisher.call('startLocalVideo', { option: { profile: '360p' } });
await publisher.call('startLocalAudio');

const entered = [];
const firstFrame = [];
for (let round = 0; round <= rounds; round += 1) {
  const viewer = await Member.open(browser, engine, `viewer-${round}`);
  const times = await viewer.page.evaluate(async (entry) => {
    const { trtc } = window.member;
    const view = document.body.appendChild(document.createElement('div'));
    view.style.cssText = 'width:320px;height:180px';
    const frame = new Promise((resolve) => {
      trtc.on(TRTC.EVENT.REMOTE_VIDEO_AVAILABLE, async ({ userId, streamType }) => {
        await trtc.startRemoteVideo({ userId, streamType, view });
        view.querySelector('video').requestVideoFrameCallback(() => resolve(performance.now()));
      });
    });
    const start = performance.now();
    await trtc.enterRoom(entry);
    const enter = performance.now() - start;
    return { enter, frame: (await frame) - start };
  }, viewer.entry(1));
  await viewer.call('exitRoom');
  await viewer.close();
  // The first round warms caches up and does not count.
  if (round > 0) {
    entered.push(times.enter);
    firstFrame.push(times.frame);
  }
}
await browser.close();
await engine.stop();

const at = (list, share) => Math.round(list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))]);
const summary = (list) => ({ p50: at(list, 0.5), p90: at(list, 0.9), max: at(list, 1) });
const result = { scenario: 'join', rounds, systems: { engine: { entered_ms: summary(entered), first_frame_ms: summary(firstFrame) } } };
const text = JSON.stringify(result, null, 2);
console.log(text);
if (options.json) writeFileSync(options.json, `${text}\n`);
