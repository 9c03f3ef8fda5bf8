// A member of the scenario `impair` that is Chromium with the Web SDK. Does and says what `rtc-bench member speak` and `hear`
// do and say (src/native/party.rs): it is told words on its standard input and answers in lines of JSON.
import { writeFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { openBrowser } from '../e2e/harness/browser.mjs';
import { Member } from '../e2e/harness/member.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string' },
    user: { type: 'string' },
    'sdk-app-id': { type: 'string' },
    scene: { type: 'string' },
    before: { type: 'string' },
    after: { type: 'string' },
    camera: { type: 'string' },
    watch: { type: 'boolean' },
  },
});
const [part, file] = positionals;
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const words = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Runs in the page: a moving scene with grain as camera, and speech from a file instead of a microphone. */
async function publish({ wav, camera }) {
  const { trtc } = window.member;
  const audio = new AudioContext({ sampleRate: 48_000 });
  const bytes = Uint8Array.from(atob(wav), (letter) => letter.charCodeAt(0));
  const speech = await audio.decodeAudioData(bytes.buffer);
  const out = audio.createMediaStreamDestination();
  window.speaks = { audio, speech, out };
  await trtc.startLocalAudio({ option: { audioTrack: out.stream.getAudioTracks()[0] } });
  if (!camera) return;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [camera.width, camera.height];
  const draw = canvas.getContext('2d');
  const paint = () => {
    const time = performance.now() / 1000;
    draw.fillStyle = `hsl(${(time * 6) % 360} 40% 50%)`;
    draw.fillRect(0, 0, canvas.width, canvas.height);
    for (let thing = 0; thing < 200; thing += 1) {
      draw.fillStyle = `hsl(${thing * 30} 60% ${Math.random() * 90}%)`;
      draw.fillRect(Math.random() * canvas.width, Math.random() * canvas.height, 3, 3);
    }
    draw.fillStyle = 'white';
    draw.fillRect(canvas.width * (0.5 + 0.4 * Math.sin(time)), canvas.height * (0.5 + 0.4 * Math.cos(time)), 60, 60);
  };
  setInterval(paint, 1000 / camera.frameRate);
  const [videoTrack] = canvas.captureStream(camera.frameRate).getVideoTracks();
  await trtc.startLocalVideo({ option: { videoTrack, profile: camera } });
}

/** Runs in the page: the end of the speech, all of it, and its beginning. Gives when that in the middle is said, in
 * microseconds of the machine's clock. */
function speak({ before, after }) {
  const { audio, speech, out } = window.speaks;
  const begin = audio.currentTime + 0.2;
  const say = (at, from, seconds) => {
    const source = audio.createBufferSource();
    source.buffer = speech;
    source.loop = true;
    source.connect(out);
    source.start(at, from);
    source.stop(at + seconds);
  };
  const length = speech.duration;
  say(begin, (length - (before % length)) % length, before + length + after);
  const now = audio.getOutputTimestamp();
  const inMs = now.contextTime ? now.performanceTime + (begin + before - now.contextTime) * 1000 : performance.now() + (begin + before - audio.currentTime) * 1000;
  return { spokenFromUs: Math.round((performance.timeOrigin + inMs) * 1000), beginsInMs: inMs - performance.now(), length };
}

