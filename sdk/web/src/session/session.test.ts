import assert from 'node:assert/strict';
import { afterEach, test as anyTest } from 'node:test';
import { camera, FakeRoom, member, params, soon, told } from './room.fake.js';
import { emptySnapshot } from './socket.fake.js';

const rooms: FakeRoom[] = [];
const room = () => {
  const made = new FakeRoom();
  rooms.push(made);
  return made;
};
/** What never comes fails its own test, and soon. */
const test = (name: string, story: () => Promise<void>) => anyTest(name, { timeout: 10_000 }, story);
afterEach(() => {
  for (const { session } of rooms.splice(0)) session.pageHide();
});

test('hello and offer go out together, and the room is told after entering resolved', async () => {
  const r = room();
  const entering = r.session.enter(params).then(() => r.story.push('enter resolved'));
  await soon();
  r.socket.open();
  await soon();
  assert.deepEqual(
    r.socket.sent.map(({ type }) => type),
    ['hello', 'offer'],
  );
  await r.welcome({ members: [member('ann', { camera: 'on' })] });
  await r.answerOffer();
  await entering;
  assert.deepEqual([...r.session.members.keys()], ['ann'], 'the members are known at once');
  await told();
  assert.deepEqual(r.lines(), ['CONNECTING', 'CONNECTED', 'enter resolved', 'ann entered', 'ann publishes off/on/off']);
});

test('a refused entry ends with the refusal, and the next one works', async () => {
  const r = room();
  const entering = r.session.enter(params);
  await soon();
  r.socket.open();
  const { id } = await r.socket.next('hello');
  r.socket.refuse(id, 'userSigExpired', 70001, 'the UserSig has expired');
  await assert.rejects(entering, { name: 'userSigExpired', code: 70001, fromEngine: true });
  await told();
  assert.deepEqual(r.lines(), ['CONNECTING', 'DISCONNECTED']);
  assert.ok(r.transport.isClosed);
  await r.enter();
  assert.equal(r.session.state, 'CONNECTED');
});

test('another room is told of when the switch has resolved, and pushes are counted on', async () => {
  const r = room();
  await r.enter({ members: [member('ann', { camera: 'on' })] });
  await told();
  r.lines();
  const viewing = r.session.view('ann', 'main', 'big');
  viewing.catch(() => {});
  r.socket.answer((await r.socket.next('view')).id);
  const switching = r.session.switchRoom({ room: { number: 8 }, userSig: 'newer' }).then(() => r.story.push('there'));
  const asked = await r.socket.next('switchRoom');
  assert.deepEqual(asked.data, { room: { number: 8 }, userSig: 'newer' });
  const snapshot = { ...emptySnapshot, n: 41, members: [member('ann'), member('bob', { microphone: 'on' })] };
  r.socket.answer(asked.id, { snapshot });
  await switching;
  await assert.rejects(viewing, { name: 'aborted' });
  r.socket.push({ n: 42, type: 'memberLeft', data: { userId: 'ann', reason: 0 } });
  await told();
  assert.deepEqual(r.lines(), ['there', 'ann entered', 'bob entered', 'bob publishes on/off/off', 'ann left 0']);
  assert.equal(
    r.socket.sent.some(({ type }) => type === 'snapshot'),
    false,
    'nothing was missed',
  );

  const next = r.nextSocket();
  r.socket.break();
  const socket = await next;
  socket.open();
  const hello = await socket.next('hello');
  assert.ok(hello.type === 'hello');
  assert.deepEqual(hello.data.room, { number: 8 }, 'it comes back to the new room');
});

test('a refused switch leaves everything as it was', async () => {
  const r = room();
  await r.enter({ members: [member('ann')] });
  await told();
  r.lines();
  const switching = r.session.switchRoom({ room: { number: 8 } });
  const { id } = await r.socket.next('switchRoom');
  r.socket.refuse(id, 'roomFull', -102052, 'the room is full');
  await assert.rejects(switching, { name: 'roomFull' });
  assert.deepEqual([...r.session.members.keys()], ['ann']);
  assert.deepEqual(r.lines(), []);
});

test('SEI messages go with pictures that are published, and come from whoever is on the line', async () => {
  const r = room();
  const slots = [{ mid: '4', source: { userId: 'ann', track: 'screen' as const } }];
  await r.enter({ members: [member('ann', { screen: 'on' })], slots }, { sei: true });
  const data = new TextEncoder().encode('hi').buffer as ArrayBuffer;
  assert.throws(() => r.session.sendSei('main', 243, data), { name: 'noPicture', code: 5109 });
  const publishing = r.session.setLocalTrack('camera', camera('cam-1'));
  r.socket.answer((await r.socket.next('publish')).id);
  await publishing;
  await told();
  r.lines();
  r.session.sendSei('main', 5, data);
  assert.equal(r.transport.sent.at(-1), 'camera carries 5');
  const message = { type: 243, data: new Uint8Array(data) };
  r.transport.options.onSei?.('4', message);
  r.transport.options.onSei?.('9', message);
  await told();
  assert.deepEqual(r.lines(), ['ann sub carries 243/hi']);
});

