// The own camera, microphone and screen: their state, their devices, and the SDK calls that change them. It draws nothing.

import { recall, remember } from './memory.js';
import { isQuiet } from './fault.js';

/** What is sent at each quality: kilobits and frames a second. */
const QUALITIES = {
  '120p': { width: 160, height: 120, frameRate: 15, bitrate: 120 },
  '360p': { width: 640, height: 360, frameRate: 20, bitrate: 700 },
  '720p': { width: 1280, height: 720, frameRate: 24, bitrate: 1500 },
  '1080p': { width: 1920, height: 1080, frameRate: 24, bitrate: 2500 },
};
/** The second layer, where the first is larger than it. */
const SMALL = { width: 320, height: 180, frameRate: 15, bitrate: 150 };
const SCREENS = {
  clear: { width: 1920, height: 1080, frameRate: 12, bitrate: 2000 },
  smooth: { width: 1280, height: 720, frameRate: 30, bitrate: 3000 },
};

/** Each of `microphone`, `camera`, `screen` is off, starting or on. `change` is called after each change. */
export class LocalMedia {
  microphone = 'off';
  camera = 'off';
  screen = 'off';
  /** Microphone captured but muted: quick to come back. */
  #muted = false;
  #view = null;
  #screenView = null;
  #queues = { microphone: Promise.resolve(), camera: Promise.resolve(), screen: Promise.resolve() };
  #trtc;

  /** `change()` after each change, `fault(error, device)` for each failure. */
  constructor(trtc, { change, fault }) {
    this.#trtc = trtc;
    this.change = change;
    this.fault = fault;
    this.choices = {
      microphoneId: recall('microphone'),
      cameraId: recall('camera'),
      speakerId: recall('speaker'),
      quality: QUALITIES[recall('quality')] ? recall('quality') : (navigator.hardwareConcurrency ?? 4) > 2 ? '720p' : '360p',
      mirror: recall('mirror', '1') === '1',
      noiseSuppression: true,
      echoCancellation: true,
      autoGainControl: true,
      screenKind: 'clear',
      systemAudio: false,
    };
  }

  static qualities = Object.keys(QUALITIES);

  /** Whether this browser can share a screen at all. */
  static canShareScreen() {
    return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  }

  /** Where the own camera is shown; it moves there while it runs. */
  showCamera(view) {
    this.#view = view;
    if (this.camera === 'on') this.#do('camera', () => this.#trtc.updateLocalVideo({ view }));
  }

  /** Where the own screen is shown, from the next sharing on. */
  showScreen(view) {
    this.#screenView = view;
  }

  /** Turns the microphone on or off. Off keeps the device, unless it is to be released. */
  setMicrophone(on, { release = false } = {}) {
    return this.#do('microphone', async () => {
      const captured = this.microphone === 'on' || this.#muted;
      if (on) {
        if (this.microphone === 'on') return;
        if (this.#muted) {
          await this.#trtc.updateLocalAudio({ mute: false });
        } else {
          this.#set('microphone', 'starting');
          const config = () => ({ muteKeepVolumeDetection: true, option: this.#audioOption() });
          await this.#started('microphone', () => this.#trtc.startLocalAudio(config()));
        }
        this.#muted = false;
        this.#set('microphone', 'on');
      } else if (captured && release) {
        await this.#trtc.stopLocalAudio();
        this.#muted = false;
        this.#set('microphone', 'off');
      } else if (this.microphone === 'on') {
        await this.#trtc.updateLocalAudio({ mute: true });
        this.#muted = true;
        this.#set('microphone', 'off');
      }
    });
  }