/** Runs in the page: takes down what the first voice says, and when pictures of its camera are shown. */
async function attend() {
  const { trtc } = window.member;
  const audio = new AudioContext({ sampleRate: 48_000 });
  const code = `registerProcessor('ear', class extends AudioWorkletProcessor {
    process([[samples]]) {
      if (samples) this.port.postMessage({ at: currentTime, samples: Float32Array.from(samples) });
      return true;
    }
  })`;
  await audio.audioWorklet.addModule(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
  const heard = { from: undefined, pieces: [] };
  const seen = [];
  window.attends = { audio, heard, seen };
  trtc.on(TRTC.EVENT.REMOTE_AUDIO_AVAILABLE, ({ userId }) => {
    const listen = () => {
      const track = trtc.getAudioTrack(userId);
      if (!track) return setTimeout(listen, 100);
      const ear = new AudioWorkletNode(audio, 'ear', { channelCount: 1, channelCountMode: 'explicit' });
      ear.port.onmessage = ({ data }) => {
        heard.from ??= performance.timeOrigin + performance.now() - (audio.currentTime - data.at) * 1000;
        heard.pieces.push(data.samples);
      };
      audio.createMediaStreamSource(new MediaStream([track])).connect(ear).connect(audio.destination);
    };
    listen();
  });
  trtc.on(TRTC.EVENT.REMOTE_VIDEO_AVAILABLE, async ({ userId, streamType }) => {
    const view = document.body.appendChild(document.createElement('div'));
    view.style.cssText = 'width:360px;height:640px';
    await trtc.startRemoteVideo({ userId, streamType, view });
    const video = view.querySelector('video');
    const look = (_, { width, height }) => {
      seen.push({ at: performance.now(), width, height });
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  });
}

/** Runs in the page: what was attended to since a moment. */
function remembered(begin) {
  const { heard, seen } = window.attends;
  const count = heard.pieces.reduce((sum, piece) => sum + piece.length, 0);
  const samples = new Int16Array(count);
  let place = 0;
  for (const piece of heard.pieces) for (const sample of piece) samples[place++] = Math.max(-1, Math.min(1, sample)) * 32_767;
  let text = '';
  const bytes = new Uint8Array(samples.buffer);
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return { from: heard.from, samples: btoa(text), seen: seen.filter(({ at }) => at >= begin), end: performance.now() };
}

/** 48 kHz, one channel, 16 bits. */
function writeWav(name, samples) {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  [1, 1].forEach((value, at) => header.writeUInt16LE(value, 20 + 2 * at));
  header.writeUInt32LE(48_000, 24);
  header.writeUInt32LE(96_000, 28);
  [2, 16].forEach((value, at) => header.writeUInt16LE(value, 32 + 2 * at));
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  writeFileSync(name, Buffer.concat([header, samples]));
}

function sightOf({ seen, end }, begin) {
  const edges = [begin, ...seen.map(({ at }) => at), end];
  const gaps = edges.slice(1).map((at, before) => at - edges[before]);
  const frozen = gaps.filter((gap) => gap > 500).reduce((sum, gap) => sum + gap, 0);
  const sizes = seen.map(({ width, height }) => [width, height]).sort((a, b) => a[0] * a[1] - b[0] * b[1]);
  return {
    pictures_per_second: (seen.length * 1000) / (end - begin),
    frozen_percent: (frozen * 100) / (end - begin),
    longest_ms: Math.max(...gaps),
    size: sizes[Math.floor(sizes.length / 2)] ?? [0, 0],
    delay_ms: null,
  };
}

/** What the receiving side counted of sound, all together. */
async function soundOf(page) {
  return page.evaluate(() => {
    const row = window.sound ?? {};
    return { concealed: row.concealedSamples ?? 0, total: row.totalSamplesReceived ?? 0, silent: row.silentConcealedSamples ?? 0 };
  });
}

async function lostConnection(member) {
  const changes = (await member.events()).filter(({ name }) => name === 'CONNECTION_STATE_CHANGED');
  return changes.filter(({ data }) => data.state === 'DISCONNECTED').length;
}

const engine = { url: options.server, credentials: { sdk_app_id: Number(options['sdk-app-id']) }, userSig: () => process.env.RTC_USER_SIG };
const browser = await openBrowser({ args: [`--unsafely-treat-insecure-origin-as-secure=${options.server}`] });
process.on('exit', () => browser.close());
const member = await Member.open(browser, engine, options.user, {
  // What the browser counts of sound is kept, whichever connection it is on.
  before: () => {
    const Connection = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Connection {
      constructor(...words) {
        super(...words);
        setInterval(async () => {
          for (const row of (await this.getStats()).values()) if (row.type === 'inbound-rtp' && row.kind === 'audio' && row.packetsReceived) window.sound = row;
        }, 500);
      }
    };
  },
});
const { page } = member;
const role = { call: { scene: 'rtc' }, 'live-anchor': { scene: 'live', role: 'anchor' }, 'live-audience': { scene: 'live', role: 'audience' } }[options.scene];
const start = performance.now();
if (part === 'hear') await page.evaluate(attend);
await member.enter(1, role);
const entered = { entered_ms: performance.now() - start };
if (part === 'speak') {
  const size = /^(\d+)x(\d+)\/(\d+)\/(\d+)k$/.exec(options.camera ?? '');
  const camera = size && { width: Number(size[1]), height: Number(size[2]), frameRate: Number(size[3]), bitrate: Number(size[4]) };
  await page.evaluate(publish, { wav: readFileSync(file).toString('base64'), camera });
  tell(entered);
  await words.next();
  const [before, after] = [Number(options.before), Number(options.after)];
  const { spokenFromUs, beginsInMs, length } = await page.evaluate(speak, { before, after });
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, beginsInMs)));
  tell({ spoken_from_us: spokenFromUs });
  await new Promise((resolve) => setTimeout(resolve, (length + after) * 1000));
  const lost = await lostConnection(member);
  tell({ finished: true, lost_connection: lost });
  await words.next();
} else {
  tell(entered);
  if (options.watch) {
    await page.waitForFunction(() => window.attends.seen.length > 0, undefined, { timeout: 30_000 });
    tell({ watching: 1 });
  }
  let begin = await page.evaluate(() => performance.now());
  let before = await soundOf(page);
  for (let word = await words.next(); !word.done; word = await words.next()) {
    begin = await page.evaluate(() => performance.now());
    before = await soundOf(page);
  }
  const after = await soundOf(page);
  const told = await page.evaluate(remembered, begin);
  if (told.from === undefined) throw new Error('no voice was heard');
  writeWav(file, Buffer.from(told.samples, 'base64'));
  const [concealed, silent] = [after.concealed - before.concealed, after.silent - before.silent];
  const lost = await lostConnection(member);
  tell({
    heard_from_us: Math.round(told.from * 1000),
    final_loss: (concealed * 100) / Math.max(1, after.total - before.total),
    packet_loss: 0,
    gaps_ms: Math.round(silent / 48),
    jitter_buffer_ms: 0,
    kilobits: 0,
    picture_kilobits: 0,
    sight: options.watch ? sightOf(told, begin) : null,
    lost_connection: lost,
    speaker_left: 0,
  });
}
await browser.close();
process.exit(0);
