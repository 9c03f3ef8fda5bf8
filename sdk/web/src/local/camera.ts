// The local camera: started, changed, stopped, brought back, shown and published. Opening it is capture.ts, drawing on it
// picture_transform.ts.

import type { LocalVideoConfig, VideoProfile } from '../api/config.js';
import { EVENT, EXTRA_CODE } from '../api/constants.js';
import { invalidOperation } from '../api/error.js';
import { elementsOf } from '../api/rules.js';
import { Turns, type Turn } from '../api/turns.js';
import type { LocalTrackOptions } from '../session/types.js';
import { PictureViews } from '../view/picture_views.js';
import { cameraConstraints, captureCamera, type CameraWish } from './capture.js';
import { merged, type LocalHost, type LocalState } from './host.js';
import { OwnedTracks } from './owned_tracks.js';
import { transformPicture, type Transform, type TransformedPicture } from './picture_transform.js';
import {
  bigEncoding,
  contentHint,
  degradation,
  profileFor,
  smallEncoding,
  smallProfile,
  videoProfile,
  type Size,
} from './profiles.js';
import { Recovery } from './recovery.js';
import { stillPicture, type StillPicture } from './still_picture.js';

type Option = NonNullable<LocalVideoConfig['option']>;

export class Camera {
  readonly #host: LocalHost;
  readonly #turns = new Turns();
  readonly #owned = new OwnedTracks();
  readonly #recovery: Recovery;
  #state: LocalState = 'off';
  #config: LocalVideoConfig = {};
  #source: MediaStreamTrack | null = null;
  #transformed: TransformedPicture | null = null;
  #still: StillPicture | null = null;
  #views: PictureViews | null = null;
  #told: MediaStreamTrack | null = null;

