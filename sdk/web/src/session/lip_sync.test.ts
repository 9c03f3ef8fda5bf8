import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aheadBy, LipSync, nextHold, type Playout } from './lip_sync.js';
import type { TransportLike } from './transport.js';

/** A browser with jitter buffers of its own, which are not emptied below what the network needs. */
class Buffers {
  readonly held = new Map<string, number>();
  needs: Record<string, number> = {};

  get transport(): TransportLike {
    return {
      playouts: async () =>
        new Map(['3', '4'].map((mid): [string, Playout] => [mid, { captured: 5_000_000 - this.delay(mid), at: 0 }])),
      holdBack: (mid: string, ms: number) => this.held.set(mid, ms),
    } as Partial<TransportLike> as TransportLike;
  }

  delay(mid: string): number {
    return Math.max(this.needs[mid] ?? 0, this.held.get(mid) ?? 0);
  }
}

const lines = { audio: '3', video: '4' };

test('the picture is ahead when it was captured later than the sound that is heard with it', () => {
  assert.equal(aheadBy({ captured: 1000, at: 7000 }, { captured: 1050, at: 7010 }), 40);
});

test('an early picture is held back until it is beside its sound, in a few steps', async () => {
  const buffers = new Buffers();
  buffers.needs = { 3: 70, 4: 15 };
  const sync = new LipSync();
  const { transport } = buffers;
  for (let i = 0; i < 4; i += 1) await sync.adjust(transport, [lines]);
  assert.ok(Math.abs(buffers.delay('3') - buffers.delay('4')) <= 10, `${buffers.delay('4')} beside ${buffers.delay('3')}`);
  assert.equal(buffers.held.get('3'), 0, 'the sound is not touched');
});

test('when the picture needs longer, its hold goes and the sound is held instead', async () => {
  const buffers = new Buffers();
  buffers.needs = { 3: 70, 4: 15 };
  const sync = new LipSync();
  const { transport } = buffers;
  for (let i = 0; i < 4; i += 1) await sync.adjust(transport, [lines]);
  buffers.needs = { 3: 40, 4: 120 };
  for (let i = 0; i < 8; i += 1) await sync.adjust(transport, [lines]);
  assert.equal(buffers.held.get('4'), 0);
  assert.ok(Math.abs(buffers.delay('3') - buffers.delay('4')) <= 10, `${buffers.delay('3')} beside ${buffers.delay('4')}`);
});

test('a large offset is taken away in steps that are not seen, a nonsensical one not at all', () => {
  assert.equal(nextHold(0, 300), 80);
  assert.equal(nextHold(390, 300), 400);
  assert.equal(nextHold(20, 4), 20);
  assert.equal(nextHold(20, 1e9), 20);
});

test('who is no longer seen is not held back any more', async () => {
  const buffers = new Buffers();
  buffers.needs = { 3: 70, 4: 15 };
  const sync = new LipSync();
  const { transport } = buffers;
  await sync.adjust(transport, [lines]);
  assert.notEqual(buffers.held.get('4'), 0);
  await sync.adjust(transport, []);
  assert.equal(buffers.held.get('4'), 0);
});
