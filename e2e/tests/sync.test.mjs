// Sound and picture of one person stay together, also after the viewer has changed whom it watches ten times.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite } from '../harness/suite.mjs';

const s = suite();

/** Runs in the page: publishes a white flash and a beep at the same moments, once a second. */
async function publishFlashes() {
  const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 120 });
  const drawing = canvas.getContext('2d', { alpha: false });
  const audio = new AudioContext({ latencyHint: 'interactive' });
  const tone = new OscillatorNode(audio, { frequency: 1000 });
  const gate = new GainNode(audio, { gain: 0 });
  const sink = audio.createMediaStreamDestination();
  tone.connect(gate).connect(sink);
  tone.start();
  let white = false;
  const paint = () => {
    // A moving line keeps frames coming while nothing flashes.
    drawing.fillStyle = white ? '#fff' : '#000';
    drawing.fillRect(0, 0, 160, 120);
    drawing.fillStyle = '#888';
    drawing.fillRect(performance.now() % 160, 116, 2, 4);
  };
  setInterval(paint, 16);
  setInterval(() => {
    white = true;
    paint();
    gate.gain.setValueAtTime(0.8, audio.currentTime);
    setTimeout(() => {
      white = false;
      gate.gain.setValueAtTime(0, audio.currentTime);
    }, 150);
  }, 1000);
  // 60 frames a second, so that waiting for the next frame is not taken for an offset.
  const [videoTrack] = canvas.captureStream(60).getVideoTracks();
  const [audioTrack] = sink.stream.getAudioTracks();
  await window.member.trtc.startLocalVideo({ option: { videoTrack, profile: { width: 160, height: 120, frameRate: 60, bitrate: 300 } } });
  await window.member.trtc.startLocalAudio({ option: { audioTrack } });
}

/** Runs in the page: how much later the picture of `userId` is than its sound, in milliseconds, for `count` flashes. */
async function measure([userId, count]) {
  const video = document.querySelector(`#view-${userId}-main video`);
  const track = window.member.trtc.getAudioTrack(userId);
  const audio = (window.member.audio ??= new AudioContext());
  const analyser = new AnalyserNode(audio, { fftSize: 256 });
  audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const canvas = new OffscreenCanvas(8, 8);
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  let lit = false;
  let loud = false;
  let sound = null;
  let picture = null;
  const offsets = [];
  return new Promise((resolve) => {
    const pair = () => {
      if (sound === null || picture === null || Math.abs(picture - sound) > 400) return;
      offsets.push(picture - sound);
      sound = picture = null;
      if (offsets.length >= count) finish();
    };
    const listen = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const now = samples.some((sample) => Math.abs(sample) > 0.2);
      if (now && !loud) {
        sound = performance.now();
        pair();
      }
      loud = now;
    }, 3);
    const frame = (_, metadata) => {
      drawing.drawImage(video, 0, 0, 8, 8);
      const now = drawing.getImageData(4, 4, 1, 1).data[0] > 128;
      if (now && !lit) {
        picture = metadata.expectedDisplayTime;
        pair();
      }
      lit = now;
      if (!done) video.requestVideoFrameCallback(frame);
    };
    let done = false;
    const finish = () => {
      done = true;
      clearInterval(listen);
      resolve(offsets);
    };
    video.requestVideoFrameCallback(frame);
    setTimeout(finish, 20_000);
  });
}

/** Browsers bring sound and picture together step by step; what they do in the first seconds is not judged. */
const settled = (offsets) => offsets.slice(-9);
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

test('sound and picture are within 40 ms of each other, also after ten switches', async (t) => {
  const ann = await s.open('ann');
  const ben = await s.open('ben');
  const viewer = await s.open('viewer');
  for (const member of [ann, ben]) {
    await member.enter(1);
    await member.page.evaluate(publishFlashes);
  }
  await viewer.enter(1);
  await viewer.event('REMOTE_VIDEO_AVAILABLE', { userId: 'ann' });
  await viewer.event('REMOTE_VIDEO_AVAILABLE', { userId: 'ben' });
  await viewer.watch('ann');
  await viewer.seesFrames('ann');
  await viewer.hears('ann', 0.2);
  const early = await viewer.page.evaluate(measure, ['ann', 14]);
  t.diagnostic(`picture after sound, ms: ${early.map(Math.round).join(' ')}`);

  for (let i = 0; i < 10; i += 1) {
    const [from, to] = i % 2 ? ['ben', 'ann'] : ['ann', 'ben'];
    await viewer.call('stopRemoteVideo', { userId: from, streamType: 'main' });
    if (i === 0) await viewer.watch(to);
    else await viewer.call('startRemoteVideo', { userId: to, streamType: 'main', view: `view-${to}-main` });
    await viewer.seesFrames(to, 'main', 3);
  }
  const late = await viewer.page.evaluate(measure, ['ann', 14]);
  t.diagnostic(`after ten switches, ms: ${late.map(Math.round).join(' ')}`);
  for (const offsets of [early, late]) {
    assert.ok(offsets.length >= 9, `only ${offsets.length} flashes were heard and seen`);
    const offset = median(settled(offsets));
    assert.ok(Math.abs(offset) <= 40, `the median offset is ${offset} ms`);
  }
});