  constructor(host: LocalHost) {
    this.#host = host;
    this.#recovery = new Recovery(host, {
      kind: 'videoinput',
      extraCode: EXTRA_CODE.CAMERA_RECOVERY,
      functionName: 'startLocalVideo',
      reopen: (cameraId) => this.#reopen(cameraId),
      lost: () => {
        this.#views?.setTrack(null);
        void host.publish('startLocalVideo', 'camera', null).catch(() => {});
      },
    });
  }

  get started(): boolean {
    return this.#state !== 'off';
  }

  /** As captured, or as given by the application. */
  get source(): MediaStreamTrack | null {
    return this.#source;
  }

  /** As it is published. */
  get processed(): MediaStreamTrack | null {
    return this.#still?.track ?? this.#transformed?.track ?? this.#source;
  }

  snapshot(): string {
    return this.#views?.snapshot() ?? '';
  }

  start(config: LocalVideoConfig): Promise<void> {
    const functionName = 'startLocalVideo';
    if (this.#state !== 'off') {
      const message = 'the camera was started already; use updateLocalVideo to change it';
      return Promise.reject(invalidOperation(functionName, EXTRA_CODE.REPEATED_CALL, message));
    }
    this.#state = 'starting';
    return this.#turns.take(functionName, async (turn) => {
      try {
        this.#config = { ...config, option: { ...config.option } };
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

  update(config: LocalVideoConfig): Promise<void> {
    const functionName = 'updateLocalVideo';
    return this.#turns.take(functionName, async (turn) => {
      if (this.#state === 'off') {
        const message = 'the camera is not started; call startLocalVideo first';
        throw invalidOperation(functionName, EXTRA_CODE.CAMERA_NOT_STARTED, message);
      }
      const before = this.#config;
      const option = merged(before.option ?? {}, config.option);
      // Each way to name a camera ends the others.
      if (config.option?.cameraId) delete option.useFrontCamera;
      else if (config.option?.useFrontCamera !== undefined) delete option.cameraId;
      if ((config.option?.cameraId || config.option?.useFrontCamera !== undefined) && !config.option.videoTrack)
        delete option.videoTrack;
      this.#config = { ...merged(before, config), option };
      try {
        await this.#reopenIfNeeded(turn, before.option ?? {}, option);
        await this.#apply(turn);
      } catch (error) {
        if (!turn.over) this.#config = before;
        throw error;
      }
    });
  }

  /** Unpublishes, takes the preview away and lets go of the device. Always resolves. */
  stop(): Promise<void> {
    if (this.#state === 'off') return Promise.resolve();
    this.#turns.end('stopLocalVideo');
    return this.#release('stopLocalVideo');
  }

  async #open(turn: Turn): Promise<void> {
    const option = this.#config.option ?? {};
    const source = option.videoTrack ?? (await captureCamera(turn.functionName, wishOf(option)));
    if (turn.over && !option.videoTrack) source.stop();
    turn.check();
    this.#take(source, !option.videoTrack);
  }

  #take(source: MediaStreamTrack, owned: boolean): void {
    const former = this.#source;
    this.#source = source;
    this.#owned.add(source, owned);
    if (former && former !== source) this.#owned.drop(former);
    this.#recovery.watch(owned ? source : null);
  }

  async #reopenIfNeeded(turn: Turn, before: Option, after: Option): Promise<void> {
    if (after.videoTrack) {
      if (after.videoTrack !== this.#source) this.#take(after.videoTrack, false);
      return;
    }
    const lost = this.#source?.readyState === 'ended';
    const other = (['cameraId', 'useFrontCamera', 'avoidCropping'] as const).some((it) => before[it] !== after[it]);
    if (!lost && !before.videoTrack && !other) {
      if (sameProfile(videoProfile(before.profile), videoProfile(after.profile))) return;
      // The running camera changes its size where it can; else it is opened anew.
      const { width, height, frameRate } = cameraConstraints(wishOf(after));
      const changed = await this.#source?.applyConstraints({ width, height, frameRate }).then(
        () => true,
        () => false,
      );
      turn.check();
      if (changed) return;
    }
    try {
      await this.#open(turn);
    } catch (error) {
      // A phone opens one camera at a time: let go of the old one first, and take it back when that does not help either.
      const cause = (error as { extraCode?: number }).extraCode;
      const busy = cause === EXTRA_CODE.DEVICE_NOT_READABLE || cause === EXTRA_CODE.DEVICE_ABORT;
      if (turn.over || !busy || before.videoTrack || !this.#source) throw error;
      this.#recovery.watch(null);
      this.#owned.drop(this.#source);
      try {
        await this.#open(turn);
      } catch (again) {
        turn.check();
        const back = await captureCamera(turn.functionName, wishOf(before)).catch(() => null);
        if (turn.over) back?.stop();
        turn.check();
        if (back) {
          this.#take(back, true);
          this.#config = { ...this.#config, option: before };
          await this.#apply(turn);
        }
        throw again;
      }
    }
  }

  /** Brings preview and publishing in line with the options. */
  async #apply(turn: Turn): Promise<void> {
    const source = this.#source;
    if (!source) return;
    const { option = {}, mute = false, publish = true } = this.#config;
    const profile = profileOf(option, source);
    const transform = transformOf(option);
    this.#transform(source, transform, profile.frameRate);
    await this.#loadStill(turn, mute, profile);

    const picture = this.processed ?? source;
    this.#show(mute === true ? null : picture, picture === source || this.#still ? false : transform.mirror);
    if (this.#told !== picture) {
      this.#told = picture;
      this.#host.emit(EVENT.TRACK, { userId: '', streamType: 'main', track: picture, sourceTrack: source });
    }
    const size = this.#still ? null : sizeOf(source, transform);
    const options = { ...encodings(option, profile, size), muted: mute === true };
    await this.#host.publish(turn.functionName, 'camera', publish ? picture : null, options);
    turn.check();
  }

  #transform(source: MediaStreamTrack, transform: Transform, frameRate: number): void {
    const now = this.#transformed;
    const needed = transform.rotation !== 0 || transform.mirror;
    if (
      now &&
      needed &&
      now.source === source &&
      now.transform.rotation === transform.rotation &&
      now.transform.mirror === transform.mirror
    ) {
      return;
    }
    now?.close();
    this.#transformed = needed ? transformPicture(source, transform, frameRate) : null;
  }

  async #loadStill(turn: Turn, mute: boolean | string, profile: VideoProfile): Promise<void> {
    if (typeof mute === 'string' && this.#still?.url === mute) return;
    const still = typeof mute === 'string' ? await stillPicture(turn.functionName, mute, profile) : null;
    if (turn.over) still?.close();
    turn.check();
    this.#still?.close();
    this.#still = still;
  }

  /** `mirrored` is what the picture itself is already; the preview makes up for it or adds to it. */
  #show(picture: MediaStreamTrack | null, mirrored: boolean): void {
    const { view, option = {} } = this.#config;
    this.#views ??= new PictureViews(this.#host.stage, '', 'main');
    const mirror = !this.#still && previewMirrored(option) !== mirrored;
    this.#views.setLook({ fillMode: option.fillMode ?? 'cover', mirror, poster: '' });
    this.#views.setElements(elementsOf(view));
    this.#views.setTrack(picture);
  }

  async #release(functionName: string): Promise<void> {
    this.#state = 'off';
    this.#recovery.watch(null);
    const unpublished = this.#host.publish(functionName, 'camera', null);
    this.#views?.close();
    this.#views = null;
    this.#transformed?.close();
    this.#transformed = null;
    this.#still?.close();
    this.#still = null;
    this.#told = null;
    if (this.#source) this.#owned.drop(this.#source);
    this.#source = null;
    await unpublished.catch((error: unknown) => this.#host.log.warn('the camera was not unpublished in order:', error));
  }

  #reopen(cameraId: string | undefined): Promise<void> {
    return this.#turns.take('startLocalVideo', async (turn) => {
      if (this.#source?.readyState === 'live') return;
      this.#config.option = { ...this.#config.option, cameraId };
      await this.#open(turn);
      await this.#apply(turn);
    });
  }
}

