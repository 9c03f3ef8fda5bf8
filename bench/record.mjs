// Records the load `traces/chromium.txt`: Chromium publishes a moving scene with grain and a voice, and what arrives at a
// viewer is written down by packet. bench/run record runs it.
import { spawnSync, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser } from '../e2e/harness/browser.mjs';
import { Engine, repository } from '../e2e/harness/engine.mjs';
import { Member } from '../e2e/harness/member.mjs';

const { values: options } = parseArgs({
  options: {
    recorder: { type: 'string', default: 'target/release/rtc-bench' },
    seconds: { type: 'string', default: '20' },
    to: { type: 'string', default: path.join(repository, 'bench/traces/chromium.txt') },
  },
});

const speech =
  'The quick brown fox jumps over the lazy dog. A large crowd gathered at the harbour to see the old ship leave. ' +
  'She asked whether the train from the north would be late again, and nobody could tell her. ' +
  'We counted the seconds between lightning and thunder until the rain began.';

/** Runs in the page: a scene of 1280x720, 30 pictures a second, that an encoder has work with. */
async function publish() {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [1280, 720];
  const draw = canvas.getContext('2d');
  const grain = document.createElement('canvas');
  [grain.width, grain.height] = [1536, 976];
  const pixels = grain.getContext('2d').createImageData(grain.width, grain.height);
  for (let at = 0; at < pixels.data.length; at += 4) {
    const grey = Math.random() * 255;
    pixels.data.set([grey, grey, grey, 20], at);
  }
  grain.getContext('2d').putImageData(pixels, 0, 0);
  const paint = () => {
    const time = performance.now() / 1000;
    const sky = draw.createLinearGradient(0, 0, 1280, 720);
    sky.addColorStop(0, `hsl(${(time * 6) % 360} 40% 60%)`);
    sky.addColorStop(1, `hsl(${(time * 6 + 90) % 360} 50% 25%)`);
    draw.fillStyle = sky;
    draw.fillRect(0, 0, 1280, 720);
    for (let thing = 0; thing < 12; thing += 1) {
      draw.fillStyle = `hsl(${thing * 30} 60% ${30 + thing * 4}%)`;
      draw.beginPath();
      const [x, y] = [640 + 520 * Math.sin(time * (0.3 + thing / 17) + thing), 360 + 280 * Math.cos(time * (0.2 + thing / 23) + 2 * thing)];
      draw.ellipse(x, y, 30 + thing * 9, 50 + thing * 5, time / 3 + thing, 0, 7);
      draw.fill();
    }
    draw.drawImage(grain, -Math.floor(Math.random() * 256), -Math.floor(Math.random() * 256));
  };
  setInterval(paint, 1000 / 30);
  const [videoTrack] = canvas.captureStream(30).getVideoTracks();
  const { trtc } = window.member;
  await trtc.startLocalVideo({ option: { videoTrack, profile: { width: 1280, height: 720, frameRate: 30, bitrate: 1500 } } });
  await trtc.startLocalAudio();
}

const folder = mkdtempSync(path.join(tmpdir(), 'rtc-engine-record-'));
const voice = path.join(folder, 'voice.wav');
execFileSync('espeak-ng', ['-s', '150', '-w', voice, speech]);
const engine = await Engine.start({ env: { RTC_ENGINE_MEDIA_SHARDS: '1' } });
const browser = await openBrowser({ args: [`--use-file-for-fake-audio-capture=${voice}`] });
let status = 1;
try {
  const publisher = await Member.open(browser, engine, 'publisher');
  await publisher.enter(1, { scene: 'live', role: 'anchor' });
  await publisher.page.evaluate(publish);
  // The encoder's rate has settled by then.
  await new Promise((resolve) => setTimeout(resolve, 8000));
  const about = `Chromium ${browser.version()}: VP8 1280x720, 30 a second, at most 1500 kbit/s, a drawn scene with grain; Opus, a voice.`;
  const credentials = engine.credentials;
  const words = ['record', '--http', `127.0.0.1:${engine.httpPort}`, '--app', credentials.sdk_app_id, '--key', credentials.sdk_secret_key];
  words.push('--publisher', 'publisher', '--seconds', options.seconds, '--to', options.to, '--about', about);
  ({ status } = spawnSync(options.recorder, words.map(String), { stdio: 'inherit' }));
} finally {
  await browser.close();
  await engine.stop();
  rmSync(folder, { recursive: true });
}
process.exitCode = status ?? 1;
