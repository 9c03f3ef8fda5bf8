// A session whose engine, path or network goes away, and comes back.

import assert from 'node:assert/strict';
import { afterEach, test as anyTest, type TestContext } from 'node:test';
import { camera, FakeRoom, member, params, soon, told } from './room.fake.js';
import type { EnterParams } from './types.js';

const rooms: FakeRoom[] = [];
const room = () => {
  const made = new FakeRoom();
  rooms.push(made);
  return made;
};
/** What never comes fails its own test, and soon. */
const test = (name: string, story: (t: TestContext) => Promise<void>) => anyTest(name, { timeout: 10_000 }, story);
afterEach(() => {
  for (const { session } of rooms.splice(0)) session.pageHide();
});

/** The first pause is over: the session dials again, and somebody answers. */
async function redials(t: TestContext, r: FakeRoom): Promise<void> {
  t.mock.timers.tick(200);
  await soon();
  r.socket.open();
}

test('a cut WebSocket comes back with the resume token, and what happened meanwhile is told once', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  await r.enter({ members: [member('ann', { camera: 'on' }), member('bob')] });
  const slots = [{ mid: '4', source: { userId: 'ann', track: 'camera' as const } }];
  void r.session.view('ann', 'main', 'big');
  r.socket.answer((await r.socket.next('view')).id);
  await r.push({ type: 'slots', data: { slots } });
  r.lines();
  r.socket.break();
  await soon();
  assert.deepEqual(r.lines(), ['DISCONNECTED', 'RECONNECTING']);
  await redials(t, r);
  await soon();
  const hello = r.socket.sent[0];
  assert.equal(hello?.type === 'hello' && hello.data.resume, 'way-1');
  await r.welcome({ n: 12, members: [member('ann', { camera: 'on' }), member('cid')], slots }, true);
  await soon();
  assert.deepEqual(r.lines(), ['bob left 0', 'cid entered', 'RECONNECTED']);
  assert.equal(r.transports.length, 1, 'media went on');
  await r.push({ type: 'memberEntered', data: member('bob') });
  assert.deepEqual(r.lines(), ['bob entered']);
});

test('what is changed during an outage is told when it is over, and nobody waits for it', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  await r.enter({ members: [member('ann', { camera: 'on' })] });
  void r.session.setLocalTrack('microphone', camera('voice'));
  r.socket.answer((await r.socket.next('publish')).id);
  void r.session.view('ann', 'main', 'big').catch(() => {});
  r.socket.answer((await r.socket.next('view')).id);
  await soon();
  r.lines();
  r.socket.break();
  await r.session.setLocalTrack('microphone', null);
  await r.session.setLocalTrack('camera', camera('cam'));
  await r.session.unview('ann', 'main');
  await r.session.listen('ann', false);
  await redials(t, r);
  await r.welcome(
    { n: 9, tracks: member('me', { microphone: 'on' }).tracks, members: [member('ann', { camera: 'on' })] },
    true,
  );
  await soon();
  const asked = r.socket.sent.map((frame) => {
    if (frame.type === 'publish') return `${frame.data.track} ${frame.data.state}`;
    return frame.type === 'listen' ? `listen ${frame.data.userId} ${frame.data.on}` : frame.type;
  });
  assert.deepEqual(asked.sort(), ['camera on', 'hello', 'listen ann false', 'microphone off', 'unview']);
  for (const { id } of r.socket.sent) r.socket.answer(id);
  await soon();
  assert.deepEqual(
    r.lines().filter((line) => / (stopped|start)/.test(line)),
    ['microphone stopped api-call', 'camera starting api-call', 'camera started api-call'],
  );
});

test('a membership that is gone is entered again, with everything in it', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  await r.enter({ members: [member('ann', { camera: 'on' })] });
  void r.session.setLocalTrack('camera', camera('cam'));
  r.socket.answer((await r.socket.next('publish')).id);
  void r.session.view('ann', 'main', 'small');
  r.socket.answer((await r.socket.next('view')).id);
  await r.push({ type: 'slots', data: { slots: [{ mid: '4', source: { userId: 'ann', track: 'camera' } }] } });
  void r.session.listen('bob', false);
  r.socket.answer((await r.socket.next('listen')).id);
  r.lines();

  r.socket.break();
  await redials(t, r);
  r.socket.refuse((await r.socket.next('hello')).id, 'notInRoom', -102018);
  await soon();
  r.socket.open();
  await soon();
  const hello = r.socket.sent[0];
  assert.equal(hello?.type === 'hello' && hello.data.resume, undefined);
  await r.welcome({ members: [member('ann', { camera: 'on' })] });
  assert.equal(await r.answerOffer(), 'enter');
  await soon();
  r.transport.path('up');
  await r.push({ type: 'slots', data: { slots: [{ mid: '4', source: { userId: 'ann', track: 'camera' } }] } });
  assert.deepEqual(r.lines(), ['DISCONNECTED', 'RECONNECTING', 'RECONNECTED', 'see ann main on 2:4']);
  const asked = r.socket.sent.map((frame) => frame.type);
  for (const type of ['publish', 'view', 'listen'] as const) assert.ok(asked.includes(type), type);
});

