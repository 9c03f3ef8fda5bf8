// Sound that carries what was said before it (RFC 2198): what a browser wrapped once is wrapped anew, with more.
// One function that refers to nothing outside of itself: its text also runs in a worker.

/** Wraps the packets of one line, in the order they are sent and without one left out: receivers count back. */
export interface RedFrames {
  /**
   * The RED payload `packet`, which was said at `time` (RTP timestamp), with as many of the packets before it as `earlier`
   * says, none left out in between. Fewer where they are too long, too old, or would make it too large; and the packet itself,
   * as the browser made it, where that carries as many already or is no RED payload.
   */
  wrap(packet: Uint8Array, time: number, earlier: number): Uint8Array;
}

export function redFrames(): RedFrames {
  /** What headers can say: 14 bits of timestamp and 10 of length (section 3). */
  const MOST_OFFSET = (1 << 14) - 1;
  const MOST_LENGTH = (1 << 10) - 1;
  /** As far as the offset reaches with packets of 20 ms; the engine reads no more. */
  const MOST_EARLIER = 17;
  /** Bytes of a payload: 400 kbit/s with packets of 20 ms, and with all headers less than any network takes. */
  const MOST_BYTES = 1000;

  /** The newest first. */
  let sent: { time: number; type: number; payload: Uint8Array }[] = [];

  /** The packet's own sound, with the number of packets that are repeated beside it; null where it is cut short. */
  function newest(packet: Uint8Array): { type: number; payload: Uint8Array; earlier: number } | null {
    let at = 0;
    let skipped = 0;
    let earlier = 0;
    for (;;) {
      const first = packet[at];
      if (first === undefined) return null;
      if ((first & 0x80) === 0) {
        const from = at + 1 + skipped;
        return from > packet.length ? null : { type: first, payload: packet.slice(from), earlier };
      }
      const [high, low] = [packet[at + 2], packet[at + 3]];
      if (high === undefined || low === undefined) return null;
      skipped += ((high & 0x03) << 8) | low;
      earlier += 1;
      at += 4;
    }
  }

  return {
    wrap(packet, time, earlier) {
      const own = newest(packet);
      if (!own) {
        // Whatever it is, receivers count it.
        sent = [];
        return packet;
      }
      const { type, payload } = own;
      const before = sent;
      sent = [{ time, type, payload }, ...before].slice(0, MOST_EARLIER);
      let count = 0;
      let length = 1 + payload.length;
      for (const { time: said, payload: old } of before.slice(0, earlier)) {
        const offset = (time - said) >>> 0;
        if (offset === 0 || offset > MOST_OFFSET || old.length > MOST_LENGTH || length + 4 + old.length > MOST_BYTES) break;
        length += 4 + old.length;
        count += 1;
      }
      if (count <= own.earlier) return packet;
      const out = new Uint8Array(length);
      let header = 0;
      let body = 4 * count + 1;
      for (let i = count - 1; i >= 0; i -= 1) {
        const old = before[i] as (typeof before)[number];
        const word = ((time - old.time) << 10) | old.payload.length;
        out.set([0x80 | old.type, (word >> 16) & 0xff, (word >> 8) & 0xff, word & 0xff], header);
        out.set(old.payload, body);
        header += 4;
        body += old.payload.length;
      }
      out[header] = type;
      out.set(payload, body);
      return out;
    },
  };
}
