// The local microphone: started, changed, stopped, brought back. What is published of it is worked out in sound.ts.

import type { LocalAudioConfig, UpdateLocalAudioConfig } from '../api/config.js';
import { EXTRA_CODE } from '../api/constants.js';
import { invalidOperation } from '../api/error.js';
import { Turns, type Turn } from '../api/turns.js';
import { captureMicrophone } from './capture.js';
import { merged, type LocalHost, type LocalState } from './host.js';
import { OwnedTracks } from './owned_tracks.js';
import { audioProfile } from './profiles.js';
import { Recovery } from './recovery.js';
import { EarMonitor, type Sound } from './sound.js';

export class Microphone {
  readonly #host: LocalHost;
  readonly #sound: Sound;
  readonly #turns = new Turns();
  readonly #ear = new EarMonitor();
  readonly #owned = new OwnedTracks();
  readonly #recovery: Recovery;
  #state: LocalState = 'off';
  #config: LocalAudioConfig = {};
  #source: MediaStreamTrack | null = null;

  constructor(host: LocalHost, sound: Sound) {
    this.#host = host;
    this.#sound = sound;
    this.#recovery = new Recovery(host, {
      kind: 'audioinput',
      extraCode: EXTRA_CODE.MICROPHONE_RECOVERY,
      functionName: 'startLocalAudio',
      reopen: (microphoneId) => this.#reopen(microphoneId),
      lost: () => void this.#sound.setMicrophone('startLocalAudio', null).catch(() => {}),
    });
  }

  get started(): boolean {
    return this.#state !== 'off';
  }

  /** As captured, or as given by the application. */
  get source(): MediaStreamTrack | null {
    return this.#source;
  }

  /** The track whose level is to be told: not while muted, unless that was asked for. */
  get metered(): MediaStreamTrack | null {
    return this.#config.mute && !this.#config.muteKeepVolumeDetection ? null : this.#source;
  }

  start(config: LocalAudioConfig): Promise<void> {
    const functionName = 'startLocalAudio';
    if (this.#state !== 'off') {
      const message = 'the microphone was started already; use updateLocalAudio to change it';
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

  update(config: UpdateLocalAudioConfig): Promise<void> {
    const functionName = 'updateLocalAudio';
    return this.#turns.take(functionName, async (turn) => {
      if (this.#state === 'off') {
        const message = 'the microphone is not started; call startLocalAudio first';
        throw invalidOperation(functionName, EXTRA_CODE.MICROPHONE_NOT_STARTED, message);
      }
      const before = this.#config;
      const option = merged(before.option ?? {}, config.option);
      // Another microphone in place of a custom track, or the other way round.
      if (config.option?.microphoneId && !config.option.audioTrack) delete option.audioTrack;
      this.#config = { ...merged(before, config), option };
      if (needsCapture(before.option ?? {}, option) || this.#source?.readyState === 'ended') {
        try {
          await this.#open(turn);
        } catch (error) {
          if (!turn.over) this.#config = before;
          throw error;
        }
      }
      await this.#apply(turn);
    });
  }

  /** Unpublishes and lets go of the device. Always resolves. */
  stop(): Promise<void> {
    if (this.#state === 'off') return Promise.resolve();
    this.#turns.end('stopLocalAudio');
    return this.#release('stopLocalAudio');
  }

  /** Opens what the options ask for, then lets go of what was open. */
  async #open(turn: Turn): Promise<void> {
    const option = this.#config.option ?? {};
    let source = option.audioTrack;
    if (!source) {
      source = await captureMicrophone(turn.functionName, { ...option, profile: audioProfile(option.profile) });
      if (turn.over) source.stop();
    }
    turn.check();
    const former = this.#source;
    this.#source = source;
    this.#owned.add(source, !option.audioTrack);
    if (former && former !== source) this.#owned.drop(former);
    this.#recovery.watch(option.audioTrack ? null : source);
  }

  async #apply(turn: Turn): Promise<void> {
    const { option = {}, publish = true, mute = false } = this.#config;
    const source = this.#source;
    if (!source) return;
    const profile = audioProfile(option.profile);
    this.#ear.set(source, option.earMonitorVolume ?? 0);
    const part = {
      track: source,
      volume: option.captureVolume ?? 100,
      muted: mute,
      bitrateKbps: profile.bitrate,
      stereo: profile.channelCount > 1,
      publish,
    };
    await this.#sound.setMicrophone(turn.functionName, part);
    turn.check();
  }

  async #release(functionName: string): Promise<void> {
    this.#state = 'off';
    this.#recovery.watch(null);
    this.#ear.set(null, 0);
    const source = this.#source;
    this.#source = null;
    const unpublished = this.#sound.setMicrophone(functionName, null);
    if (source) this.#owned.drop(source);
    await unpublished.catch((error: unknown) => this.#host.log.warn('the microphone was not unpublished in order:', error));
  }

  #reopen(microphoneId: string | undefined): Promise<void> {
    return this.#turns.take('startLocalAudio', async (turn) => {
      if (this.#source?.readyState === 'live') return;
      this.#config.option = { ...this.#config.option, microphoneId };
      await this.#open(turn);
      await this.#apply(turn);
    });
  }
}

type Option = NonNullable<LocalAudioConfig['option']>;

/** Whether the options ask for another source. The processing of a running track cannot be changed in every browser. */
function needsCapture(before: Option, after: Option): boolean {
  if (before.audioTrack !== after.audioTrack) return true;
  if (after.audioTrack) return false;
  const names = ['microphoneId', 'echoCancellation', 'autoGainControl', 'noiseSuppression'] as const;
  return names.some((name) => before[name] !== after[name]);
}
