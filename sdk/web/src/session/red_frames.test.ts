import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redFrames, type RedFrames } from './red_frames.js';

const OPUS = 111;
const FRAME = 960;

/** What a browser makes: the packet with at most one before it. */
function made(payload: number[], before?: { offset: number; payload: number[] }): Uint8Array {
  if (!before) return Uint8Array.from([OPUS, ...payload]);
  const word = (before.offset << 10) | before.payload.length;
  return Uint8Array.from([0x80 | OPUS, word >> 16, (word >> 8) & 0xff, word & 0xff, OPUS, ...before.payload, ...payload]);
}

/** Offsets and payloads, the oldest first, read by the letter of the standard. */
function read(packet: Uint8Array): { offset: number; type: number; payload: number[] }[] {
  const heads: { offset: number; type: number; length: number }[] = [];
  let at = 0;
  for (; (packet[at] as number) & 0x80; at += 4) {
    const [type, a, b, c] = packet.slice(at, at + 4) as unknown as [number, number, number, number];
    heads.push({ type: type & 0x7f, offset: (a << 6) | (b >> 2), length: ((b & 3) << 8) | c });
  }
  const last = { type: packet[at] as number, offset: 0, length: packet.length };
  at += 1;
  return [...heads, last].map(({ type, offset, length }) => {
    const payload = [...packet.slice(at, at + length)];
    at += length;
    return { offset, type, payload };
  });
}

/** Says packets 0 to `count - 1` of `bytes` bytes each, 20 ms each; the last one wrapped. */
function say(frames: RedFrames, count: number, { earlier = 0, bytes = 3, first = 0 } = {}): Uint8Array {
  let last = new Uint8Array();
  for (let n = 0; n < count; n += 1) {
    const of = (i: number) => Array<number>(bytes).fill(i);
    last = frames.wrap(
      made(of(n), n > 0 ? { offset: FRAME, payload: of(n - 1) } : undefined),
      (first + n * FRAME) >>> 0,
      earlier,
    ) as Uint8Array<ArrayBuffer>;
  }
  return last;
}

const heard = (packet: Uint8Array) => read(packet).map(({ offset, payload }) => [offset / FRAME, payload[0]]);

test('a packet carries those before it, the oldest first, and each as it was', () => {
  const packet = say(redFrames(), 6, { earlier: 3 });
  assert.deepEqual(heard(packet), [
    [3, 2],
    [2, 3],
    [1, 4],
    [0, 5],
  ]);
  assert.ok(read(packet).every(({ type, payload }) => type === OPUS && payload.length === 3));
});

test('what the browser made is sent as it is where that is enough', () => {
  for (const earlier of [0, 1]) {
    const frames = redFrames();
    say(frames, 4);
    const packet = made([4], { offset: FRAME, payload: [3] });
    assert.equal(frames.wrap(packet, 4 * FRAME, earlier), packet, 'not even copied');
  }
  assert.deepEqual(heard(say(redFrames(), 1, { earlier: 5 })), [[0, 0]], 'there was none before the first');
});

test('nothing goes further back than headers can say', () => {
  const packet = read(say(redFrames(), 40, { earlier: 100 }));
  assert.equal(packet.length, 18);
  assert.equal(packet[0]?.offset, 17 * FRAME, 'of 16383 at most');
});

test('the clock of RTP begins anew in between', () => {
  assert.deepEqual(heard(say(redFrames(), 5, { earlier: 3, first: 2 ** 32 - 2 * FRAME })), [
    [3, 1],
    [2, 2],
    [1, 3],
    [0, 4],
  ]);
});

test('a pause ends what is repeated, and a short one is only further back', () => {
  const frames = redFrames();
  say(frames, 3);
  const short = frames.wrap(made([3]), 12 * FRAME, 2);
  assert.deepEqual(heard(short), [
    [11, 1],
    [10, 2],
    [0, 3],
  ]);
  assert.deepEqual(heard(frames.wrap(made([4]), 60 * FRAME, 5)), [[0, 4]]);
  assert.deepEqual(heard(frames.wrap(made([5]), 61 * FRAME, 5)), [
    [1, 4],
    [0, 5],
  ]);
});

test('what a header cannot say ends it as well: a length of more than 10 bits, a time that is not before', () => {
  const frames = redFrames();
  say(frames, 2);
  frames.wrap(made(Array<number>(1024).fill(7)), 2 * FRAME, 0);
  assert.deepEqual(heard(frames.wrap(made([8]), 3 * FRAME, 5)), [[0, 8]], 'none is left out in between');
  assert.deepEqual(heard(frames.wrap(made([9]), 3 * FRAME, 5)), [[0, 9]]);
});

test('a packet stays within what networks take, whatever the codec makes', () => {
  for (const bytes of [1, 60, 100, 320, 900, 1023]) {
    const packet = say(redFrames(), 30, { earlier: 17, bytes });
    assert.ok(packet.length <= Math.max(1000, 5 + 2 * bytes), `${packet.length} of ${bytes}`);
    assert.equal(read(packet).at(-1)?.payload.length, bytes);
  }
  assert.equal(read(say(redFrames(), 30, { earlier: 17, bytes: 100 })).length, 9);
});

test('what is no RED payload is sent as it is, and nothing is counted across it', () => {
  for (const broken of [[], [0xff], [0xef, 0x0f, 0, 41], [0xef, 0x0f, 0, 41, 111, 1]]) {
    const frames = redFrames();
    say(frames, 3);
    const packet = Uint8Array.from(broken);
    assert.equal(frames.wrap(packet, 3 * FRAME, 2), packet);
    assert.deepEqual(heard(frames.wrap(made([4]), 4 * FRAME, 2)), [[0, 4]]);
  }
});
