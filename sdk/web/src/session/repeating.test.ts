import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Repeating } from './repeating.js';
import { FakeTransport } from './room.fake.js';

const transport = (number = 1) => new FakeTransport({}, number, 8, () => {});

/** The engine says, second by second, that so much was lost. */
async function report(repeating: Repeating, to: FakeTransport, losses: number[], from = 1): Promise<void> {
  for (const [i, loss] of losses.entries()) {
    to.loss = { at: (from + i) * 1000, loss };
    await repeating.adjust(to);
  }
}

test('what the engine reports is answered, and without loss the browser is left alone', async () => {
  const [repeating, to] = [new Repeating(), transport()];
  await report(repeating, to, [0, 0, 0.5, 0.5, 0.5, 0, 0, 0, 0]);
  assert.deepEqual(to.repeated, [1, 1, 7, 7, 7, 7, 7, 7, 1]);
});

test('a report is taken once, however often it is read', async () => {
  const [repeating, to] = [new Repeating(), transport()];
  await report(repeating, to, [0.5]);
  to.loss = { at: 1000, loss: 0 };
  for (let i = 0; i < 10; i += 1) await repeating.adjust(to);
  assert.deepEqual(to.repeated, [7]);
});

test('a new peer connection may take another way, and begins anew', async () => {
  const [repeating, to, next] = [new Repeating(), transport(), transport(2)];
  await report(repeating, to, [0.5]);
  await report(repeating, next, [0]);
  assert.deepEqual([to.repeated, next.repeated], [[7], [1]]);
});

test('where sound cannot be repeated nothing is measured', async () => {
  const to = transport();
  to.spokenLoss = () => assert.fail('asked for statistics');
  await new Repeating().adjust(to);
  assert.deepEqual(to.repeated, []);
});
