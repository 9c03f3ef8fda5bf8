// The shared screen: picked, shown, published, stopped by the application or by the browser's own button.

import type { ScreenShareConfig, UpdateScreenShareConfig } from '../api/config.js';
import { EVENT, EXTRA_CODE, type TRTCStreamType } from '../api/constants.js';
import { invalidOperation } from '../api/error.js';
import { elementsOf } from '../api/rules.js';
import { Turns, type Turn } from '../api/turns.js';
import { PictureViews } from '../view/picture_views.js';
import { captureScreen } from './capture.js';
import { merged, type LocalHost, type LocalState } from './host.js';
import { OwnedTracks } from './owned_tracks.js';
import { bigEncoding, contentHint, degradation, screenProfile } from './profiles.js';
import type { Sound } from './sound.js';

export class Screen {
  readonly #host: LocalHost;
  readonly #sound: Sound;
  readonly #turns = new Turns();
  readonly #owned = new OwnedTracks();
  #state: LocalState = 'off';
  #config: ScreenShareConfig = {};
  #picture: MediaStreamTrack | null = null;
  #systemSound: MediaStreamTrack | null = null;
  #views: PictureViews | null = null;
  #told: MediaStreamTrack | null = null;

  constructor(host: LocalHost, sound: Sound) {
    this.#host = host;
    this.#sound = sound;
  }

  get started(): boolean {
    return this.#state !== 'off';
  }

  /** Where it is published: its own stream, or the camera's place. */
  get streamType(): TRTCStreamType {
    return this.#config.streamType ?? 'sub';
  }

  get source(): MediaStreamTrack | null {
    return this.#picture;
  }

  get sound(): MediaStreamTrack | null {
    return this.#systemSound;
  }

  snapshot(): string {
    return this.#views?.snapshot() ?? '';
  }

  start(config: ScreenShareConfig): Promise<void> {
    const functionName = 'startScreenShare';
    if (this.#state !== 'off') {
      const message = 'a screen is shared already; use updateScreenShare to change it, or stopScreenShare first';
      return Promise.reject(invalidOperation(functionName, EXTRA_CODE.REPEATED_CALL, message));
    }
    this.#state = 'starting';
    this.#config = { ...config, option: { ...config.option } };
    return this.#turns.take(functionName, async (turn) => {
      try {
        await this.#open(turn);
        await this.#apply(turn);
        this.#state = 'on';
      } catch (error) {
        // When it was ended by stop, that has cleaned up, and what is there now belongs to a later start.
        if (!turn.over) await this.#release(functionName);
        throw error;
      }
    });
  }

  update(config: UpdateScreenShareConfig): Promise<void> {
    const functionName = 'updateScreenShare';
    return this.#turns.take(functionName, async (turn) => {
      if (this.#state === 'off') {
        throw invalidOperation(functionName, undefined, 'no screen is shared; call startScreenShare first');
      }
      const before = this.#config;
      const option = merged(before.option ?? {}, config.option);
      // Moving it to the other stream is not possible while it is published.
      this.#config = { ...merged(before, { ...config, streamType: undefined }), option };
      const { videoTrack, audioTrack } = config.option ?? {};
      if (videoTrack && videoTrack !== this.#picture) this.#take(videoTrack, false);
      if (audioTrack && audioTrack !== this.#systemSound) this.#takeSound(audioTrack, false);
      if (config.option?.profile && !option.videoTrack) {
        const { width, height, frameRate } = screenProfile(option.profile);
        const wish = { width: { max: width }, height: { max: height }, frameRate: { max: frameRate } };
        await this.#picture
          ?.applyConstraints(wish)
          .catch((error: unknown) => this.#host.log.warn('the screen keeps its size:', error));
        turn.check();
      }
      await this.#apply(turn);
    });
  }

  /** Unpublishes and ends capturing. Always resolves. */
  stop(): Promise<void> {
    if (this.#state === 'off') return Promise.resolve();
    this.#turns.end('stopScreenShare');
    return this.#release('stopScreenShare');
  }

  async #open(turn: Turn): Promise<void> {
    const option = this.#config.option ?? {};
    if (option.videoTrack) {
      this.#take(option.videoTrack, false);
    } else {
      const { picture, sound } = await captureScreen(turn.functionName, screenProfile(option.profile), option);
      if (turn.over) for (const track of [picture, sound]) track?.stop();
      turn.check();
      this.#take(picture, true);
      if (sound) this.#takeSound(sound, true);
    }
    if (option.audioTrack) this.#takeSound(option.audioTrack, false);
  }

  #take(picture: MediaStreamTrack, owned: boolean): void {
    const former = this.#picture;
    former?.removeEventListener('ended', this.#onEnded);
    this.#picture = picture;
    this.#owned.add(picture, owned);
    picture.addEventListener('ended', this.#onEnded);
    if (former && former !== picture) this.#owned.drop(former);
  }

  #takeSound(sound: MediaStreamTrack, owned: boolean): void {
    const former = this.#systemSound;
    this.#systemSound = sound;
    this.#owned.add(sound, owned);
    if (former && former !== sound) this.#owned.drop(former);
  }

  /** The browser's own stop button, or a closed window. Not called for `stop()` of the track. */
  readonly #onEnded = (): void => {
    if (this.#state === 'off') return;
    this.#turns.end("the browser's stop button");
    void this.#release('startScreenShare');
    this.#host.emit(EVENT.SCREEN_SHARE_STOPPED);
  };

  async #apply(turn: Turn): Promise<void> {
    const [picture, sound] = [this.#picture, this.#systemSound];
    if (!picture) return;
    const { option = {}, publish = true, muteSystemAudio = false, view } = this.#config;
    const { streamType } = this;
    this.#views ??= new PictureViews(this.#host.stage, '', streamType);
    this.#views.setLook({ fillMode: option.fillMode ?? 'contain', mirror: false, poster: '' });
    this.#views.setElements(elementsOf(view));
    this.#views.setTrack(picture);
    if (this.#told !== picture) {
      this.#told = picture;
      this.#host.emit(EVENT.TRACK, { userId: '', streamType, track: picture, sourceTrack: picture });
    }
    const { width = 0, height = 0 } = picture.getSettings();
    const preference = option.qosPreference ?? 'clear';
    const systemPart = publish && sound ? { track: sound, muted: muteSystemAudio } : null;
    await Promise.all([
      this.#host.publish(turn.functionName, trackOf(streamType), publish ? picture : null, {
        big: bigEncoding(screenProfile(option.profile), width && height ? { width, height } : null),
        contentHint: contentHint(preference),
        degradationPreference: degradation(preference),
      }),
      systemPart || this.#sound.systemTrack ? this.#sound.setSystem(turn.functionName, systemPart) : undefined,
    ]);
    turn.check();
  }

  async #release(functionName: string): Promise<void> {
    this.#state = 'off';
    const [picture, sound] = [this.#picture, this.#systemSound];
    const unpublished = Promise.all([
      this.#host.publish(functionName, trackOf(this.streamType), null),
      this.#sound.systemTrack ? this.#sound.setSystem(functionName, null) : undefined,
    ]);
    picture?.removeEventListener('ended', this.#onEnded);
    this.#views?.close();
    this.#views = null;
    this.#told = null;
    this.#picture = null;
    this.#systemSound = null;
    if (picture) this.#owned.drop(picture);
    if (sound) this.#owned.drop(sound);
    await unpublished.catch((error: unknown) => this.#host.log.warn('the screen was not unpublished in order:', error));
  }
}

function trackOf(streamType: TRTCStreamType): 'camera' | 'screen' {
  return streamType === 'main' ? 'camera' : 'screen';
}
