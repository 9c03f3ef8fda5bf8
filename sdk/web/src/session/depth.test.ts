import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Depth } from './depth.js';

/** A network that loses a share which depends on how much is sent, and reports it each second. */
function network(lost: (earlier: number) => number) {
  const depth = new Depth();
  let now = 0;
  let before = 0;
  const run = (seconds: number, loss = lost): number => {
    for (let second = 0; second < seconds; second += 1) {
      now += 1000;
      // Half of a report is about the time before the last one.
      const seen = (loss(before) + loss(depth.earlier)) / 2;
      before = depth.earlier;
      depth.report(now, seen);
    }
    return depth.earlier;
  };
  return run;
}

test('the more is lost, the more is repeated', () => {
  const asked = [0, 0.01, 0.02, 0.1, 0.2, 0.5, 0.65, 0.75, 0.8, 1].map((loss) => network(() => loss)(10));
  assert.deepEqual(asked, [0, 0, 1, 2, 3, 7, 12, 17, 17, 17]);
});

test('random loss is answered at once, and forgotten when it is over', () => {
  const run = network(() => 0.75);
  assert.equal(run(1), 7);
  assert.equal(run(3), 17);
  assert.equal(run(3, () => 0), 17, 'three good reports say little');
  assert.equal(run(1, () => 0), 0);
});

test('a full pipe is not filled further', () => {
  const full = (earlier: number) => 1 - 0.9 / (earlier + 1);
  const run = network(full);
  let deep = 0;
  for (let second = 0; second < 300; second += 1) deep += run(1) > 0 ? 1 : 0;
  assert.ok(deep >= 2 && deep <= 20, `${deep} of 300 reports found it deep`);
});

test('loss that grows just after more was sent is not blamed on that for long', () => {
  let loss = 0;
  const run = network(() => loss);
  const depths = [];
  for (const [share, seconds] of [[0, 20], [0.04, 1], [0.5, 4], [0.5, 3], [0.5, 60]] as const) {
    loss = share;
    depths.push(run(seconds));
  }
  assert.deepEqual(depths, [0, 1, 0, 7, 7]);
});

test('what is repeated anyway is the least there is', () => {
  const depth = new Depth(1);
  assert.equal(depth.earlier, 1);
  for (let now = 0; now < 5; now += 1) depth.report(now, 0.5);
  assert.equal(depth.earlier, 7);
  for (let now = 5; now < 10; now += 1) depth.report(now, 0);
  assert.equal(depth.earlier, 1);
});

test('nonsense is taken for no loss', () => {
  const depth = new Depth();
  for (const loss of [NaN, -1, -Infinity]) depth.report(0, loss);
  assert.equal(depth.earlier, 0);
});
