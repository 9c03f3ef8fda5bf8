// The pictures of others that are being watched: which, where, in which layer. Members and slots are the session's.

import { elementsOf } from '../api/rules.js';
import type { RemoteVideoConfig, View } from '../api/config.js';
import { EVENT, EXTRA_CODE, type TRTCStreamType } from '../api/constants.js';
import { aborted, invalidOperation, RtcError } from '../api/error.js';
import { videoTrackOf } from '../api/member_events.js';
import type { RoomSessionApi } from '../session/types.js';
import { PictureViews, type Stage } from './picture_views.js';

/** A watched stream. */
interface Watched {
  userId: string;
  streamType: TRTCStreamType;
  views: PictureViews;
  view: View | undefined;
  option: NonNullable<RemoteVideoConfig['option']>;
  /** The application asked for it; else `autoReceiveVideo` did. */
  explicit: boolean;
  /** What the session was last asked for; null for nothing. */
  layer: 'big' | 'small' | null;
  track: MediaStreamTrack | null;
  visibility: IntersectionObserver | null;
  /** Elements that can be seen now; only kept with `receiveWhenViewVisible`. */
  visible: Set<Element>;
  /** Why it is over; null while it is not. */
  closedBy: string | null;
}

export class RemoteVideos {
  readonly #stage: Stage;
  readonly #session: RoomSessionApi;
  readonly #watched = new Map<string, Watched>();

  constructor(stage: Stage, session: RoomSessionApi) {
    this.#stage = stage;
    this.#session = session;
  }

  /** Begins to watch. Resolves when the picture is on its way, or at once while no view can be seen. */
  async start(config: RemoteVideoConfig): Promise<void> {
    const functionName = 'startRemoteVideo';
    const { userId, streamType } = config;
    this.#mustBePublished(functionName, userId, streamType);
    const existing = this.#watched.get(keyOf(userId, streamType));
    if (existing?.explicit) {
      const message = `the ${streamType} stream of ${userId} was started already; use updateRemoteVideo to change it`;
      throw invalidOperation(functionName, EXTRA_CODE.REPEATED_CALL, message);
    }
    const watched = existing ?? this.#open(userId, streamType);
    watched.explicit = true;
    try {
      await this.#configure(functionName, watched, config);
    } catch (error) {
      if (watched.closedBy === null) this.#close(watched, functionName);
      throw error;
    }
  }

  async update(config: RemoteVideoConfig): Promise<void> {
    const functionName = 'updateRemoteVideo';
    const { userId, streamType } = config;
    this.#mustBePublished(functionName, userId, streamType);
    const watched = this.#watched.get(keyOf(userId, streamType));
    if (!watched) {
      const message = `the ${streamType} stream of ${userId} was not started; call startRemoteVideo first`;
      throw invalidOperation(functionName, EXTRA_CODE.REMOTE_STREAM_ABSENT, message);
    }
    await this.#configure(functionName, watched, config);
  }