test('being evicted for absence means entering again, not being put out', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  await r.enter();
  r.lines();
  await r.push({ type: 'removed', data: { reason: 'timed_out', exitReason: 1 } });
  await redials(t, r);
  await r.welcome();
  await r.answerOffer();
  await soon();
  r.transport.path('up');
  await soon();
  assert.deepEqual(r.lines(), ['DISCONNECTED', 'RECONNECTING', 'RECONNECTED']);
});

test('who was put out while away is told so, and of nobody else', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  await r.enter({ n: 4, members: [member('ann')] });
  r.lines();
  r.socket.break();
  await redials(t, r);
  await r.welcome({ n: 0 }, true);
  await r.push({ type: 'removed', data: { reason: 'room_disband', exitReason: 2 } });
  assert.deepEqual(r.lines(), ['DISCONNECTED', 'RECONNECTING', 'DISCONNECTED', 'removed room_disband']);
});

test('an engine that was started anew gets everything again, and nobody is told who comes back', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  await r.enter({ n: 5, members: [member('ann', { camera: 'on' })] });
  void r.session.view('ann', 'main', 'big');
  r.socket.answer((await r.socket.next('view')).id);
  const slots = [{ mid: '4', source: { userId: 'ann', track: 'camera' as const } }];
  await r.push({ type: 'slots', data: { slots } });
  await r.session.setLocalTrack('camera', null);
  r.lines();
  r.socket.break();
  await redials(t, r);
  await r.welcome({ n: 0, members: [member('ann')] }, true);
  assert.equal(await r.answerOffer(), 'replace', 'its media is gone');
  await soon();
  r.transport.path('up');
  assert.ok(!r.socket.sent.some(({ type }) => type === 'view'), 'she publishes nothing yet');
  const doubt = await r.socket.next('snapshot');
  r.socket.answer(doubt.id, {
    n: 0,
    role: 'anchor',
    tracks: member('me').tracks,
    members: [member('ann')],
    slots: [],
    encode: [],
  });
  await soon();
  await r.push({ type: 'tracksChanged', data: { userId: 'ann', tracks: member('ann', { camera: 'on' }).tracks } });
  await r.socket.next('view');
  await r.push({ type: 'slots', data: { slots } });
  assert.deepEqual(r.lines(), ['DISCONNECTED', 'RECONNECTING', 'RECONNECTED', 'see ann main on 2:4']);
  t.mock.timers.tick(10_000);
  await soon();
  assert.deepEqual(r.lines(), []);
});

test('leaving during an outage is announced as soon as there is a way', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  await r.enter();
  r.socket.break();
  await soon();
  const leaving = r.session.exit();
  assert.equal(r.session.state, 'DISCONNECTED');
  r.socket.open();
  await r.welcome({}, true);
  r.socket.answer((await r.socket.next('exit')).id);
  await leaving;
  assert.equal(r.socket.closed, 1000);
  assert.equal(r.sockets.length, 2);
});

test('a refusal that will not pass ends the session', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  await r.enter();
  r.lines();
  r.socket.break();
  await redials(t, r);
  r.socket.refuse((await r.socket.next('hello')).id, 'userSigExpired', 70001);
  await soon();
  assert.deepEqual(r.lines(), ['DISCONNECTED', 'RECONNECTING', 'DISCONNECTED', 'error rejoinFailed 5502']);
  assert.equal(r.session.entered, false);
});

test('a media path that stays away is restarted, then replaced, and nobody blinks who comes back', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  await r.enter({ members: [member('ann', { microphone: 'on' })] });
  await r.push({ type: 'slots', data: { slots: [{ mid: '3', source: { userId: 'ann', track: 'microphone' } }] } });
  r.lines();
  let now = Math.ceil(performance.now());
  t.mock.method(performance, 'now', () => now);
  const pass = async (ms: number) => {
    now += ms;
    t.mock.timers.tick(ms);
    await soon();
  };
  now += 60_000;
  r.transport.path('weak');
  await soon();
  assert.deepEqual(r.lines(), ['DISCONNECTED', 'RECONNECTING']);
  assert.equal(await r.answerOffer(), 'restart', 'at once: the engine answers');
  await soon();
  await pass(10_000);
  assert.equal(await r.answerOffer(), 'replace');
  await soon();
  assert.equal(r.transports.length, 2);
  assert.ok(r.transports[0]?.isClosed);
  r.transport.path('up');
  const doubt = await r.socket.next('snapshot');
  r.socket.answer(doubt.id, {
    n: 1,
    role: 'anchor',
    tracks: member('me').tracks,
    members: [member('ann', { microphone: 'on' })],
    slots: [],
    encode: [],
  });
  await soon();
  assert.deepEqual(r.lines(), ['RECONNECTED']);
  await r.push({ type: 'slots', data: { slots: [{ mid: '3', source: { userId: 'ann', track: 'microphone' } }] } });
  assert.deepEqual(r.lines(), ['hear ann on 2:3']);
});

