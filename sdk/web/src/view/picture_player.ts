// One <video> in one element (or in none, for snapshots and first frames). It plays what it is given and tells what happens to it.

import type { FillMode } from '../api/config.js';
import { autoplay, isAutoplayRefusal, type BlockedPlayer } from './autoplay.js';

/** How a picture is shown. */
export interface Look {
  fillMode: FillMode;
  mirror: boolean;
  /** Address of a picture shown until the first frame. */
  poster: string;
}

/** What a player tells. */
export interface PlayerEvents {
  onFrame(width: number, height: number): void;
  onSize(width: number, height: number): void;
  onPlaying(): void;
  onPaused(): void;
  /** The browser wants a gesture first. */
  onBlocked(resume: () => Promise<void>): void;
}

export class PicturePlayer {
  readonly #events: PlayerEvents;
  readonly #box: HTMLDivElement;
  readonly #video: HTMLVideoElement;
  readonly #blocked: BlockedPlayer;
  #track: MediaStreamTrack | null = null;
  #closed = false;

  /** `element` gets the player as its last child; null keeps it out of the page. */
  constructor(element: HTMLElement | null, look: Look, dialog: boolean, events: PlayerEvents) {
    this.#events = events;
    this.#box = document.createElement('div');
    this.#video = document.createElement('video');
    this.#blocked = { play: () => this.#video.play(), dialog };
    Object.assign(this.#box.style, {
      position: 'relative',
      width: '100%',
      height: '100%',
      overflow: 'hidden',
      background: '#000',
    });
    Object.assign(this.#video.style, { display: 'block', width: '100%', height: '100%' });
    const video = this.#video;
    // Attributes as well as properties: iOS looks at the attributes. The sound of a stream is played elsewhere.
    for (const name of ['playsinline', 'autoplay', 'muted', 'webkit-playsinline']) video.setAttribute(name, '');
    video.muted = true;
    video.autoplay = true;
    video.playsInline = true;
    video.disableRemotePlayback = true;
    video.addEventListener('playing', this.#onPlaying);
    video.addEventListener('pause', this.#onPause);
    video.addEventListener('resize', this.#onResize);
    this.setLook(look);
    this.#box.append(video);
    element?.append(this.#box);
    autoplay.listen();
  }

  setLook(look: Look): void {
    const { style } = this.#video;
    style.objectFit = look.fillMode;
    style.transform = look.mirror ? 'scaleX(-1)' : '';
    if (look.poster) this.#video.poster = look.poster;
    else this.#video.removeAttribute('poster');
  }

  /** Plays the track from now on; null shows nothing (the poster, if there is one). */
  setTrack(track: MediaStreamTrack | null): void {
    if (this.#closed || this.#track === track) return;
    this.#track = track;
    this.#video.srcObject = track ? new MediaStream([track]) : null;
    // An emptied element keeps its last frame in some browsers until it loads again.
    if (!track) this.#video.load();
    else {
      this.#awaitFrame(track);
      this.#play();
    }
  }

  get playing(): boolean {
    return this.#track !== null && !this.#video.paused && this.#video.videoWidth > EMPTY_SIDE;
  }

  /** The shown frame as a PNG data URL, in the size it came in; "" while nothing is shown. */
  snapshot(): string {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (!this.#track || width <= EMPTY_SIDE) return '';
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    canvas.getContext('2d')?.drawImage(this.#video, 0, 0, width, height);
    return canvas.toDataURL('image/png');
  }

  close(): void {
    this.#closed = true;
    this.#track = null;
    autoplay.remove(this.#blocked);
    const video = this.#video;
    video.removeEventListener('playing', this.#onPlaying);
    video.removeEventListener('pause', this.#onPause);
    video.removeEventListener('resize', this.#onResize);
    video.srcObject = null;
    this.#box.remove();
  }

  #play(): void {
    void this.#video.play().then(
      () => autoplay.remove(this.#blocked),
      (error: unknown) => {
        if (this.#closed || !isAutoplayRefusal(error)) return;
        autoplay.add(this.#blocked);
        this.#events.onBlocked(() => this.#blocked.play().then(() => autoplay.remove(this.#blocked)));
      },
    );
  }

  /** The next frame of this track that is painted. */
  #awaitFrame(track: MediaStreamTrack): void {
    this.#video.requestVideoFrameCallback?.((_now, frame) => {
      if (!this.#closed && this.#track === track) this.#events.onFrame(frame.width, frame.height);
    });
  }

  /** What is not painted (a page in the background, an element not shown) gets no frame callback; its size stands in for it. */
  #tellUnpainted(): void {
    const track = this.#track;
    const tell = (): void => {
      const { videoWidth: width, videoHeight: height } = this.#video;
      if (!this.#closed && track && this.#track === track && width > EMPTY_SIDE) this.#events.onFrame(width, height);
    };
    if (document.visibilityState === 'visible' && typeof this.#video.requestVideoFrameCallback === 'function') {
      setTimeout(tell, PAINT_MS);
    } else {
      tell();
    }
  }

  readonly #onPlaying = (): void => {
    autoplay.remove(this.#blocked);
    if (this.#track) this.#events.onPlaying();
  };

  /** Nobody pauses these players on purpose: browsers do when an element is moved in the page or the page is hidden. */
  readonly #onPause = (): void => {
    if (this.#closed || !this.#track) return;
    this.#events.onPaused();
    this.#play();
  };

  readonly #onResize = (): void => {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (!this.#track || width <= EMPTY_SIDE) return;
    this.#events.onSize(width, height);
    this.#tellUnpainted();
  };
}

/** A painted frame is called back sooner than this after its size came. */
const PAINT_MS = 500;
/** Chromium gives a stream this size before its first frame. */
const EMPTY_SIDE = 2;
