// How loud oneself and the others are, at the interval the application asked for. It measures; it changes no sound.

import { EVENT } from '../api/constants.js';
import type { Emit } from '../api/emitter.js';
import { audioContext } from '../local/audio_context.js';

/** Where levels come from; 0..1, linear. */
export interface LevelSources {
  /** The captured microphone, while its level is to be told; null otherwise (it counts as silent when `started`). */
  microphone(): { started: boolean; track: MediaStreamTrack | null };
  /** The others that can be heard, with a level where one is known without measuring. */
  remotes(): { userId: string; level: number }[];
}

const MIN_INTERVAL_MS = 100;

export class VolumeMeter {
  readonly #emit: Emit;
  readonly #sources: LevelSources;
  #timer: ReturnType<typeof setInterval> | undefined;
  #inBackground = false;
  #probe: MicrophoneProbe | null = null;

  constructor(emit: Emit, sources: LevelSources) {
    this.#emit = emit;
    this.#sources = sources;
  }

  /** Milliseconds, at least 100; 0 or less stops. */
  enable(interval: number, inBackground: boolean): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#inBackground = inBackground;
    if (interval <= 0) {
      this.#dropProbe();
      return;
    }
    this.#timer = setInterval(() => this.#tell(), Math.max(MIN_INTERVAL_MS, interval));
    this.#ownLevel();
  }

  close(): void {
    this.enable(0, false);
  }

  #tell(): void {
    if (!this.#inBackground && document.visibilityState === 'hidden') return;
    const result = this.#sources.remotes().map(({ userId, level }) => ({ userId, ...volumeOf(level) }));
    const own = this.#ownLevel();
    if (own !== null) result.push({ userId: '', ...volumeOf(own) });
    this.#emit(EVENT.AUDIO_VOLUME, { result: result.sort((one, other) => other.floatVolume - one.floatVolume) });
  }

  #ownLevel(): number | null {
    const { started, track } = this.#sources.microphone();
    if (track !== (this.#probe?.track ?? null)) {
      this.#dropProbe();
      if (track && track.readyState === 'live') this.#probe = new MicrophoneProbe(track);
    }
    return started ? (this.#probe?.level() ?? 0) : null;
  }

  #dropProbe(): void {
    this.#probe?.close();
    this.#probe = null;
  }
}

/**
 * From a linear level to 0..100. The root spreads speech, whose level is mostly 0.01 to 0.3, over 10 to 55, and leaves a quiet room
 * below 5: applications draw bars and compare with thresholds on that scale.
 */
export function volumeOf(level: number): { volume: number; floatVolume: number } {
  const floatVolume = Math.min(100, Math.sqrt(Math.max(0, level)) * 100);
  return { volume: Math.round(floatVolume), floatVolume };
}

/** Measures a track. On a clone, because a muted track is disabled and a disabled track has no level. */
class MicrophoneProbe {
  readonly track: MediaStreamTrack;
  readonly #clone: MediaStreamTrack;
  readonly #source: MediaStreamAudioSourceNode;
  readonly #analyser: AnalyserNode;
  readonly #samples: Float32Array<ArrayBuffer>;

  constructor(track: MediaStreamTrack) {
    this.track = track;
    this.#clone = track.clone();
    this.#clone.enabled = true;
    const context = audioContext();
    this.#source = context.createMediaStreamSource(new MediaStream([this.#clone]));
    this.#analyser = context.createAnalyser();
    this.#analyser.fftSize = 2048;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#source.connect(this.#analyser);
  }

  /** Effective value of the last 43 ms, 0..1. */
  level(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    return Math.sqrt(sum / this.#samples.length);
  }

  close(): void {
    this.#source.disconnect();
    this.#clone.stop();
  }
}