  /** Turns the camera on or off. Off releases the device. */
  setCamera(on) {
    return this.#do('camera', async () => {
      if (on === (this.camera === 'on')) return;
      if (on) {
        this.#set('camera', 'starting');
        await this.#started('camera', () => this.#trtc.startLocalVideo({ view: this.#view, option: this.#cameraOption() }));
        this.#set('camera', 'on');
      } else {
        await this.#trtc.stopLocalVideo();
        this.#set('camera', 'off');
      }
    });
  }

  /** Starts or stops sharing the screen. The browser asks which one. */
  setScreen(on) {
    return this.#do('screen', async () => {
      if (on === (this.screen === 'on')) return;
      if (on) {
        this.#set('screen', 'starting');
        const { screenKind, systemAudio } = this.choices;
        const option = { profile: SCREENS[screenKind], qosPreference: screenKind, systemAudio };
        await this.#started('screen', () => this.#trtc.startScreenShare({ view: this.#screenView, option }));
        this.#set('screen', 'on');
      } else {
        await this.#trtc.stopScreenShare();
        this.#set('screen', 'off');
      }
    });
  }

  /** The browser's own button ended the sharing; the SDK has cleaned up. */
  screenEnded() {
    this.#set('screen', 'off');
  }

  /** Releases everything. */
  stopAll() {
    return Promise.all([this.setScreen(false), this.setCamera(false), this.setMicrophone(false, { release: true })]);
  }

  /** Takes another microphone, now and next time. */
  useMicrophone(id) {
    this.#choose('microphoneId', 'microphone', id);
    return this.#do('microphone', async () => {
      if (this.microphone === 'on' || this.#muted) await this.#trtc.updateLocalAudio({ option: { microphoneId: id } });
    });
  }

  /** Takes another camera, now and next time. */
  useCamera(id) {
    this.#choose('cameraId', 'camera', id);
    return this.#do('camera', async () => {
      if (this.camera === 'on') await this.#trtc.updateLocalVideo({ option: { cameraId: id } });
    });
  }

  /** Plays through another speaker, now and next time. */
  useSpeaker(id) {
    this.#choose('speakerId', 'speaker', id);
    return this.#do('microphone', () => TRTC.setCurrentSpeaker(id), 'speaker');
  }

  /** Sends at another quality. */
  useQuality(quality) {
    this.#choose('quality', 'quality', quality);
    return this.#do('camera', async () => {
      if (this.camera === 'on') await this.#trtc.updateLocalVideo({ option: pictureOf(quality) });
    });
  }

  /** Mirrors the own view, or not. */
  setMirror(mirror) {
    this.#choose('mirror', 'mirror', mirror);
    remember('mirror', mirror ? '1' : '0');
    return this.#do('camera', async () => {
      if (this.camera === 'on') await this.#trtc.updateLocalVideo({ option: { mirror: mirror ? 'view' : false } });
    });
  }

  /** Sets one of noiseSuppression, echoCancellation, autoGainControl. */
  setProcessing(name, on) {
    this.choices[name] = on;
    return this.#do('microphone', async () => {
      if (this.microphone === 'on' || this.#muted) await this.#trtc.updateLocalAudio({ option: { [name]: on } });
    });
  }

  /** The device in use, as its track tells it, else the one chosen. */
  currentDevice(kind) {
    const track = kind === 'microphone' ? this.#trtc.getAudioTrack() : this.#trtc.getVideoTrack();
    return track?.getSettings?.().deviceId || this.choices[`${kind}Id`];
  }

  #audioOption() {
    const { microphoneId, noiseSuppression, echoCancellation, autoGainControl } = this.choices;
    return { noiseSuppression, echoCancellation, autoGainControl, ...(microphoneId && { microphoneId }) };
  }

  #cameraOption() {
    const { cameraId, quality, mirror } = this.choices;
    const option = { ...pictureOf(quality), mirror: mirror ? 'view' : false };
    return { ...option, ...(cameraId && { cameraId }) };
  }

  /** A start that failed leaves the device off. A remembered device that is gone is forgotten, and any other taken. */
  async #started(kind, start) {
    try {
      try {
        await start();
      } catch (error) {
        const name = `${kind}Id`;
        if (!this.choices[name] || ![5301, 5304].includes(error?.extraCode)) throw error;
        this.#choose(name, kind, '');
        await start();
      }
    } catch (error) {
      this.#set(kind, 'off');
      throw error;
    }
  }

  #choose(name, memory, value) {
    this.choices[name] = value;
    remember(memory, String(value));
  }

  #set(kind, state) {
    this[kind] = state;
    this.change();
  }

  /** One call at a time for each device; a failure is told and does not stop the next call. True when it worked. */
  #do(kind, call, told = kind) {
    const run = this.#queues[kind].then(async () => {
      try {
        await call();
        return true;
      } catch (error) {
        if (!isQuiet(error)) this.fault(error, told);
        return false;
      }
    });
    this.#queues[kind] = run;
    return run;
  }
}

function pictureOf(quality) {
  const profile = QUALITIES[quality];
  return { profile, small: profile.width > SMALL.width && SMALL };
}
