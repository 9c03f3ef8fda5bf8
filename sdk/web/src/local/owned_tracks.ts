// Tracks that were captured here and are to be stopped here; an application's own tracks are not.

export class OwnedTracks {
  readonly #tracks = new Set<MediaStreamTrack>();

  /** Nothing happens to a track that is not `owned`. */
  add(track: MediaStreamTrack, owned: boolean): void {
    if (owned) this.#tracks.add(track);
  }

  /** Stops the track if it is owned. */
  drop(track: MediaStreamTrack): void {
    if (this.#tracks.delete(track)) track.stop();
  }
}
