// The loudspeaker of the page: all instances play through the one the application chose. Players follow it by themselves.

import { notSupported, RtcError } from '../api/error.js';
import { setAudioContextSink } from '../local/audio_context.js';

class Speaker {
  readonly #listeners = new Set<(id: string) => void>();
  #id = '';

  /** The chosen speaker; "" for the system's own choice. */
  get id(): string {
    return this.#id;
  }

  /** Rejects where the browser has no choice of speakers or does not know this one. */
  async choose(functionName: string, id: string): Promise<void> {
    const probe = document.createElement('audio');
    if (typeof probe.setSinkId !== 'function') {
      throw notSupported(
        functionName,
        undefined,
        "this browser plays through the system's speaker only; choose it in the system settings",
      );
    }
    try {
      await probe.setSinkId(id === 'default' ? '' : id);
      await setAudioContextSink(id);
    } catch (error) {
      throw RtcError.convertFrom(error, functionName);
    }
    this.#id = id;
    for (const listener of this.#listeners) listener(id);
  }

  /** Returns how to stop listening. */
  listen(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export const speaker = new Speaker();
