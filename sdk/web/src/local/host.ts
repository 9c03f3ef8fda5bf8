// What local media need of the instance they belong to. An interface, and the checks that all of them make.

import type { Emit } from '../api/emitter.js';
import type { LocalTrackOptions, Logger } from '../session/types.js';
import type { Track } from '../protocol.js';
import type { Stage } from '../view/picture_views.js';

export interface LocalHost {
  readonly log: Logger;
  readonly emit: Emit;
  readonly stage: Stage;
  /** Capture from another device when the one in use is gone. */
  readonly recapture: boolean;
  /** Publishes, changes or (null) unpublishes; errors are the application's. Outside of a room it is remembered. */
  publish(functionName: string, track: Track, media: MediaStreamTrack | null, options?: LocalTrackOptions): Promise<void>;
}

/** `off` before start and after stop; a start that is under way is `starting`. */
export type LocalState = 'off' | 'starting' | 'on';

/** `base` with the given fields of `change`; absent ones change nothing. */
export function merged<T extends object>(base: T, change: T | undefined): T {
  const result = { ...base };
  for (const [name, value] of Object.entries(change ?? {})) {
    if (value !== undefined) (result as Record<string, unknown>)[name] = value;
  }
  return result;
}
