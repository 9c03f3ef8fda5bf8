import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Arrivals, ARRIVALS_MS } from './arrivals.js';

/** Two lines, of which those that are named bring something between two looks. */
function play() {
  const arrivals = new Arrivals();
  const packets = new Map<string, number>();
  let now = 0;
  return (times: number, ...bring: string[]) => {
    const hushes = [];
    for (let i = 1; i <= times; i += 1) {
      now += ARRIVALS_MS;
      for (const mid of bring) packets.set(mid, now);
      if (arrivals.look(now, { lines: ['1', '2'], lastPacket: (mid) => packets.get(mid) ?? null })) hushes.push(i);
    }
    return hushes;
  };
}

test('a silence after a steady stream is told once', () => {
  const look = play();
  assert.deepEqual(look(20, '1', '2'), []);
  assert.deepEqual(look(40), [3]);
  assert.deepEqual(look(20, '2'), []);
  assert.deepEqual(look(40), [3]);
});

test('while one line brings something the other may be silent', () => {
  const look = play();
  look(20, '1', '2');
  assert.deepEqual(look(40, '2'), []);
});

test('what came only now and then is no loss', () => {
  const look = play();
  look(3, '1');
  assert.deepEqual(look(40), []);
});

test('somebody who stops sending is no silence where nothing is expected', () => {
  const arrivals = new Arrivals();
  for (let now = 0; now < 5000; now += ARRIVALS_MS) arrivals.look(now, { lines: ['1'], lastPacket: () => now });
  for (let now = 5000; now < 20_000; now += ARRIVALS_MS) {
    assert.equal(arrivals.look(now, { lines: [], lastPacket: () => 0 }), false);
  }
});
