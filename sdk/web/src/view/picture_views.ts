// One stream's picture in all the elements the application named, and the events of playing it. Where the track comes from is not its
// business.

import type { Emit } from '../api/emitter.js';
import type { PlayerState, TRTCStreamType } from '../api/constants.js';
import { EVENT } from '../api/constants.js';
import { PicturePlayer, type Look } from './picture_player.js';

/** What pictures share within an instance. */
export interface Stage {
  readonly emit: Emit;
  /** Whether the user is asked by a dialog when the browser wants a gesture first. */
  readonly dialog: boolean;
}

export class PictureViews {
  readonly #stage: Stage;
  readonly #userId: string;
  readonly #streamType: TRTCStreamType;
  /** The key null is a player outside of the page: it stands in while there is no element. */
  readonly #players = new Map<HTMLElement | null, PicturePlayer>();
  #look: Look = { fillMode: 'cover', mirror: false, poster: '' };
  #track: MediaStreamTrack | null = null;
  #state: PlayerState = 'STOPPED';
  #framed = false;
  #size = { width: 0, height: 0 };
  #blocked = false;

  /** `userId` is "" for one's own pictures. */
  constructor(stage: Stage, userId: string, streamType: TRTCStreamType) {
    this.#stage = stage;
    this.#userId = userId;
    this.#streamType = streamType;
  }

  get elements(): HTMLElement[] {
    return [...this.#players.keys()].filter((it) => it !== null);
  }

  /** Shows the picture in these elements and in no others. */
  setElements(elements: HTMLElement[]): void {
    const wanted: (HTMLElement | null)[] = elements.length > 0 ? elements : [null];
    for (const [element, player] of this.#players) {
      if (wanted.includes(element)) continue;
      player.close();
      this.#players.delete(element);
    }
    for (const element of wanted) {
      if (this.#players.has(element)) continue;
      const player = new PicturePlayer(element, this.#look, this.#stage.dialog, this.#events);
      this.#players.set(element, player);
      player.setTrack(this.#track);
    }
  }

  setLook(look: Look): void {
    this.#look = look;
    for (const player of this.#players.values()) player.setLook(look);
  }

  /** Plays another track, or none. The first frame is told once for each time the stream begins to be played. */
  setTrack(track: MediaStreamTrack | null): void {
    if (this.#track === track) return;
    this.#track?.removeEventListener('mute', this.#onMute);
    this.#track?.removeEventListener('unmute', this.#onUnmute);
    this.#track = track;
    if (this.#players.size === 0) this.setElements([]);
    track?.addEventListener('mute', this.#onMute);
    track?.addEventListener('unmute', this.#onUnmute);
    for (const player of this.#players.values()) player.setTrack(track);
    if (!track) {
      this.#framed = false;
      this.#blocked = false;
      this.#setState('STOPPED', 'ended');
    }
  }

  snapshot(): string {
    for (const player of this.#players.values()) {
      const picture = player.snapshot();
      if (picture) return picture;
    }
    return '';
  }

  /** Stops playing and takes every player out of the page. */
  close(): void {
    this.setTrack(null);
    for (const player of this.#players.values()) player.close();
    this.#players.clear();
  }

  #setState(state: PlayerState, reason: string): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#stage.emit(EVENT.VIDEO_PLAY_STATE_CHANGED, { userId: this.#userId, streamType: this.#streamType, state, reason });
  }

  /** A track without packets is muted. A slot's track is so before its first packet, too: that is no pause. */
  readonly #onMute = (): void => {
    if (this.#state === 'PLAYING') this.#setState('PAUSED', 'mute');
  };

  readonly #onUnmute = (): void => {
    if (this.#state === 'PAUSED') this.#setState('PLAYING', 'unmute');
  };

  readonly #events = {
    onFrame: (width: number, height: number): void => {
      this.#size = { width, height };
      if (this.#framed) return;
      this.#framed = true;
      this.#stage.emit(EVENT.FIRST_VIDEO_FRAME, { userId: this.#userId, streamType: this.#streamType, width, height });
    },
    onSize: (width: number, height: number): void => {
      const { width: wasWidth, height: wasHeight } = this.#size;
      if (wasWidth === width && wasHeight === height) return;
      this.#size = { width, height };
      // The size of the first frame is no change.
      if (!this.#framed || wasWidth === 0) return;
      const { userId, streamType } = { userId: this.#userId, streamType: this.#streamType };
      this.#stage.emit(EVENT.VIDEO_SIZE_CHANGED, { userId, streamType, newWidth: width, newHeight: height });
    },
    onPlaying: (): void => {
      this.#blocked = false;
      this.#setState('PLAYING', 'playing');
    },
    onPaused: (): void => this.#setState('PAUSED', 'pause'),
    onBlocked: (resume: () => Promise<void>): void => {
      if (this.#blocked) return;
      this.#blocked = true;
      const mediaType = this.#streamType === 'sub' ? 'screen' : 'video';
      this.#stage.emit(EVENT.AUTOPLAY_FAILED, { userId: this.#userId, mediaType, resume });
    },
  };
}
