// The others in the room, and what changed about them since the application was last told. It sends and fires nothing.

import type { MemberView, Snapshot, Track, Tracks } from '../protocol.js';

/** What an application is to be told, in order. */
export type MemberEvent =
  | { type: 'entered'; userId: string }
  | { type: 'tracks'; userId: string; tracks: Tracks; previous: Tracks }
  | { type: 'left'; userId: string; reason: number };

/** Nothing is published. */
export const NO_TRACKS: Readonly<Tracks> = { microphone: 'off', camera: 'off', screen: 'off', small: false };

/** Why somebody is missing from a snapshot is not told: it is taken for an ordinary departure. */
const LEFT_MEANWHILE = 0;

const TRACKS: Track[] = ['microphone', 'camera', 'screen'];

export class Members {
  readonly #views = new Map<string, MemberView>();
  /** Tracks that are told as they were although the engine has forgotten them, by user, with what the engine says. */
  readonly #held = new Map<string, { tracks: Set<Track>; truth: Tracks }>();

  get views(): ReadonlyMap<string, MemberView> {
    return this.#views;
  }

  entered(view: MemberView): MemberEvent[] {
    const { userId } = view;
    const known = this.#views.get(userId);
    const tracks = known ? this.#withHeld(known, view.tracks) : view.tracks;
    this.#views.set(userId, { ...view, tracks });
    const events: MemberEvent[] = known ? [] : [{ type: 'entered', userId }];
    return events.concat(changed(userId, tracks, known?.tracks ?? NO_TRACKS));
  }

  tracksChanged(userId: string, truth: Tracks): MemberEvent[] {
    const known = this.#views.get(userId);
    if (!known) return [];
    const tracks = this.#withHeld(known, truth);
    this.#views.set(userId, { ...known, tracks });
    return changed(userId, tracks, known.tracks);
  }

  left(userId: string, reason: number): MemberEvent[] {
    const known = this.#views.get(userId);
    if (!known) return [];
    this.#views.delete(userId);
    this.#held.delete(userId);
    return [...changed(userId, NO_TRACKS, known.tracks), { type: 'left', userId, reason }];
  }

  /** Takes a snapshot for the truth: departures first, then arrivals and changes. */
  snapshot({ members }: Pick<Snapshot, 'members'>): MemberEvent[] {
    const present = new Set(members.map(({ userId }) => userId));
    const gone = [...this.#views.keys()].filter((userId) => !present.has(userId));
    return [...gone.flatMap((userId) => this.left(userId, LEFT_MEANWHILE)), ...members.flatMap((view) => this.entered(view))];
  }

  /**
   * Takes the first snapshot of an engine that was started anew. It knows the members but not yet what they publish: who
   * published is given time to say so again, until `release`, before it is told as a change.
   */
  snapshotAfterRestart(snapshot: Pick<Snapshot, 'members'>): MemberEvent[] {
    for (const { userId, tracks: truth } of snapshot.members) {
      const known = this.#views.get(userId)?.tracks;
      const tracks = new Set(TRACKS.filter((track) => truth[track] === 'off' && known && known[track] !== 'off'));
      if (tracks.size > 0) this.#held.set(userId, { tracks, truth });
    }
    return this.snapshot(snapshot);
  }

  /** Whether a track is only told as published because its publisher has not come back yet. */
  isHeld(userId: string, track: Track): boolean {
    return this.#held.get(userId)?.tracks.has(track) ?? false;
  }

  /** Tells of those who have not published again. */
  release(): MemberEvent[] {
    const held = [...this.#held];
    this.#held.clear();
    return held.flatMap(([userId, { truth }]) => this.tracksChanged(userId, truth));
  }

  /** Forgets everybody, untold. */
  clear(): void {
    this.#views.clear();
    this.#held.clear();
  }

  /** The truth, but for tracks that are held; one that is published again is held no longer. */
  #withHeld({ userId, tracks: known }: MemberView, truth: Tracks): Tracks {
    const held = this.#held.get(userId);
    if (!held) return truth;
    held.truth = truth;
    const tracks = { ...truth };
    for (const track of held.tracks) {
      if (truth[track] !== 'off') held.tracks.delete(track);
      else tracks[track] = known[track];
    }
    if (held.tracks.has('camera')) tracks.small = known.small;
    if (held.tracks.size === 0) this.#held.delete(userId);
    return tracks;
  }
}

function changed(userId: string, tracks: Tracks, previous: Tracks): MemberEvent[] {
  const same = (Object.keys(NO_TRACKS) as (keyof Tracks)[]).every((key) => tracks[key] === previous[key]);
  return same ? [] : [{ type: 'tracks', userId, tracks: { ...tracks }, previous: { ...previous } }];
}