const turn = { urls: ['turn:192.0.2.1:8000?transport=udp'], username: '1:me', credential: 'secret' };

/** Lets a session in whose path does not come up, with the engine's TURN servers. */
async function enterWithoutPath(t: TestContext, changes: Partial<EnterParams> = {}) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  r.turn = turn;
  const entering = r.session.enter({ ...params, ...changes });
  await soon();
  r.socket.open();
  await r.welcome();
  await r.answerOffer();
  await entering;
  await told();
  r.lines();
  let now = Math.ceil(performance.now());
  t.mock.method(performance, 'now', () => now);
  const pass = async (ms: number) => {
    now += ms;
    t.mock.timers.tick(ms);
    await soon();
  };
  const offers = () => r.socket.sent.filter(({ type }) => type === 'offer').length;
  return { r, pass, offers };
}

test('who has no path after three seconds looks for one by TURN, and is told of no outage', async (t: TestContext) => {
  const { r, pass, offers } = await enterWithoutPath(t);
  assert.deepEqual(r.transport.servers, []);
  await pass(2999);
  assert.equal(offers(), 1);
  await pass(1);
  assert.equal(await r.answerOffer(), 'restart');
  assert.deepEqual(r.transport.servers, [turn]);
  r.transport.path('up');
  await pass(60_000);
  assert.deepEqual(r.lines(), []);
  assert.equal(offers(), 2);
});

test('who has a path in time never hears of TURN, until the path is lost', async (t: TestContext) => {
  const { r, pass, offers } = await enterWithoutPath(t);
  r.transport.path('up');
  await pass(60_000);
  assert.equal(offers(), 1);
  assert.deepEqual(r.transport.servers, []);
  r.transport.path('weak');
  await pass(1500);
  assert.equal(await r.answerOffer(), 'restart');
  assert.deepEqual(r.transport.servers, [turn]);
  await soon();
  await pass(10_000);
  assert.equal(await r.answerOffer(), 'replace');
  assert.deepEqual(r.transport.servers, [turn], 'a new one knows them from the beginning');
});

test('who allows relays alone uses TURN as soon as he is told of it, beside servers of his own after a while', async (t: TestContext) => {
  const own = { urls: 'turn:own.example' };
  const { r, pass, offers } = await enterWithoutPath(t, { iceTransportPolicy: 'relay' });
  await pass(0);
  assert.equal(offers(), 2);
  assert.deepEqual(r.transport.servers, [turn]);
  t.mock.restoreAll();
  t.mock.timers.reset();
  const other = await enterWithoutPath(t, { iceTransportPolicy: 'relay', iceServers: [own] });
  await other.pass(0);
  assert.deepEqual([other.offers(), other.r.transport.servers], [1, [own]]);
  await other.pass(3000);
  assert.equal(other.offers(), 2);
  assert.deepEqual(other.r.transport.servers, [own, turn]);
});

test('a path that comes back by itself before the engine has answered needs no offer', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  await r.enter();
  r.lines();
  r.socket.answersReports = false;
  r.transport.path('weak');
  const report = await r.socket.next('report');
  r.transport.path('up');
  r.socket.answer(report.id);
  r.socket.answersReports = true;
  await soon();
  t.mock.timers.tick(20_000);
  await soon();
  assert.deepEqual(r.lines(), ['DISCONNECTED', 'RECONNECTING', 'RECONNECTED']);
  assert.equal(r.socket.sent.filter(({ type }) => type === 'offer').length, 1);
});

test('no path is offered into a connection that is as dead: another is made, and the path restarted on that', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  await r.enter();
  r.lines();
  r.socket.answersReports = false;
  r.transport.path('weak');
  await soon();
  t.mock.timers.tick(2000);
  await soon();
  assert.equal(r.socket.closed, 4000);
  assert.equal(r.socket.sent.filter(({ type }) => type === 'offer').length, 1);
  await redials(t, r);
  await r.welcome({}, true);
  assert.equal(await r.answerOffer(), 'restart');
  r.transport.path('up');
  await soon();
  assert.deepEqual(r.lines(), ['DISCONNECTED', 'RECONNECTING', 'RECONNECTED']);
});

