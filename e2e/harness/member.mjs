// A member: a page with the Web SDK in it, every event of which is written down in order.
import assert from 'node:assert/strict';

/** Runs in the page before anything else: creates the SDK's instance and records its events. */
function record(options) {
  const trtc = TRTC.create(options);
  const events = [];
  const wake = new Set();
  const plain = (value) => {
    if (value instanceof ArrayBuffer) return { text: new TextDecoder().decode(value) };
    if (value instanceof Error) return { name: value.name, code: value.code, extraCode: value.extraCode, message: value.message };
    if (value instanceof MediaStreamTrack) return { kind: value.kind, id: value.id };
    if (Array.isArray(value)) return value.map(plain);
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
    return typeof value === 'function' ? undefined : value;
  };
  for (const [name, event] of Object.entries(TRTC.EVENT)) {
    trtc.on(event, (data) => {
      events.push({ at: Date.now(), name, data: plain(data) ?? {} });
      for (const look of wake) look();
    });
  }
  window.member = { trtc, events, wake, views: new Map(), taps: new Map() };
}

export class Member {
  /** @param {import('playwright-core').Browser} browser @param {import('./engine.mjs').Engine} engine */
  static async open(browser, engine, userId, options = {}) {
    const member = new Member();
    Object.assign(member, { engine, userId });
    // A context of its own: nobody shares storage or a process with another member.
    member.context = await browser.newContext({ permissions: ['camera', 'microphone'], locale: options.locale ?? 'en-US' });
    member.page = await member.context.newPage();
    member.errors = [];
    member.page.on('pageerror', (error) => member.errors.push(error));
    // A page that the engine itself serves: Chromium lets no made-up page talk to a loopback address.
    await member.page.goto(`${engine.url}/healthz`);
    // Such as taking something away that the browser has.
    if (options.before) await member.page.evaluate(options.before);
    await member.page.addScriptTag({ url: '/sdk/trtc.js' });
    await member.page.evaluate(record, options.create ?? {});
    return member;
  }

  /** Calls a method of the SDK; an error comes back as a value: `{error: {code, extraCode, …}}`. */
  async attempt(method, ...args) {
    return this.page.evaluate(
      async ([name, list]) => {
        try {
          const value = await window.member.trtc[name](...list);
          return { value: typeof value === 'string' || typeof value === 'number' ? value : undefined };
        } catch (error) {
          return { error: { name: error.name, code: error.code, extraCode: error.extraCode, message: error.message, functionName: error.functionName } };
        }
      },
      [method, args],
    );
  }

  /** Calls a method of the SDK that must succeed. */
  async call(method, ...args) {
    const result = await this.attempt(method, ...args);
    assert.equal(result.error, undefined, `${this.userId}.${method}: ${JSON.stringify(result.error)}`);
    return result.value;
  }

  async enter(room, options = {}) {
    return this.call('enterRoom', this.entry(room, options));
  }

  entry(room, options = {}) {
    return {
      sdkAppId: this.engine.credentials.sdk_app_id,
      userId: this.userId,
      userSig: this.engine.userSig(this.userId),
      ...(typeof room === 'number' ? { roomId: room } : { strRoomId: room }),
      scene: 'rtc',
      ...options,
    };
  }

  /** Resolves with the first event, past or to come, of this name that fits `match` (fields that must be equal). */
  async event(name, match = {}, { timeout = 15_000, after = 0 } = {}) {
    const found = await this.page.evaluate(
      ([wanted, fields, limit, from]) =>
        new Promise((resolve) => {
          const { events, wake } = window.member;
          const fits = (event) =>
            event.at >= from && event.name === wanted && Object.entries(fields).every(([k, v]) => JSON.stringify(event.data[k]) === JSON.stringify(v));
          const look = () => {
            const event = events.find(fits);
            if (!event) return;
            wake.delete(look);
            clearTimeout(timer);
            resolve(event);
          };
          const timer = setTimeout(() => {
            wake.delete(look);
            resolve(null);
          }, limit);
          wake.add(look);
          look();
        }),
      [name, match, timeout, after],
    );
    assert.ok(found, `${this.userId} never got ${name} ${JSON.stringify(match)}; it got ${JSON.stringify(await this.eventNames(), null, 0)}`);
    return found;
  }

  /** All events so far, without the periodic ones. */
  async events() {
    const periodic = ['STATISTICS', 'NETWORK_QUALITY', 'AUDIO_VOLUME', 'DEVICE_CHANGED'];
    return (await this.page.evaluate(() => window.member.events)).filter((event) => !periodic.includes(event.name));
  }

  async eventNames() {
    return (await this.events()).map((event) => `${event.name} ${Object.values(event.data).filter((v) => typeof v !== 'object').join(' ')}`.trim());
  }