  /** Ends watching; `*` for everybody, no stream type for both streams. Always resolves. */
  async stop(userId: string, streamType: TRTCStreamType | undefined): Promise<void> {
    const ended = [...this.#watched.values()].filter(
      (it) => (userId === '*' || it.userId === userId) && (!streamType || it.streamType === streamType),
    );
    await Promise.all(ended.map((it) => this.#close(it, 'stopRemoteVideo')));
  }

  /** Watches without a view: `autoReceiveVideo`. */
  receive(userId: string, streamType: TRTCStreamType): void {
    if (this.#watched.has(keyOf(userId, streamType))) return;
    const watched = this.#open(userId, streamType);
    this.#follow('enterRoom', watched).catch(() => {
      if (watched.closedBy === null) void this.#close(watched, 'enterRoom');
    });
  }

  /** The stream is not published any more; the session's view of it has ended, or is of no use. */
  unavailable(userId: string, streamType: TRTCStreamType): void {
    const watched = this.#watched.get(keyOf(userId, streamType));
    if (watched) void this.#close(watched, '');
  }

  /** The session moved the picture to another track, or has none. */
  setTrack(userId: string, streamType: TRTCStreamType, track: MediaStreamTrack | null): void {
    const watched = this.#watched.get(keyOf(userId, streamType));
    if (!watched || watched.layer === null || watched.track === track) return;
    watched.track = track;
    watched.views.setTrack(track);
    if (track) this.#stage.emit(EVENT.TRACK, { userId, streamType, track, sourceTrack: track });
  }

  snapshot(userId: string, streamType: TRTCStreamType): string {
    return this.#watched.get(keyOf(userId, streamType))?.views.snapshot() ?? '';
  }

  /** The room is left: nothing is watched any more, and there is no session to tell. */
  clear(by: string): void {
    for (const watched of this.#watched.values()) void this.#close(watched, by);
  }

  #open(userId: string, streamType: TRTCStreamType): Watched {
    const views = new PictureViews(this.#stage, userId, streamType);
    const watched: Watched = {
      userId,
      streamType,
      views,
      view: undefined,
      option: {},
      explicit: false,
      layer: null,
      track: null,
      visibility: null,
      visible: new Set(),
      closedBy: null,
    };
    this.#watched.set(keyOf(userId, streamType), watched);
    return watched;
  }

  #close(watched: Watched, by: string): Promise<void> {
    watched.closedBy = by;
    this.#watched.delete(keyOf(watched.userId, watched.streamType));
    watched.visibility?.disconnect();
    watched.views.close();
    if (watched.layer === null || !this.#session.entered) return Promise.resolve();
    watched.layer = null;
    // A view the engine has ended already cannot be ended again; there is nothing to do about it.
    return this.#session.unview(watched.userId, watched.streamType).catch(() => {});
  }

  async #configure(functionName: string, watched: Watched, config: RemoteVideoConfig): Promise<void> {
    const { views } = watched;
    watched.option = { ...watched.option, ...config.option };
    if (config.view !== undefined) watched.view = config.view;
    const { fillMode, mirror, poster } = watched.option;
    views.setLook({
      fillMode: fillMode ?? (watched.streamType === 'sub' ? 'contain' : 'cover'),
      mirror: mirror ?? false,
      poster: poster ?? '',
    });
    views.setElements(elementsOf(watched.view));
    this.#watchVisibility(watched);
    await this.#follow(functionName, watched);
  }

  /** Asks the session for what should be received now. */
  async #follow(functionName: string, watched: Watched): Promise<void> {
    const { userId, streamType, option } = watched;
    const layer =
      watched.visibility && watched.visible.size === 0 ? null : option.small && streamType === 'main' ? 'small' : 'big';
    if (layer === watched.layer) return;
    watched.layer = layer;
    if (layer === null) {
      watched.track = null;
      watched.views.setTrack(null);
      await this.#session.unview(userId, streamType).catch(() => {});
      return;
    }
    let track: MediaStreamTrack;
    try {
      track = await this.#session.view(userId, streamType, layer);
    } catch (error) {
      this.#mustBeOpen(functionName, watched);
      // Scrolled out of sight, or another layer was asked for, before it came: that is not this call's failure.
      if (watched.layer !== layer) return;
      watched.layer = null;
      throw RtcError.convertFrom(error, functionName);
    }
    this.#mustBeOpen(functionName, watched);
    if (watched.layer !== null) this.setTrack(userId, streamType, track);
  }

  #mustBeOpen(functionName: string, watched: Watched): void {
    if (watched.closedBy === null) return;
    if (watched.closedBy) throw aborted(functionName, watched.closedBy);
    const message = `${watched.userId} stopped publishing the ${watched.streamType} stream; start again when it is available`;
    throw invalidOperation(functionName, EXTRA_CODE.REMOTE_STREAM_ABSENT, message);
  }

  #mustBePublished(functionName: string, userId: string, streamType: TRTCStreamType): void {
    if (!this.#session.entered) {
      throw invalidOperation(functionName, EXTRA_CODE.NOT_IN_ROOM, 'not in a room; call enterRoom first');
    }
    const member = this.#session.members.get(userId);
    if (!member) {
      const message = `${userId} is not in the room; wait for REMOTE_USER_ENTER`;
      throw invalidOperation(functionName, EXTRA_CODE.REMOTE_USER_ABSENT, message);
    }
    if (member.tracks[videoTrackOf(streamType)] !== 'on') {
      const message = `${userId} does not publish the ${streamType} stream; wait for REMOTE_VIDEO_AVAILABLE`;
      throw invalidOperation(functionName, EXTRA_CODE.REMOTE_STREAM_ABSENT, message);
    }
  }

  /** Watches whether the views can be seen, where that decides on receiving. */
  #watchVisibility(watched: Watched): void {
    watched.visibility?.disconnect();
    watched.visibility = null;
    const { elements } = watched.views;
    if (!watched.option.receiveWhenViewVisible || elements.length === 0 || typeof IntersectionObserver === 'undefined') return;
    // Until the observer has reported, what was visible stays so; new views count as seen, so that nothing waits for a report.
    watched.visible = new Set(elements);
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) watched.visible.add(target);
          else watched.visible.delete(target);
        }
        if (watched.closedBy !== null) return;
        this.#follow('startRemoteVideo', watched).catch(() => {});
      },
      // The page itself is the default root of an observer; with document.body as a root nothing outside of it would be clipped.
      { root: watched.option.viewRoot ?? null },
    );
    watched.visibility = observer;
    for (const element of elements) observer.observe(element);
  }
}

function keyOf(userId: string, streamType: TRTCStreamType): string {
  return `${streamType} ${userId}`;
}
