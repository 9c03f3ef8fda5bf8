import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Push, Snapshot, Welcome } from '../protocol.js';
import { ConnectionLost, Signaling } from './signaling.js';
import { emptySnapshot, FakeSocket, silent } from './socket.fake.js';

function connection() {
  const socket = new FakeSocket();
  const told: string[] = [];
  const signaling = new Signaling(
    socket,
    {
      onPush: (push) => told.push(`push ${push.n}`),
      onSnapshot: (snapshot) => told.push(`snapshot ${snapshot.n}`),
      onLost: () => told.push('lost'),
    },
    silent,
  );
  return { socket, told, signaling };
}

function opened(n = 0) {
  const made = connection();
  made.socket.open();
  made.signaling.begin({ snapshot: { ...emptySnapshot, n } } as Welcome);
  return made;
}

const push = (n: number): Push => ({ n, type: 'quality', data: { members: [] } });
const snapshot = (n: number): Snapshot => ({ ...emptySnapshot, n });
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('answers find their requests in any order', async () => {
  const { socket, signaling } = opened();
  const one = signaling.request({ type: 'snapshot', data: {} });
  const two = signaling.request({ type: 'view', data: { userId: 'ann', stream: 'main', layer: 'big' } });
  assert.deepEqual(
    socket.sent.map(({ id }) => id),
    [1, 2],
  );
  socket.refuse(2, 'noSuchStream', -102007, 'ann publishes no camera');
  socket.answer(1, { n: 5 });
  assert.deepEqual(await one, { n: 5 });
  await assert.rejects(two, { name: 'noSuchStream', code: -102007, message: 'ann publishes no camera', fromEngine: true });
});

test('pushes that overtake the welcome wait for it, and those in its snapshot are passed over', () => {
  const { socket, signaling, told } = connection();
  socket.open();
  for (const n of [3, 4, 5]) socket.push(push(n));
  assert.deepEqual(told, []);
  signaling.begin({ snapshot: snapshot(4) } as Welcome);
  assert.deepEqual(told, ['push 5']);
});

test('a gap asks for a snapshot, once, and goes on after it', async () => {
  const { socket, told } = opened();
  socket.push(push(1));
  socket.push(push(3));
  socket.push(push(4));
  const asked = await socket.next('snapshot');
  socket.push(push(5));
  assert.deepEqual(told, ['push 1']);
  socket.answer(asked.id, snapshot(4));
  await settled();
  assert.deepEqual(told, ['push 1', 'snapshot 4', 'push 5']);
  assert.equal(socket.sent.filter(({ type }) => type === 'snapshot').length, 1);
});

test('a push that comes twice is handed on once', () => {
  const { socket, told } = opened();
  for (const n of [1, 1, 2, 1]) socket.push(push(n));
  assert.deepEqual(told, ['push 1', 'push 2']);
});

test('a report without an answer proves the connection dead after 6 s', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { socket, signaling, told } = opened();
  const asked = signaling.request({ type: 'exit', data: {} });
  const lost = assert.rejects(asked, ConnectionLost);
  signaling.report({} as never);
  t.mock.timers.tick(5999);
  await settled();
  assert.deepEqual(told, []);
  t.mock.timers.tick(1);
  await lost;
  assert.deepEqual(told, ['lost']);
  assert.equal(socket.closed, 4000, 'the engine must not take it for a departure');
  assert.equal(signaling.isAlive, false);
});

test('an answered report keeps it alive', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { socket, signaling, told } = opened();
  signaling.report({} as never);
  socket.answer(1);
  t.mock.timers.tick(60_000);
  await settled();
  assert.deepEqual(told, []);
});

test('a request without an answer fails alone', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { signaling, told } = opened();
  const asked = signaling.request({ type: 'exit', data: {} });
  t.mock.timers.tick(10_000);
  await assert.rejects(asked, { name: 'timedOut', fromEngine: false });
  assert.deepEqual(told, []);
});

test('what breaks before it was open fails the opening and tells nothing', async () => {
  const { socket, signaling, told } = connection();
  socket.break();
  await assert.rejects(signaling.opened, ConnectionLost);
  assert.deepEqual(told, []);
});

test('leaving ends what is asked and tells nothing', async () => {
  const { socket, signaling, told } = opened();
  const asked = signaling.request({ type: 'exit', data: {} });
  signaling.close();
  await assert.rejects(asked, ConnectionLost);
  assert.equal(socket.closed, 1000);
  socket.push(push(1));
  socket.break();
  assert.deepEqual(told, []);
});

test('a message that is not JSON is passed over', () => {
  const { socket, told } = opened();
  socket.onmessage?.({ data: '{"n":1,' } as MessageEvent);
  socket.push(push(1));
  assert.deepEqual(told, ['push 1']);
});