test('another network is taken up at once, without an outage', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  await r.enter();
  r.lines();
  r.sign('moved');
  assert.equal(await r.answerOffer(), 'restart');
  await soon();
  t.mock.timers.tick(20_000);
  await soon();
  assert.equal(r.socket.sent.filter(({ type }) => type === 'offer').length, 2);
  assert.deepEqual(r.lines(), []);
});

test('who hears nothing any more looks for another path, and nobody is told', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  let now = Math.ceil(performance.now());
  t.mock.method(performance, 'now', () => now);
  const r = room();
  await r.enter({ members: [member('ann', { microphone: 'on' }), member('bob', { microphone: 'muted' })] });
  const slot = (mid: string, userId: string) => ({ mid, source: { userId, track: 'microphone' as const } });
  await r.push({ type: 'slots', data: { slots: [slot('3', 'ann'), slot('5', 'bob')] } });
  r.lines();
  const pass = async (times: number, isHeard: boolean) => {
    for (let i = 0; i < times; i += 1) {
      now += 250;
      if (isHeard) r.transport.packets.set('3', now);
      t.mock.timers.tick(250);
      await soon();
    }
  };
  const offers = () => r.socket.sent.filter(({ type }) => type === 'offer').length;
  await pass(10, true);
  await pass(2, false);
  assert.equal(offers(), 1);
  await pass(1, false);
  assert.equal(await r.answerOffer(), 'restart');
  await pass(40, false);
  assert.equal(offers(), 2, 'once');
  // What is heard again before the engine has answered needs no other path.
  await pass(10, true);
  r.socket.answersReports = false;
  await pass(3, false);
  await pass(1, true);
  for (const { id, type } of r.socket.sent) if (type === 'report') r.socket.answer(id);
  r.socket.answersReports = true;
  await pass(10, true);
  assert.equal(offers(), 2);
  assert.deepEqual(r.lines(), []);
});

test('who comes back from another network to an engine that was started anew makes one new peer connection', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = Math.ceil(performance.now());
  t.mock.method(performance, 'now', () => now);
  const r = room();
  await r.enter({ n: 5 });
  now += 60_000;
  r.socket.break();
  await soon();
  r.sign('moved');
  await soon();
  t.mock.timers.tick(0);
  await soon();
  r.socket.open();
  await r.welcome({ n: 0 }, true);
  await soon();
  assert.equal(await r.answerOffer(), 'replace');
  await soon();
  r.transport.path('up');
  await soon();
  t.mock.timers.tick(20_000);
  await soon();
  assert.equal(r.transports.length, 2);
  assert.equal(r.socket.sent.filter(({ type }) => type === 'offer').length, 1);
});

test('a page that is seen again tries at once, and does not touch a path that works', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  await r.enter();
  r.sign('woken');
  await soon();
  assert.equal(r.socket.sent.filter(({ type }) => type === 'offer').length, 1);
  r.lines();
  r.socket.break();
  await soon();
  assert.equal(r.sockets.length, 1);
  r.sign('woken');
  await soon();
  t.mock.timers.tick(0);
  await soon();
  assert.equal(r.sockets.length, 2, 'not after a pause');
  // That one hangs in the network that is gone, and is not waited for either.
  r.sign('moved');
  await soon();
  t.mock.timers.tick(0);
  await soon();
  assert.equal(r.sockets.length, 3);
  r.socket.open();
  await r.welcome({}, true);
  assert.equal(await r.answerOffer(), 'restart', 'it is another network');
  assert.deepEqual(r.lines(), ['DISCONNECTED', 'RECONNECTING', 'RECONNECTED']);
});

test('the browser is listened to for as long as the stay lasts', async () => {
  const r = room();
  await r.enter();
  assert.ok(r.isWatchingNetwork);
  const leaving = r.session.exit();
  r.socket.answer((await r.socket.next('exit')).id);
  await leaving;
  assert.ok(!r.isWatchingNetwork);
});

test('when the engine stops, the session comes back with new media', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const r = room();
  await r.enter();
  r.lines();
  await r.push({ type: 'closing', data: { retryAfterMs: 500 } });
  assert.deepEqual(r.lines(), ['DISCONNECTED', 'RECONNECTING']);
  t.mock.timers.tick(499);
  await soon();
  assert.equal(r.sockets.length, 1);
  t.mock.timers.tick(1);
  await soon();
  r.socket.open();
  await r.welcome({}, true);
  assert.equal(await r.answerOffer(), 'replace');
  await soon();
  r.transport.path('up');
  await soon();
  assert.deepEqual(r.lines(), ['RECONNECTED']);
});
