// Coming back: how soon pictures are there again after the network was gone, was another one, or the engine was another one.
// The times are printed, and fail nothing: a machine may be slow.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openBrowser } from '../harness/browser.mjs';
import { cutPorts, mendMedia, Relay } from '../harness/cut.mjs';
import { Engine, freePort } from '../harness/engine.mjs';
import { MediaRelay } from '../harness/media_relay.mjs';
import { Member } from '../harness/member.mjs';
import { Networks } from '../harness/networks.mjs';
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
async function pair(room, options) {
  return meet(room, await s.open('alice', options), await s.open('bob'));
}

async function meet(room, alice, bob) {
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

/** Waits until both see and hear each other again after `since`, and prints how long it took. */
async function areBack(what, { alice, bob }, since) {
  const [first, second] = await Promise.all([alice.isSeenAgain('bob', since), bob.isSeenAgain('alice', since)]);
  console.log(`# ${what}: pictures are back after ${Math.round(first)} and ${Math.round(second)} ms`);
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

test('another network: the first way is lost, another is there', async () => {
  const networks = Networks.open();
  after(() => networks.close());
  const engine = await Engine.start({ host: networks.engine.host, command: networks.command });
  after(() => engine.stop());
  const args = [`--unsafely-treat-insecure-origin-as-secure=${engine.url}`];
  const [near, far] = await Promise.all(
    [networks.engine.namespace, networks.client].map((name) => openBrowser({ path: networks.browser(name), args })),
  );
  after(() => Promise.all([near.close(), far.close()]));
  const both = await meet(7, await Member.open(far, engine, 'alice'), await Member.open(near, engine, 'bob'));
  const since = Date.now();
  networks.loseFirst();
  await areBack('another network', both, since);
});

test('a page that was frozen while its connection went away', async () => {
  const signaling = await Relay.open(s.engine);
  after(() => signaling.close());
  const { alice, bob } = await pair(8, { create: { server: signaling.url } });
  const page = await alice.context.newCDPSession(alice.page);
  await page.send('Page.setWebLifecycleState', { state: 'frozen' });
  signaling.cut();
  const carol = await s.open('carol');
  await carol.enter(8);
  await pause(OUTAGE_MS);
  signaling.mend();
  const since = Date.now();
  await page.send('Page.setWebLifecycleState', { state: 'active' });
  const told = await alice.event('REMOTE_USER_ENTER', { userId: 'carol' }, { timeout: 60_000 });
  console.log(`# a page that was frozen: knows who came meanwhile after ${told.at - since} ms`);
  await alice.isSeenAgain('bob', since);
  await bob.isSeenAgain('alice', since);
  assert.deepEqual(await alice.story(...MEMBERS), ['REMOTE_USER_ENTER carol']);
  assert.deepEqual(await bob.story(...MEMBERS), ['REMOTE_USER_ENTER carol']);
});
