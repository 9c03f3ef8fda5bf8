// H.264 pictures with messages in them (ITU-T H.264, 7.3.2.3 and D.2): put in, taken out, and told from their repetitions.
// One function that refers to nothing outside of itself: its text also runs in a worker.

/** A message of type 243 (bare bytes) or 5 (user data that begins with a UUID of 16 bytes). */
export interface SeiMessage {
  type: number;
  data: Uint8Array;
}

export interface SeiFrames {
  /** The picture with the messages in it; the picture itself where it has no slice to put them before. */
  insert(picture: Uint8Array, messages: SeiMessage[]): Uint8Array;
  /** The messages in a picture. Other kinds are left out, and so is what is damaged. */
  extract(picture: Uint8Array): SeiMessage[];
  /**
   * A memory for the pictures of one line: of each picture's messages (call it for all of them) those that were not on one of
   * the three before. Senders may repeat a message on pictures that follow each other.
   */
  repeats(): (messages: SeiMessage[]) => SeiMessage[];
}

export function seiFrames(): SeiFrames {
  const SEI = 6;
  const TYPES = [5, 243];
  const UUID_BYTES = 16;
  const MOST_IN_A_PICTURE = 16;
  const REPEATED_WITHIN = 3;

  /** Where each unit begins and ends, without start codes (Annex B), and where its start code begins. */
  function units(picture: Uint8Array): { code: number; from: number; to: number }[] {
    const found: { code: number; from: number; to: number }[] = [];
    for (let i = 0; i + 2 < picture.length; ) {
      if (picture[i] !== 0 || picture[i + 1] !== 0 || picture[i + 2] !== 1) {
        i += 1;
        continue;
      }
      const code = i > 0 && picture[i - 1] === 0 ? i - 1 : i;
      const before = found[found.length - 1];
      if (before) before.to = code;
      found.push({ code, from: i + 3, to: picture.length });
      i += 3;
    }
    return found;
  }

  function kind(picture: Uint8Array, at: number): number {
    return (picture[at] ?? 0) & 0x1f;
  }

  /** A message as a unit of its own. */
  function unit(message: SeiMessage): number[] {
    const { type, data } = message;
    const payload: number[] = [type];
    let length = data.length;
    for (; length >= 255; length -= 255) payload.push(255);
    payload.push(length);
    for (const byte of data) payload.push(byte);
    payload.push(0x80);
    const out = [0, 0, 0, 1, SEI];
    let zeros = 0;
    for (const byte of payload) {
      // Emulation prevention (7.4.1): no start code may come to be within a unit.
      if (zeros >= 2 && byte <= 3) {
        out.push(3);
        zeros = 0;
      }
      out.push(byte);
      zeros = byte === 0 ? zeros + 1 : 0;
    }
    return out;
  }

  function unescaped(picture: Uint8Array, from: number, to: number): Uint8Array {
    const out = new Uint8Array(to - from);
    let length = 0;
    let zeros = 0;
    for (let i = from; i < to; i += 1) {
      const byte = picture[i] as number;
      if (zeros >= 2 && byte === 3) {
        zeros = 0;
        continue;
      }
      out[length] = byte;
      length += 1;
      zeros = byte === 0 ? zeros + 1 : 0;
    }
    return out.subarray(0, length);
  }

  function read(payload: Uint8Array, messages: SeiMessage[]): void {
    let at = 0;
    const number = (): number => {
      let sum = 0;
      while (payload[at] === 255) {
        sum += 255;
        at += 1;
      }
      const last = payload[at];
      at += 1;
      return last === undefined ? Infinity : sum + last;
    };
    while (at + 2 < payload.length && messages.length < MOST_IN_A_PICTURE) {
      const type = number();
      const length = number();
      if (at + length > payload.length) return;
      const data = payload.slice(at, at + length);
      at += length;
      if (TYPES.indexOf(type) >= 0 && (type !== 5 || length >= UUID_BYTES)) messages.push({ type, data });
    }
  }

  return {
    insert(picture, messages) {
      const slice = units(picture).find(({ from }) => kind(picture, from) >= 1 && kind(picture, from) <= 5);
      if (!slice) return picture;
      const added = Uint8Array.from(messages.reduce<number[]>((bytes, message) => bytes.concat(unit(message)), []));
      const out = new Uint8Array(picture.length + added.length);
      out.set(picture.subarray(0, slice.code));
      out.set(added, slice.code);
      out.set(picture.subarray(slice.code), slice.code + added.length);
      return out;
    },

    extract(picture) {
      const messages: SeiMessage[] = [];
      for (const { from, to } of units(picture)) {
        if (kind(picture, from) === SEI) read(unescaped(picture, from + 1, to), messages);
      }
      return messages;
    },

    repeats() {
      let picture = 0;
      const last: { [key: string]: number } = Object.create(null) as { [key: string]: number };
      return (messages) => {
        picture += 1;
        for (const key of Object.keys(last)) if (picture - (last[key] as number) > REPEATED_WITHIN) delete last[key];
        return messages.filter(({ type, data }) => {
          const key = `${type}:${String.fromCharCode.apply(null, data as unknown as number[])}`;
          const before = last[key];
          last[key] = picture;
          // Twice on one picture is two messages; on two pictures it is a repetition.
          return before === undefined || before === picture;
        });
      };
    },
  };
}