test('without being asked for, there is no SEI', async () => {
  const r = room();
  await r.enter();
  assert.equal(r.transport.options.onSei, undefined);
});

test('exit ends an entry under way', async () => {
  const r = room();
  const entering = r.session.enter(params);
  await soon();
  r.socket.open();
  await r.socket.next('hello');
  await r.session.exit();
  await assert.rejects(entering, { name: 'aborted', code: 5998 });
  assert.equal(r.socket.closed, 1000, 'the engine must take it for a departure');
});

test('entering twice is refused', async () => {
  const r = room();
  await r.enter();
  await assert.rejects(r.session.enter(params), { name: 'repeated' });
});

test('exit is announced, acknowledged, and then the connection is closed', async () => {
  const r = room();
  await r.enter();
  const leaving = r.session.exit();
  assert.equal(r.session.entered, false);
  const { id } = await r.socket.next('exit');
  assert.equal(r.socket.closed, null);
  r.socket.answer(id);
  await leaving;
  assert.equal(r.socket.closed, 1000);
  assert.ok(r.transport.isClosed);
  assert.equal(r.session.state, 'DISCONNECTED');
});

test('a page that goes away leaves in the same turn', async () => {
  const r = room();
  await r.enter();
  r.session.pageHide();
  assert.equal(r.socket.sent.at(-1)?.type, 'exit');
  assert.equal(r.socket.closed, 1000);
});

test('a track that was handed over before entering is published at entry, and again at the next', async () => {
  const r = room();
  await r.session.setLocalTrack('camera', camera('cam'), {
    small: { width: 160, height: 120, frameRate: 15, bitrateKbps: 100 },
  });
  for (let i = 0; i < 2; i += 1) {
    await r.enter();
    const publish = await r.socket.next('publish');
    assert.deepEqual(publish.type === 'publish' && publish.data, { track: 'camera', state: 'on', small: true, codec: 'vp8' });
    assert.deepEqual(r.transport.sent[0], 'camera cam h -', 'it flows before it is announced');
    r.socket.answer(publish.id);
    await soon();
    const leaving = r.session.exit();
    r.socket.answer((await r.socket.next('exit')).id);
    await leaving;
  }
  assert.deepEqual(
    r.lines().filter((line) => line.startsWith('camera')),
    [
      'camera starting api-call',
      'camera started api-call',
      'camera stopped api-call',
      'camera starting api-call',
      'camera started api-call',
      'camera stopped api-call',
    ],
  );
});

test('the engine says which layers are encoded', async () => {
  const r = room();
  await r.enter();
  void r.session.setLocalTrack('camera', camera('cam'), {
    small: { width: 160, height: 120, frameRate: 15, bitrateKbps: 100 },
  });
  r.socket.answer((await r.socket.next('publish')).id);
  await r.push({ type: 'encode', data: { track: 'camera', big: true, small: true } });
  await r.push({ type: 'encode', data: { track: 'camera', big: false, small: false } });
  assert.deepEqual(
    r.transport.sent.filter((line) => line.startsWith('camera cam')),
    ['camera cam h -', 'camera cam h l', 'camera cam - -'],
  );
});

test('a refused publication is told and sends nothing', async () => {
  const r = room();
  await r.enter();
  const publishing = r.session.setLocalTrack('screen', camera('screen'));
  r.socket.refuse((await r.socket.next('publish')).id, 'screenShareOccupied', -102016);
  await assert.rejects(publishing, { name: 'screenShareOccupied' });
  assert.equal(r.transport.sent.at(-1), 'screen nothing');
  assert.ok(r.lines().includes('screen stopped error'));
});

test('a muted microphone stays on its line and is switched off itself', async () => {
  const r = room();
  await r.enter();
  const voice = camera('voice') as MediaStreamTrack;
  void r.session.setLocalTrack('microphone', voice, { muted: true });
  const publish = await r.socket.next('publish');
  assert.equal(publish.type === 'publish' && publish.data.state, 'muted');
  assert.equal(voice.enabled, false);
  r.socket.answer(publish.id);
  void r.session.setLocalTrack('microphone', voice, { muted: false });
  const again = await r.socket.next('publish');
  assert.equal(again.type === 'publish' && again.data.state, 'on');
  assert.equal(voice.enabled, true);
});

