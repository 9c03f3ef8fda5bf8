// Coming back: how soon pictures are there again after the network was gone, was another one, or the engine was another one.
// The times are printed, and fail nothing: a machine may be slow.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { cutPorts, mendMedia } from '../harness/cut.mjs';
import { freePort } from '../harness/engine.mjs';
import { MediaRelay } from '../harness/media_relay.mjs';
import { suite } from '../harness/suite.mjs';

const advertised = await freePort();
const s = suite({ engine: { env: { RTC_ENGINE_MEDIA_ADVERTISE: `127.0.0.1:${advertised}` } } });
let relay;

before(async () => {
  relay = await MediaRelay.open(advertised, () => s.engine);
});
afterEach(mendMedia);
after(() => relay.close());

const MEMBERS = ['REMOTE_USER_ENTER', 'REMOTE_USER_EXIT', 'REMOTE_AUDIO_AVAILABLE', 'REMOTE_AUDIO_UNAVAILABLE', 'REMOTE_VIDEO_AVAILABLE', 'REMOTE_VIDEO_UNAVAILABLE', 'KICKED_OUT', 'ERROR'];
const OUTAGE_MS = 5000;

/** Both publish and watch each other. */
async function pair(room) {
  const alice = await s.open('alice');
  const bob = await s.open('bob');
  for (const member of [alice, bob]) {
    await member.enter(room);
    await member.call('startLocalVideo', { option: { profile: '120p' } });
    await member.call('startLocalAudio');
  }
  for (const [member, other] of [[alice, 'bob'], [bob, 'alice']]) {
    await member.event('REMOTE_VIDEO_AVAILABLE', { userId: other });
    await member.event('REMOTE_AUDIO_AVAILABLE', { userId: other });
    await member.watch(other);
    await member.seesFrames(other, 'main', 5);
    await member.notesFrames(other);
  }
  await alice.forget();
  await bob.forget();
  return { alice, bob };
}

/** Waits until both see each other again after `since`, and prints how long each took. */
async function areBack(what, { alice, bob }, since) {
  const took = await Promise.all([alice.frameAfter('bob', since), bob.frameAfter('alice', since)]);
  const [first, second] = took.map((at) => Math.round(at - since));
  console.log(`# ${what}: pictures are back after ${first} and ${second} ms`);
  await alice.hears('bob');
  await bob.hears('alice');
  for (const member of [alice, bob]) assert.deepEqual(await member.story(...MEMBERS), []);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test('five seconds without media', async () => {
  const both = await pair(1);
  relay.cut();
  await pause(OUTAGE_MS);
  relay.mend();
  await areBack('five seconds without media', both, Date.now());
});

test('five seconds without a network', async () => {
  const both = await pair(2);
  cutPorts([s.engine.httpPort, s.engine.mediaPort]);
  await pause(OUTAGE_MS);
  mendMedia();
  await areBack('five seconds without a network', both, Date.now());
});

test('another address', async () => {
  const both = await pair(3);
  relay.rebind();
  await areBack('another address', both, Date.now());
});

test('an engine that is stopped and started again', async () => {
  const both = await pair(4);
  await s.engine.kill('SIGTERM');
  await s.engine.launch();
  await areBack('an engine that was stopped', both, Date.now());
});

test('an engine that crashes and is started again', async () => {
  const both = await pair(5);
  await s.engine.kill('SIGKILL');
  await s.engine.launch();
  await areBack('an engine that crashed', both, Date.now());
});
