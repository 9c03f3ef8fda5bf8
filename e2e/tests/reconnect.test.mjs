// A network that goes away: in time nothing is lost and no event is doubled, too late the member is evicted.
import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { openBrowser } from '../harness/browser.mjs';
import { cutMedia, mendMedia, Relay } from '../harness/cut.mjs';
import { Member } from '../harness/member.mjs';
import { suite } from '../harness/suite.mjs';

const AWAY_SECONDS = 20;
const s = suite({ engine: { env: { RTC_ENGINE_ROOMS_AWAY_SECONDS: String(AWAY_SECONDS) } } });

afterEach(mendMedia);

const MEMBERS = ['REMOTE_USER_ENTER', 'REMOTE_USER_EXIT', 'REMOTE_AUDIO_AVAILABLE', 'REMOTE_AUDIO_UNAVAILABLE', 'REMOTE_VIDEO_AVAILABLE', 'REMOTE_VIDEO_UNAVAILABLE', 'KICKED_OUT', 'ERROR'];

/** Alice comes through a relay; both publish and watch each other. */
async function pair(room) {
  const relay = await Relay.open(s.engine);
  after(() => relay.close());
  const alice = await s.open('alice', { create: { server: relay.url } });
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
    await member.seesFrames(other);
  }
  await alice.forget();
  await bob.forget();
  return { relay, alice, bob };
}

test('a cut WebSocket comes back, and what happened meanwhile is told once', async () => {
  const { relay, alice, bob } = await pair(1);
  relay.cut();
  await alice.event('CONNECTION_STATE_CHANGED', { state: 'RECONNECTING' });
  await bob.call('stopLocalVideo');
  const carol = await s.open('carol');
  await carol.enter(1);
  // Media does not need the WebSocket.
  await bob.seesFrames('alice', 'main', 10);
  relay.mend();
  await alice.event('REMOTE_USER_ENTER', { userId: 'carol' });
  await alice.event('REMOTE_VIDEO_UNAVAILABLE', { userId: 'bob', streamType: 'main' });
  await bob.event('REMOTE_USER_ENTER', { userId: 'carol' });
  assert.deepEqual((await alice.story(...MEMBERS)).sort(), ['REMOTE_USER_ENTER carol', 'REMOTE_VIDEO_UNAVAILABLE bob main']);
  assert.deepEqual(await bob.story(...MEMBERS), ['REMOTE_USER_ENTER carol']);
  await alice.hears('bob');
  await bob.seesFrames('alice');
});

test('when UDP is cut the media goes on over TCP', async () => {
  const { alice, bob } = await pair(2);
  cutMedia(s.engine.mediaPort, ['udp']);
  await alice.seesFrames('bob', 'main', 60, 30_000);
  await bob.seesFrames('alice', 'main', 10, 30_000);
  assert.deepEqual(await alice.story(...MEMBERS), []);
  assert.deepEqual(await bob.story(...MEMBERS), []);
});

test('after the media path was cut for a while picture and sound come back without an event', async () => {
  const { alice, bob } = await pair(3);
  cutMedia(s.engine.mediaPort);
  await alice.event('CONNECTION_STATE_CHANGED', { state: 'RECONNECTING' }, { timeout: 30_000 });
  mendMedia();
  await alice.event('CONNECTION_STATE_CHANGED', { state: 'RECONNECTED' }, { timeout: 30_000 });
  await alice.seesFrames('bob', 'main', 10, 30_000);
  await bob.seesFrames('alice', 'main', 10, 30_000);
  await alice.hears('bob');
  assert.deepEqual(await alice.story(...MEMBERS), []);
  assert.deepEqual(await bob.story(...MEMBERS), []);
});

test('a killed browser is away first and evicted with reason 1', async () => {
  const doomed = await openBrowser();
  const carol = await Member.open(doomed, s.engine, 'carol');
  const bob = await s.open('bob');
  await bob.enter(4);
  await carol.enter(4);
  await carol.call('startLocalAudio');
  await bob.event('REMOTE_AUDIO_AVAILABLE', { userId: 'carol' });
  const killed = Date.now();
  process.kill(await browserPid(doomed), 'SIGKILL');
  const exit = await bob.event('REMOTE_USER_EXIT', { userId: 'carol' }, { timeout: (AWAY_SECONDS + 40) * 1000 });
  assert.equal(exit.data.reason, 1);
  assert.ok(exit.at - killed >= AWAY_SECONDS * 1000 - 1000, `evicted after only ${exit.at - killed} ms`);
  assert.deepEqual(await bob.story(...MEMBERS), ['REMOTE_USER_ENTER carol', 'REMOTE_AUDIO_AVAILABLE carol', 'REMOTE_AUDIO_UNAVAILABLE carol', 'REMOTE_USER_EXIT carol 1']);
});

test('the engine tells its members before it stops', async () => {
  const { alice } = await pair(5);
  const ended = await s.engine.kill('SIGTERM');
  assert.equal(ended.code, 0);
  await alice.event('CONNECTION_STATE_CHANGED', { state: 'RECONNECTING' });
  await s.engine.launch();
  await alice.event('CONNECTION_STATE_CHANGED', { state: 'RECONNECTED' }, { timeout: 30_000 });
  await alice.seesFrames('bob', 'main', 10, 30_000);
});

async function browserPid(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.find(({ type }) => type === 'browser').id;
}
