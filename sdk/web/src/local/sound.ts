// What goes into the one sound track a member publishes: the microphone, the screen's sound, or both mixed. It opens no device.

import { audioContext } from './audio_context.js';
import { EVENT } from '../api/constants.js';
import type { LocalHost } from './host.js';

/** The microphone's part. */
export interface MicrophonePart {
  track: MediaStreamTrack;
  /** 100 is as captured. */
  volume: number;
  muted: boolean | 'microphone';
  bitrateKbps: number;
  stereo: boolean;
  /** Else it is captured only. */
  publish: boolean;
}

/** The screen's part. */
export interface SystemPart {
  track: MediaStreamTrack;
  muted: boolean;
}

/** What is to be published, worked out from the parts. */
export interface SoundPlan {
  /** How loud each goes in; 0 is silent, 1 as it is. */
  microphoneGain: number;
  systemGain: number;
  /** Mixing is needed: two parts, or one that is not taken as it is. */
  mixed: boolean;
  /** Nothing of it can be heard. */
  muted: boolean;
}

/** Mute `true` silences everything that is published; `"microphone"` only the microphone, so that a shared film stays audible. */
export function planSound(
  microphone: Omit<MicrophonePart, 'track'> | null,
  system: Omit<SystemPart, 'track'> | null,
): SoundPlan {
  const microphoneMuted = !microphone || microphone.muted === true || microphone.muted === 'microphone';
  const systemMuted = !system || system.muted || microphone?.muted === true;
  const microphoneGain = microphoneMuted ? 0 : microphone.volume / 100;
  const systemGain = systemMuted ? 0 : 1;
  const mixed = Boolean(microphone && (system || microphone.volume !== 100));
  return { microphoneGain, systemGain, mixed, muted: microphoneMuted && systemMuted };
}

export class Sound {
  readonly #host: LocalHost;
  #microphone: MicrophonePart | null = null;
  #system: SystemPart | null = null;
  #mix: Mix | null = null;
  /** What the last TRACK event told. */
  #told: { track: MediaStreamTrack; source: MediaStreamTrack } | null = null;

  constructor(host: LocalHost) {
    this.#host = host;
  }

  /** The track that is published; null when nothing is. */
  get published(): MediaStreamTrack | null {
    return this.#mix?.track ?? this.#published?.track ?? this.#system?.track ?? null;
  }

  get systemTrack(): MediaStreamTrack | null {
    return this.#system?.track ?? null;
  }

  setMicrophone(functionName: string, part: MicrophonePart | null): Promise<void> {
    this.#microphone = part;
    return this.#publish(functionName);
  }

  setSystem(functionName: string, part: SystemPart | null): Promise<void> {
    this.#system = part;
    return this.#publish(functionName);
  }

  get #published(): MicrophonePart | null {
    return this.#microphone?.publish ? this.#microphone : null;
  }

  #publish(functionName: string): Promise<void> {
    const [microphone, system] = [this.#published, this.#system];
    const plan = planSound(microphone, system);
    if (plan.mixed) {
      this.#mix ??= new Mix();
      this.#mix.set('microphone', microphone?.track ?? null, plan.microphoneGain);
      this.#mix.set('system', system?.track ?? null, plan.systemGain);
      // The session disables a muted track, and this one may have been it until now.
      if (microphone) microphone.track.enabled = true;
      if (system) system.track.enabled = true;
    } else {
      this.#mix?.close();
      this.#mix = null;
    }
    const media = this.published;
    this.#tell(media ?? this.#microphone?.track ?? null, this.#microphone?.track ?? media);
    if (!media) return this.#host.publish(functionName, 'microphone', null);
    return this.#host.publish(functionName, 'microphone', media, {
      muted: plan.muted,
      big: { width: 0, height: 0, frameRate: 0, bitrateKbps: microphone?.bitrateKbps ?? SYSTEM_KBPS },
      // A film or music suffers from what is done to make speech clear.
      contentHint: system || microphone?.stereo ? 'music' : 'speech',
    });
  }

  #tell(track: MediaStreamTrack | null, source: MediaStreamTrack | null): void {
    if (track === (this.#told?.track ?? null) && source === (this.#told?.source ?? null)) return;
    this.#told = track && source && { track, source };
    if (track && source) this.#host.emit(EVENT.TRACK, { userId: '', track, sourceTrack: source });
  }
}

/** Kilobits a second for a screen's sound alone. */
const SYSTEM_KBPS = 64;

/** Two inputs, one track. */
class Mix {
  readonly #context = audioContext();
  readonly #output = this.#context.createMediaStreamDestination();
  readonly #inputs = new Map<string, { track: MediaStreamTrack; source: MediaStreamAudioSourceNode; gain: GainNode }>();

  get track(): MediaStreamTrack {
    const [track] = this.#output.stream.getAudioTracks();
    if (!track) throw new Error('a media stream destination always has one audio track');
    return track;
  }

  set(name: string, track: MediaStreamTrack | null, volume: number): void {
    let input = this.#inputs.get(name);
    if (input && input.track !== track) {
      input.source.disconnect();
      input.gain.disconnect();
      this.#inputs.delete(name);
      input = undefined;
    }
    if (!track) return;
    if (!input) {
      const source = this.#context.createMediaStreamSource(new MediaStream([track]));
      const gain = this.#context.createGain();
      source.connect(gain).connect(this.#output);
      input = { track, source, gain };
      this.#inputs.set(name, input);
    }
    input.gain.gain.value = volume;
  }

  close(): void {
    for (const name of [...this.#inputs.keys()]) this.set(name, null, 0);
    this.track.stop();
  }
}

/** The own voice in the own ear. */
export class EarMonitor {
  #source: MediaStreamAudioSourceNode | null = null;
  #gain: GainNode | null = null;
  #track: MediaStreamTrack | null = null;

  /** 0..100; 0, or no track, is off. */
  set(track: MediaStreamTrack | null, volume: number): void {
    if (!track || volume <= 0 || track !== this.#track) this.#close();
    if (!track || volume <= 0) return;
    const context = audioContext();
    if (!this.#source || !this.#gain) {
      this.#track = track;
      this.#source = context.createMediaStreamSource(new MediaStream([track]));
      this.#gain = context.createGain();
      this.#source.connect(this.#gain).connect(context.destination);
    }
    this.#gain.gain.value = volume / 100;
  }

  #close(): void {
    this.#source?.disconnect();
    this.#gain?.disconnect();
    this.#source = null;
    this.#gain = null;
    this.#track = null;
  }
}
