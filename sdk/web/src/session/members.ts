// The others in the room, and what changed about them since the application was last told. It sends and fires nothing.

import type { MemberView, Snapshot, Tracks } from '../protocol.js';

/** What an application is to be told, in order. */
export type MemberEvent =
  | { type: 'entered'; userId: string }
  | { type: 'tracks'; userId: string; tracks: Tracks; previous: Tracks }
  | { type: 'left'; userId: string; reason: number };

/** Nothing is published. */
export const NO_TRACKS: Readonly<Tracks> = { microphone: 'off', camera: 'off', screen: 'off', small: false };

/** Why somebody is missing from a snapshot is not told: it is taken for an ordinary departure. */
const LEFT_MEANWHILE = 0;

export class Members {
  readonly #views = new Map<string, MemberView>();

  get views(): ReadonlyMap<string, MemberView> {
    return this.#views;
  }

  entered(view: MemberView): MemberEvent[] {
    const known = this.#views.get(view.userId);
    this.#views.set(view.userId, view);
    const events: MemberEvent[] = known ? [] : [{ type: 'entered', userId: view.userId }];
    return events.concat(changed(view.userId, view.tracks, known?.tracks ?? NO_TRACKS));
  }

  tracksChanged(userId: string, tracks: Tracks): MemberEvent[] {
    const known = this.#views.get(userId);
    if (!known) return [];
    this.#views.set(userId, { ...known, tracks });
    return changed(userId, tracks, known.tracks);
  }

  left(userId: string, reason: number): MemberEvent[] {
    const known = this.#views.get(userId);
    if (!known) return [];
    this.#views.delete(userId);
    return [...changed(userId, NO_TRACKS, known.tracks), { type: 'left', userId, reason }];
  }

  /** Takes a snapshot for the truth: departures first, then arrivals and changes. */
  snapshot({ members }: Pick<Snapshot, 'members'>): MemberEvent[] {
    const present = new Set(members.map(({ userId }) => userId));
    const gone = [...this.#views.keys()].filter((userId) => !present.has(userId));
    return [...gone.flatMap((userId) => this.left(userId, LEFT_MEANWHILE)), ...members.flatMap((view) => this.entered(view))];
  }

  /** Forgets everybody, untold. */
  clear(): void {
    this.#views.clear();
  }
}

function changed(userId: string, tracks: Tracks, previous: Tracks): MemberEvent[] {
  const same = (Object.keys(NO_TRACKS) as (keyof Tracks)[]).every((key) => tracks[key] === previous[key]);
  return same ? [] : [{ type: 'tracks', userId, tracks: { ...tracks }, previous: { ...previous } }];
}