function wishOf(option: Option): CameraWish {
  return { ...option, profile: videoProfile(option.profile) };
}

/** An application's own track keeps its size; its rate is that of the profile nearest to it. */
function profileOf(option: Option, source: MediaStreamTrack): VideoProfile {
  if (option.profile || !option.videoTrack) return videoProfile(option.profile);
  const { width = 0, height = 0, frameRate = 0 } = source.getSettings();
  return width && height ? profileFor({ width, height }, frameRate) : videoProfile(undefined);
}

/** `mirror` true, as in older versions, means the preview. */
function transformOf(option: Option): Transform {
  return { rotation: option.rotation ?? 0, mirror: option.mirror === 'publish' || option.mirror === 'both' };
}

/** People expect to see themselves as in a mirror, but not what a rear camera sees. */
function previewMirrored(option: Option): boolean {
  const mirror = option.mirror ?? (option.useFrontCamera === false ? false : 'view');
  return mirror === true || mirror === 'view' || mirror === 'both';
}

/** The published size. Tracks of canvases do not tell theirs in every browser. */
function sizeOf(source: MediaStreamTrack, { rotation }: Transform): Size | null {
  const { width, height } = source.getSettings();
  if (!width || !height) return null;
  return rotation === 90 || rotation === 270 ? { width: height, height: width } : { width, height };
}

function encodings(option: Option, profile: VideoProfile, size: Size | null): LocalTrackOptions {
  const big = bigEncoding(profile, size);
  const small = smallProfile(option.small);
  const preference = option.qosPreference ?? 'smooth';
  return {
    big,
    small: small ? smallEncoding(small, big) : null,
    contentHint: contentHint(preference),
    degradationPreference: degradation(preference),
  };
}

function sameProfile(one: VideoProfile, other: VideoProfile): boolean {
  return one.width === other.width && one.height === other.height && one.frameRate === other.frameRate;
}
