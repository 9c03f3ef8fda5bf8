// Which pictures are received: brings what the SDK does in step with what the stage wants, one call at a time a picture.

import { isQuiet } from './fault.js';

/** The picture went away while it was being asked for: its own event tells the stage. */
const GONE = new Set([5102, 5103, -102007]);
const RETRY_MS = 2000;

export class Watch {
  /** key → {want, have, busy, failedAt}; `want` and `have` are {userId, streamType, view, small} or null. */
  #pictures = new Map();
  #trtc;
  #fault;

  constructor(trtc, fault) {
    this.#trtc = trtc;
    this.#fault = fault;
  }

  /** Receives exactly these pictures: key → {userId, streamType, view, small}. */
  want(wanted) {
    for (const [key, picture] of this.#pictures) {
      if (!wanted.has(key)) picture.want = null;
    }
    for (const [key, want] of wanted) {
      const picture = this.#pictures.get(key) ?? { want: null, have: null, busy: false, failedAt: 0 };
      picture.want = want;
      this.#pictures.set(key, picture);
    }
    this.#stepAll();
  }

  /** The picture ended at its source; the SDK has stopped it by itself. */
  ended(key) {
    const picture = this.#pictures.get(key);
    if (picture) picture.have = picture.want = null;
  }

  /** The call is over; nothing is received any more. */
  clear() {
    this.#pictures.clear();
  }

  #stepAll() {
    for (const key of this.#pictures.keys()) this.#step(key);
  }

  async #step(key) {
    const picture = this.#pictures.get(key);
    if (!picture || picture.busy) return;
    picture.busy = true;
    try {
      while (!same(picture.want, picture.have) && this.#pictures.get(key) === picture) {
        const { want, have } = picture;
        if (want && Date.now() - picture.failedAt < RETRY_MS) break;
        await this.#change(picture, want, have);
      }
    } finally {
      picture.busy = false;
    }
    if (!picture.want && !picture.have && this.#pictures.get(key) === picture) this.#pictures.delete(key);
  }

  async #change(picture, want, have) {
    try {
      const moved = want && have && want.view !== have.view;
      if (have && (!want || moved)) {
        picture.have = null;
        await this.#trtc.stopRemoteVideo({ userId: have.userId, streamType: have.streamType });
      } else if (want) {
        // Set before the call, so that an end that comes meanwhile clears it.
        picture.have = want;
        const { userId, streamType, view, small } = want;
        const option = { small, fillMode: streamType === 'sub' ? 'contain' : 'cover' };
        await this.#trtc[have ? 'updateRemoteVideo' : 'startRemoteVideo']({ userId, streamType, view, option });
      }
    } catch (error) {
      if (picture.have === want) picture.have = have;
      picture.failedAt = want ? Date.now() : 0;
      if (want) setTimeout(() => this.#stepAll(), RETRY_MS + 10);
      if (!want) picture.have = null;
      if (!isQuiet(error) && !GONE.has(error?.extraCode)) this.#fault(error);
    }
  }
}

function same(a, b) {
  return a === b || (a !== null && b !== null && a.view === b.view && a.small === b.small);
}