  /** The events of these names only, each as `NAME field…`, in order. */
  async story(...names) {
    return (await this.events())
      .filter((event) => names.includes(event.name))
      .map((event) => {
        const { userId, streamType, reason } = event.data;
        return [event.name, userId, streamType, reason].filter((field) => field !== undefined).join(' ');
      });
  }

  async forget() {
    await this.page.evaluate(() => window.member.events.splice(0));
  }

  /** Watches somebody in a view of its own. */
  async watch(userId, streamType = 'main', option = {}) {
    await this.page.evaluate(([user, type]) => {
      const view = document.createElement('div');
      view.id = `view-${user}-${type}`;
      view.style.cssText = 'width:160px;height:120px;display:inline-block';
      document.body.append(view);
    }, [userId, streamType]);
    await this.call('startRemoteVideo', { userId, streamType, view: `view-${userId}-${streamType}`, option });
  }

  /** Waits until `count` more frames of somebody's picture were presented; returns its size. */
  async seesFrames(userId, streamType = 'main', count = 5, timeout = 15_000) {
    const seen = await this.page.evaluate(
      ([user, type, wanted, limit]) =>
        new Promise((resolve) => {
          const video = document.querySelector(`#view-${user}-${type} video`);
          if (!video) return resolve({ problem: 'there is no video element' });
          let frames = 0;
          const timer = setTimeout(() => resolve({ problem: `only ${frames} frames`, width: video.videoWidth, height: video.videoHeight }), limit);
          const next = () => {
            frames += 1;
            if (frames >= wanted) {
              clearTimeout(timer);
              resolve({ frames, width: video.videoWidth, height: video.videoHeight });
            } else video.requestVideoFrameCallback(next);
          };
          video.requestVideoFrameCallback(next);
        }),
      [userId, streamType, count, timeout],
    );
    assert.equal(seen.problem, undefined, `${this.userId} looking at ${userId} ${streamType}: ${seen.problem}`);
    return seen;
  }

  /** Writes down from now on when frames of somebody's picture are presented. */
  async notesFrames(userId, streamType = 'main') {
    await this.page.evaluate(([user, type]) => {
      const frames = ((window.member.frames ??= {})[`${user}-${type}`] = []);
      const next = () => {
        // A view whose picture comes on another line has the same element.
        document.querySelector(`#view-${user}-${type} video`)?.requestVideoFrameCallback(() => {
          frames.push(Date.now());
          next();
        });
      };
      next();
    }, [userId, streamType]);
  }

  /**
   * Waits until somebody's picture has been presented for a second without a gap of more than half a second, and gives for how many
   * milliseconds after `since` (of the clock) it was not; 0 when it never stopped.
   */
  async isSeenAgain(userId, since, streamType = 'main', timeout = 60_000) {
    const took = await this.page.evaluate(
      ([key, from, limit]) =>
        new Promise((resolve) => {
          const until = Date.now() + limit;
          const look = () => {
            // Backwards from now, as long as frames follow upon each other.
            const frames = window.member.frames[key];
            const now = Date.now();
            let began = now;
            for (let i = frames.length - 1; i >= 0 && began - frames[i] <= 500; i -= 1) began = frames[i];
            if (now - Math.max(began, from) >= 1000) resolve(Math.max(0, began - from));
            else if (now > until) resolve(null);
            else setTimeout(look, 50);
          };
          look();
        }),
      [`${userId}-${streamType}`, since, timeout],
    );
    assert.ok(took !== null, `${this.userId} never saw ${userId} ${streamType} again`);
    return took;
  }

  /** Waits until somebody's sound has been louder than `level` (peak, 0..1). */
  async hears(userId, level = 0.05, timeout = 15_000) {
    const peak = await this.page.evaluate(
      ([user, wanted, limit]) =>
        new Promise((resolve) => {
          const current = () => window.member.trtc.getAudioTrack(user === '' ? undefined : user);
          let track = null;
          const context = (window.member.audio ??= new AudioContext());
          const analyser = context.createAnalyser();
          const samples = new Float32Array(analyser.fftSize);
          const until = performance.now() + limit;
          let peak = 0;
          const look = () => {
            // Another one after a new peer connection.
            if (current() !== track) {
              track = current();
              if (track) context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
            }
            analyser.getFloatTimeDomainData(samples);
            for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
            if (peak >= wanted || performance.now() > until) resolve(peak);
            else setTimeout(look, 20);
          };
          look();
        }),
      [userId, level, timeout],
    );
    assert.ok(peak >= level, `${this.userId} listening to ${userId}: peak ${peak}`);
    return peak;
  }

  async close() {
    await this.context.close();
  }
}

/** The promise of `action` must hold within `limit` milliseconds of wall time; returns how long it took. */
export async function within(limit, what, action) {
  const start = Date.now();
  await action();
  const took = Date.now() - start;
  assert.ok(took <= limit, `${what} took ${took} ms, more than ${limit}`);
  return took;
}
