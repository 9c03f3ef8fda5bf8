// What is known of the others: who is there, on which line, and what of it is watched. Every change becomes what the
// facade is told, once and in order.

import type { MemberView, PushBody, Snapshot, Stream, Track } from '../protocol.js';
import type { SyncedLines } from './lip_sync.js';
import type { Membership } from './membership.js';
import { Members, type MemberEvent } from './members.js';
import type { Outbox } from './outbox.js';
import { Slots, type SlotChange } from './slots.js';
import type { SeiMessage } from './sei_frames.js';
import type { Lines } from './statistics.js';
import { SessionError, type Logger } from './types.js';
import { Watching } from './watching.js';

/** The pushes that are about others. */
export type PushAboutOthers = Extract<PushBody, { type: 'memberEntered' | 'memberLeft' | 'tracksChanged' | 'slots' }>;

export class Surroundings {
  readonly watching: Watching;
  readonly #members = new Members();
  readonly #slots = new Slots();
  readonly #outbox: Outbox;
  readonly #log: Logger;
  /** Where lines are looked up. */
  readonly #received: (mid: string) => MediaStreamTrack | null;

  constructor(received: (mid: string) => MediaStreamTrack | null, isReconnecting: () => boolean, outbox: Outbox, log: Logger) {
    this.#received = received;
    this.#outbox = outbox;
    this.#log = log;
    this.watching = new Watching(
      {
        video: (userId, stream) => this.media(userId, videoOf(stream)),
        isHeld: (userId, track) => this.#members.isHeld(userId, track),
        isReconnecting,
      },
      log,
    );
  }

  get members(): ReadonlyMap<string, MemberView> {
    return this.#members.views;
  }

  /** The line somebody's track is on now. */
  mid(userId: string, track: Track): string | null {
    return this.#slots.mid(userId, track);
  }

  /** Somebody's track, if it is on a line now. */
  media(userId: string, track: Track): MediaStreamTrack | null {
    const mid = this.mid(userId, track);
    return mid === null ? null : this.#received(mid);
  }

  pushed(stay: Membership, push: PushAboutOthers): void {
    switch (push.type) {
      case 'memberEntered':
        this.#tellMembers(this.#members.entered(push.data));
        break;
      case 'memberLeft':
        this.#tellMembers(this.#members.left(push.data.userId, push.data.reason));
        break;
      case 'tracksChanged': {
        const { userId, tracks } = push.data;
        const waiting = this.watching.held(userId);
        this.#tellMembers(this.#members.tracksChanged(userId, tracks));
        this.watching.askReturned(stay, waiting);
        break;
      }
      case 'slots':
        this.#tellSlots(this.#slots.changed(push.data.slots));
    }
  }

  /** A picture on a line carried an SEI message. One of somebody who is just leaving the line is nobody's. */
  carried(mid: string, { type, data }: SeiMessage): void {
    const source = this.#slots.source(mid);
    if (!source || source.track === 'microphone') return;
    const { userId, track } = source;
    const stream = track === 'camera' ? 'main' : 'sub';
    this.#outbox.tell((hooks) => hooks.onSei(userId, stream, type, data.slice().buffer));
  }

  /** A snapshot; `isRestarted` when it is the first of an engine that was started anew. */
  snapshot(snapshot: Snapshot, isRestarted: boolean): void {
    if (isRestarted) this.#slots.reconnected();
    this.#tellMembers(isRestarted ? this.#members.snapshotAfterRestart(snapshot) : this.#members.snapshot(snapshot));
    const { views } = this.watching;
    for (const { userId, stream } of views.all()) {
      const tracks = this.members.get(userId)?.tracks;
      if (tracks) views.tracksChanged(userId, tracks);
      else views.end(userId, stream, new SessionError('noSuchStream', -102007, `${userId} is not in the room`, true));
    }
    this.#tellSlots(this.#slots.snapshot(snapshot.slots));
  }

  /** A new peer connection: who comes back on it soon is not told as gone in between. */
  reconnected(): void {
    this.#slots.reconnected();
  }

  /** Tells of those who have not come back on the new peer connection. */
  settle(): void {
    this.#tellSlots(this.#slots.settle());
  }

  /** Tells of those who have not published again after a restart of the engine. */
  release(): void {
    this.#tellMembers(this.#members.release());
  }

  /** The room was left; nothing is told of it. */
  clear(error: SessionError): void {
    this.#members.clear();
    this.#slots.clear();
    this.watching.views.clear(error);
  }

  /** The lines of those who are both heard and seen. A screen's sound is no part of it. */
  synced(): SyncedLines[] {
    return [...this.members.keys()].flatMap((userId) => {
      const audio = this.mid(userId, 'microphone');
      const video = this.mid(userId, 'camera');
      return audio !== null && video !== null ? [{ audio, video }] : [];
    });
  }

  /** The lines that bring something all the time. Pictures may rest: the engine or who sends them may hold them back. */
  arriving(): string[] {
    return [...this.members].flatMap(([userId, { tracks }]) =>
      tracks.microphone === 'on' ? (this.mid(userId, 'microphone') ?? []) : [],
    );
  }

  /** Whose counters are on which receiving line. */
  lines(): Pick<Lines, 'remote' | 'wantsSmall'> {
    return {
      remote: (mid) => {
        const source = this.#slots.source(mid);
        return source && { ...source, isOn: this.members.get(source.userId)?.tracks[source.track] === 'on' };
      },
      wantsSmall: (userId) => {
        const hasSmall = this.members.get(userId)?.tracks.small ?? false;
        return hasSmall && this.watching.views.layer(userId, 'main') === 'small';
      },
    };
  }

  #tellMembers(events: MemberEvent[]): void {
    for (const event of events) {
      switch (event.type) {
        case 'entered':
          this.#outbox.tell((hooks) => hooks.onMemberEntered(event.userId));
          break;
        case 'tracks':
          this.watching.views.tracksChanged(event.userId, event.tracks);
          this.#outbox.tell((hooks) => hooks.onTracksChanged(event.userId, event.tracks, event.previous));
          break;
        case 'left':
          this.#outbox.tell((hooks) => hooks.onMemberLeft(event.userId, event.reason));
      }
    }
  }

  #tellSlots(changes: SlotChange[]): void {
    for (const { userId, track, mid } of changes) {
      const media = mid === null ? null : this.#received(mid);
      if (mid !== null && !media) this.#log.warn(`the engine put ${userId} on a line we do not have: ${mid}`);
      if (track === 'microphone') {
        this.#outbox.tell((hooks) => hooks.onRemoteAudio(userId, media));
        continue;
      }
      const stream = track === 'camera' ? 'main' : 'sub';
      this.#outbox.tell((hooks) => hooks.onRemoteVideo(userId, stream, media));
      if (media) this.watching.views.bind(userId, stream, media);
    }
  }
}

function videoOf(stream: Stream): Track {
  return stream === 'main' ? 'camera' : 'screen';
}
