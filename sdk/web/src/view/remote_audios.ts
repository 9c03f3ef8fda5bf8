// The sound of others. It plays by itself as soon as the session has a track; the application only sets volumes.

import { EVENT, type PlayerState } from '../api/constants.js';
import { audioContext } from '../local/audio_context.js';
import { autoplay, isAutoplayRefusal, type BlockedPlayer } from './autoplay.js';
import type { Stage } from './picture_views.js';
import { speaker } from './speaker.js';

/** An element for a slot's track. It outlives the user in the slot, so that a change of speakers is not a change of players. */
interface Player {
  element: HTMLAudioElement;
  track: MediaStreamTrack;
  /** Who is heard; null while the slot is empty. */
  userId: string | null;
  blocked: BlockedPlayer;
  told: boolean;
  /** Only above a volume of 100, which elements cannot do. */
  amplifier: { source: MediaStreamAudioSourceNode; gain: GainNode } | null;
}

const FULL_VOLUME = 100;

export class RemoteAudios {
  readonly #stage: Stage;
  readonly #players = new Map<MediaStreamTrack, Player>();
  readonly #tracks = new Map<string, MediaStreamTrack>();
  readonly #states = new Map<string, PlayerState>();
  readonly #volumes = new Map<string, number>();
  #volumeOfAll = FULL_VOLUME;
  readonly #forgetSpeaker: () => void;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#forgetSpeaker = speaker.listen((id) => {
      for (const { element } of this.#players.values()) void setSink(element, id);
    });
  }

  /** Whose sound can be heard now. */
  get users(): ReadonlyMap<string, MediaStreamTrack> {
    return this.#tracks;
  }

  /** The session has this as the user's sound from now on; null for none. */
  setTrack(userId: string, track: MediaStreamTrack | null): void {
    const before = this.#tracks.get(userId) ?? null;
    if (before === track) return;
    if (before) {
      this.#tracks.delete(userId);
      const player = this.#players.get(before);
      // Another user may have got that slot already.
      if (player?.userId === userId) this.#mute(player);
    }
    if (!track) {
      this.#setState(userId, 'STOPPED', 'ended');
      return;
    }
    this.#tracks.set(userId, track);
    const player = this.#players.get(track) ?? this.#open(track);
    if (player.userId !== null && player.userId !== userId) this.#tracks.delete(player.userId);
    player.userId = userId;
    player.told = false;
    this.#applyVolume(player);
    this.#play(player);
    this.#stage.emit(EVENT.TRACK, { userId, track, sourceTrack: track });
  }

  /** 0..100, more amplifies; `*` for everybody, now and later. */
  setVolume(userId: string, volume: number): void {
    if (userId === '*') {
      this.#volumeOfAll = volume;
      this.#volumes.clear();
    } else {
      this.#volumes.set(userId, volume);
    }
    for (const player of this.#players.values()) this.#applyVolume(player);
  }

  /** The room is left: players go. Volumes stay, as an application's slider does. */
  clear(): void {
    for (const userId of [...this.#tracks.keys()]) this.setTrack(userId, null);
    for (const player of this.#players.values()) this.#drop(player);
  }

  close(): void {
    this.clear();
    this.#forgetSpeaker();
  }

  #open(track: MediaStreamTrack): Player {
    // A new peer connection has new tracks; those of the old one ended with it.
    for (const player of this.#players.values()) if (player.track.readyState === 'ended') this.#drop(player);
    const element = document.createElement('audio');
    element.autoplay = true;
    element.srcObject = new MediaStream([track]);
    void setSink(element, speaker.id);
    const blocked = { play: () => element.play(), dialog: this.#stage.dialog };
    const player: Player = { element, track, userId: null, blocked, told: false, amplifier: null };
    // In the page, though not to be seen: iOS stops elements that are nowhere.
    element.style.display = 'none';
    document.body?.append(element);
    element.addEventListener('playing', () => {
      autoplay.remove(blocked);
      if (player.userId !== null) this.#setState(player.userId, 'PLAYING', 'playing');
    });
    element.addEventListener('pause', () => {
      if (player.userId === null || element.srcObject === null) return;
      this.#setState(player.userId, 'PAUSED', 'pause');
      this.#play(player);
    });
    this.#players.set(track, player);
    autoplay.listen();
    return player;
  }

  #play(player: Player): void {
    const { element, blocked } = player;
    void element.play().then(
      () => {
        autoplay.remove(blocked);
        if (player.userId !== null) this.#setState(player.userId, 'PLAYING', 'playing');
      },
      (error: unknown) => {
        if (player.userId === null || !isAutoplayRefusal(error)) return;
        autoplay.add(blocked);
        if (player.told) return;
        player.told = true;
        const resume = (): Promise<void> => element.play().then(() => autoplay.remove(blocked));
        this.#stage.emit(EVENT.AUTOPLAY_FAILED, { userId: player.userId, mediaType: 'audio', resume });
      },
    );
  }

  /** Nobody is in the slot. The element keeps playing it, so that the next one is heard at once. */
  #mute(player: Player): void {
    player.userId = null;
    autoplay.remove(player.blocked);
    this.#applyVolume(player);
  }

  #drop(player: Player): void {
    this.#players.delete(player.track);
    autoplay.remove(player.blocked);
    this.#dropAmplifier(player);
    player.element.srcObject = null;
    player.element.remove();
  }

  #applyVolume(player: Player): void {
    const { element, userId } = player;
    const volume = userId === null ? 0 : (this.#volumes.get(userId) ?? this.#volumeOfAll);
    if (volume <= FULL_VOLUME) {
      this.#dropAmplifier(player);
      element.volume = volume / FULL_VOLUME;
      // Safari on iOS ignores the volume, but not this.
      element.muted = volume === 0;
      return;
    }
    // Chromium feeds a remote track into a graph only while an element plays it, too; that one is muted.
    element.muted = true;
    const context = audioContext();
    if (!player.amplifier) {
      const source = context.createMediaStreamSource(new MediaStream([player.track]));
      const gain = context.createGain();
      source.connect(gain).connect(context.destination);
      player.amplifier = { source, gain };
    }
    player.amplifier.gain.gain.value = volume / FULL_VOLUME;
  }

  #dropAmplifier(player: Player): void {
    player.amplifier?.source.disconnect();
    player.amplifier?.gain.disconnect();
    player.amplifier = null;
  }

  #setState(userId: string, state: PlayerState, reason: string): void {
    if ((this.#states.get(userId) ?? 'STOPPED') === state) return;
    if (state === 'STOPPED') this.#states.delete(userId);
    else this.#states.set(userId, state);
    this.#stage.emit(EVENT.AUDIO_PLAY_STATE_CHANGED, { userId, state, reason });
  }
}

async function setSink(element: HTMLAudioElement, speakerId: string): Promise<void> {
  if (!speakerId || typeof element.setSinkId !== 'function') return;
  await element.setSinkId(speakerId === 'default' ? '' : speakerId).catch(() => {});
}