test('as audience nothing is published, as anchor what was handed over', async () => {
  const r = room();
  await r.session.setLocalTrack('camera', camera('cam'));
  await r.enter({ role: 'audience' }, { scene: 'live', role: 'audience' });
  assert.ok(!r.socket.sent.some(({ type }) => type === 'publish'));
  const becoming = r.session.switchRole('anchor');
  r.socket.answer((await r.socket.next('switchRole')).id);
  await becoming;
  r.socket.answer((await r.socket.next('publish')).id);
  await soon();
  const leaving = r.session.switchRole('audience');
  r.socket.answer((await r.socket.next('switchRole')).id);
  await leaving;
  await soon();
  assert.equal(r.transport.sent.at(-1), 'screen nothing');
  assert.ok(r.transport.sent.includes('camera nothing'));
  assert.deepEqual(
    r.lines().filter((line) => line.startsWith('camera')),
    ['camera starting api-call', 'camera started api-call', 'camera stopped api-call'],
  );
});

test('a view resolves when its line is bound, in whatever order answer and push come', async () => {
  for (const isPushFirst of [true, false]) {
    const r = room();
    await r.enter({ members: [member('ann', { camera: 'on' })] });
    const viewing = r.session.view('ann', 'main', 'big');
    const { id } = await r.socket.next('view');
    const bind = () => r.push({ type: 'slots', data: { slots: [{ mid: '4', source: { userId: 'ann', track: 'camera' } }] } });
    if (isPushFirst) await bind();
    r.socket.answer(id);
    if (!isPushFirst) await bind();
    assert.equal((await viewing).id, '1:4');
  }
});

test('a view ends when the publisher stops, and one that is ended before it was bound is aborted', async () => {
  const r = room();
  await r.enter({ members: [member('ann', { camera: 'on', screen: 'on' })] });
  const gone = assert.rejects(r.session.view('ann', 'main', 'big'), { name: 'noSuchStream' });
  r.socket.answer((await r.socket.next('view')).id);
  await soon();
  await r.push({ type: 'tracksChanged', data: { userId: 'ann', tracks: member('ann', { screen: 'on' }).tracks } });
  await gone;
  const ended = assert.rejects(r.session.view('ann', 'sub', 'big'), { name: 'aborted' });
  r.socket.answer((await r.socket.next('view')).id);
  await soon();
  void r.session.unview('ann', 'sub');
  await ended;
});

test('when the slots are used up the pool grows and the view is asked again', async () => {
  const r = room();
  await r.enter({ members: [member('ann', { camera: 'on' })] });
  const viewing = r.session.view('ann', 'main', 'big');
  r.socket.refuse((await r.socket.next('view')).id, 'slotsExhausted', -102056);
  assert.equal(await r.answerOffer(), 'grow');
  r.socket.answer((await r.socket.next('view')).id);
  await r.push({ type: 'slots', data: { slots: [{ mid: '30', source: { userId: 'ann', track: 'camera' } }] } });
  assert.equal((await viewing).id, '1:30');
  assert.equal(r.transport.pairs, 16);
});

test('whom to hear is remembered before entering and forgotten at exit', async () => {
  const r = room();
  await r.session.listen('ann', true);
  await r.session.listen(null, false);
  await r.session.listen('bob', true);
  await r.enter();
  const asked = r.socket.sent.flatMap((frame) => (frame.type === 'listen' ? [frame.data] : []));
  assert.deepEqual(asked, [{ on: false }, { userId: 'bob', on: true }]);
  r.session.pageHide();
  await r.enter();
  assert.ok(!r.socket.sent.some(({ type }) => type === 'listen'));
});

test('messages carry bytes', async () => {
  const r = room();
  await r.enter();
  const sending = r.session.sendMessage(3, new TextEncoder().encode('hé').buffer as ArrayBuffer);
  const sent = await r.socket.next('message');
  assert.deepEqual(sent.type === 'message' && sent.data, { cmdId: 3, data: 'aMOp' });
  r.socket.answer(sent.id);
  await sending;
  await r.push({ type: 'message', data: { userId: 'ann', cmdId: 1, seq: 9, data: 'aMOp' } });
  assert.equal(r.lines().at(-1), 'ann says hé (1/9)');
});

test('who was put out has left and can enter again', async () => {
  const r = room();
  await r.enter({ members: [member('ann')] });
  r.lines();
  await r.push({ type: 'removed', data: { reason: 'banned', exitReason: 1 } });
  assert.deepEqual(r.lines(), ['DISCONNECTED', 'removed banned']);
  r.socket.break(1000);
  await r.enter();
  assert.equal(r.session.state, 'CONNECTED');
  assert.equal(r.sockets.length, 2, 'nobody tried to come back meanwhile');
});

// Outages
