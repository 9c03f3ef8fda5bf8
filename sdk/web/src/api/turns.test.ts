import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns, type Turn } from './turns.js';

test('calls wait for those before them, also for those that fail', async () => {
  const turns = new Turns();
  const order: string[] = [];
  const gate = deferred();
  const first = turns.take('first', async () => {
    await gate.promise;
    order.push('first');
    throw new Error('first failed');
  });
  const second = turns.take('second', async () => order.push('second'));
  gate.resolve();
  await assert.rejects(first, /first failed/);
  await second;
  assert.deepEqual(order, ['first', 'second']);
});

test('a counterpart ends a call at once, and the work finds out where it looks', async () => {
  const turns = new Turns();
  const gate = deferred();
  const begun = deferred();
  let cleaned = false;
  const start = turns.take('startLocalVideo', async (turn: Turn) => {
    begun.resolve();
    await gate.promise;
    cleaned = turn.over;
    turn.check();
  });
  const update = turns.take('updateLocalVideo', async () => assert.fail('it was ended before its turn'));
  await begun.promise;
  turns.end('stopLocalVideo');
  for (const call of [start, update]) await assert.rejects(call, { code: 5998, message: /stopLocalVideo/ });
  gate.resolve();
  const later = await turns.take('startLocalVideo', async () => 'started again');
  assert.equal(later, 'started again');
  assert.equal(cleaned, true);
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
