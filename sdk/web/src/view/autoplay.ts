// Players the browser would not let start before the user touched the page: they go on at the first gesture. It plays nothing itself.

import { resumeAudioContext } from '../local/audio_context.js';
import { AutoplayDialog } from './autoplay_dialog.js';

/** A player that waits for a gesture. */
export interface BlockedPlayer {
  /** Tries again; rejects when the browser still refuses. */
  play: () => Promise<void>;
  /** Whether the user is asked by the dialog, or only by the application. */
  dialog: boolean;
}

/** All blocked players of the page; a gesture anywhere frees them all. */
class Autoplay {
  readonly #blocked = new Set<BlockedPlayer>();
  readonly #dialog = new AutoplayDialog(() => void this.resume());
  #listening = false;

  add(player: BlockedPlayer): void {
    this.#blocked.add(player);
    this.#update();
  }

  /** The player plays or is gone. */
  remove(player: BlockedPlayer): void {
    if (this.#blocked.delete(player)) this.#update();
  }

  /** Tries all again. Resolves when each has been tried. */
  async resume(): Promise<void> {
    resumeAudioContext();
    // All are started before the first wait: the gesture counts only within the call it caused.
    const tries = [...this.#blocked].map((player) => player.play().then(() => this.remove(player)));
    await Promise.allSettled(tries);
  }

  /** Gestures are heard from the first player on, also to start the audio context, whether or not something is blocked. */
  listen(): void {
    if (this.#listening || typeof document === 'undefined') return;
    this.#listening = true;
    const onGesture = (): void => void this.resume();
    for (const event of ['pointerup', 'click', 'keydown', 'touchend']) {
      document.addEventListener(event, onGesture, { capture: true, passive: true });
    }
  }

  #update(): void {
    this.listen();
    if ([...this.#blocked].some((it) => it.dialog)) this.#dialog.show();
    else this.#dialog.hide();
  }
}

export const autoplay = new Autoplay();

/** Whether a player was stopped by the autoplay policy, not by a new source or by being removed. */
export function isAutoplayRefusal(error: unknown): boolean {
  return (error as { name?: string } | null)?.name === 'NotAllowedError';
}
