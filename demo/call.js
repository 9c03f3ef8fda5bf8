// A call: who is in the room and what they publish, kept from the SDK's events. It draws nothing.

import { isFatal, isQuiet } from './fault.js';

/** Louder than this counts as speaking, softer than the second as silent again (0..=100). */
const SPEAKING = 12;
const SILENT = 6;
/** A short pause is not an end. */
const SPEAKING_HOLD_MS = 900;
const VOLUME_INTERVAL_MS = 200;
const CHAT_COMMAND = 1;
/** The most a message may have, in bytes of the whole envelope. */
export const MESSAGE_BYTES = 1024;

/**
 * Tells: member(member, isNew), left(member, reason), volume(), quality(), statistics(figures), message({userId, text}),
 * picture({userId, streamType}), state(state), device(change), screenEnded(), autoplay(), fault(error), ended(reason) and,
 * before the room, ownLevel(level).
 */
export class Call {
  /** Others by user id, in the order they came. */
  members = new Map();
  self = null;
  enteredAt = 0;
  #listeners = new Map();
  #resumes = [];
  #trtc;

  constructor(trtc) {
    this.#trtc = trtc;
    const { EVENT } = TRTC;
    const on = (name, handle) => EVENT[name] && trtc.on(EVENT[name], handle);
    on('REMOTE_USER_ENTER', ({ userId }) => this.#member(userId));
    on('REMOTE_USER_EXIT', ({ userId, reason }) => this.#left(userId, reason ?? 0));
    on('REMOTE_AUDIO_AVAILABLE', ({ userId }) => this.#set(userId, 'microphone', true));
    on('REMOTE_AUDIO_UNAVAILABLE', ({ userId }) => this.#set(userId, 'microphone', false));
    on('REMOTE_VIDEO_AVAILABLE', ({ userId, streamType }) => this.#set(userId, videoOf(streamType), true));
    on('REMOTE_VIDEO_UNAVAILABLE', ({ userId, streamType }) => this.#set(userId, videoOf(streamType), false));
    on('AUDIO_VOLUME', ({ result }) => this.#volume(result));
    on('NETWORK_QUALITY', (quality) => this.#quality(quality));
    on('STATISTICS', (statistics) => this.#tell('statistics', statistics));
    on('CUSTOM_MESSAGE', (message) => this.#message(message));
    on('FIRST_VIDEO_FRAME', (picture) => this.#tell('picture', picture));
    on('CONNECTION_STATE_CHANGED', ({ state }) => this.self && this.#tell('state', state));
    on('KICKED_OUT', ({ reason }) => this.#end(reason));
    on('AUTOPLAY_FAILED', ({ resume }) => this.#autoplay(resume));
    on('DEVICE_CHANGED', (change) => this.#tell('device', change));
    on('SCREEN_SHARE_STOPPED', () => this.#tell('screenEnded'));
    trtc.enableAudioVolumeEvaluation(VOLUME_INTERVAL_MS);
    on('ERROR', (error) => {
      if (isFatal(error) && this.self) this.#end('lost');
      else if (!isQuiet(error)) this.#tell('fault', error);
    });
  }

  /** Listens. */
  on(name, listener) {
    const list = this.#listeners.get(name) ?? [];
    list.push(listener);
    this.#listeners.set(name, list);
  }

  /** Enters, with a ticket {sdkAppId, userSig, privateMapKey?}, a place {user, kind, room, scene, role}. */
  async enter(ticket, place) {
    this.#clear();
    // Set before the call: the events of those already inside come while it runs.
    this.self = { ...place, speaking: false, level: 0, uplink: 0, downlink: 0, rtt: 0 };
    try {
      await this.#trtc.enterRoom({
        sdkAppId: ticket.sdkAppId,
        userSig: ticket.userSig,
        userId: place.user,
        ...(place.kind === 'text' ? { strRoomId: place.room } : { roomId: Number(place.room) }),
        scene: place.scene,
        ...(place.scene === 'live' && { role: place.role }),
        ...(ticket.privateMapKey && { privateMapKey: ticket.privateMapKey }),
        autoReceiveAudio: true,
        autoReceiveVideo: false,
      });
    } catch (error) {
      this.#clear();
      this.self = null;
      throw error;
    }
    this.enteredAt = Date.now();
  }

  /** Leaves by own will. */
  async leave() {
    this.self = null;
    this.#clear();
    await this.#trtc.exitRoom().catch(() => {});
  }

  /** Goes on stage (`anchor`) or into the audience. */
  async switchRole(role) {
    await this.#trtc.switchRole(role);
    if (this.self) this.self.role = role;
  }

  /** Whether this member may publish and write. */
  maySpeak() {
    return this.self !== null && (this.self.scene !== 'live' || this.self.role === 'anchor');
  }

  /** Sends a chat message. Throws the SDK's error. */
  async sendChat(text) {
    await this.#trtc.sendCustomMessage({ cmdId: CHAT_COMMAND, data: envelope(text).buffer });
  }

  /** Hears somebody, or not: a choice of this member alone. */
  async silence(member, silenced) {
    await this.#trtc.muteRemoteAudio(member.userId, silenced);
    member.silenced = silenced;
    this.#tell('member', member);
  }

  /** How loud somebody plays here, 0..=100. */
  setVolume(member, volume) {
    member.volume = volume;
    this.#trtc.setRemoteAudioVolume(member.userId, volume);
  }

  /** Plays everything the browser held back. To be called from a press of a key. */
  async resumeSound() {
    const resumes = this.#resumes.splice(0);
    await Promise.allSettled(resumes.map((resume) => resume?.()));
  }

  #member(userId) {
    let member = this.members.get(userId);
    if (!member && this.self) {
      member = {
        userId, microphone: false, camera: false, screen: false, published: false, silenced: false, volume: 100,
        level: 0, speaking: false, spokeAt: 0, quality: 0,
      };
      this.members.set(userId, member);
      this.#tell('member', member, true);
    }
    return member;
  }

  #left(userId, reason) {
    const member = this.members.get(userId);
    if (!member) return;
    this.members.delete(userId);
    this.#tell('left', member, reason);
  }

  #set(userId, track, on) {
    const member = this.#member(userId);
    if (!member) return;
    member[track] = on;
    member.published ||= on;
    this.#tell('member', member);
  }

  #volume(result) {
    if (!this.self) {
      this.#tell('ownLevel', result.find(({ userId }) => userId === '')?.volume ?? 0);
      return;
    }
    const now = Date.now();
    for (const { userId, volume } of result) {
      const one = userId === '' || userId === this.self.user ? this.self : this.members.get(userId);
      if (!one) continue;
      one.level = volume;
      if (volume >= SPEAKING) {
        one.spokeAt = now;
        one.speaking = true;
      } else if (one.speaking && volume < SILENT && now - one.spokeAt > SPEAKING_HOLD_MS) {
        one.speaking = false;
      }
    }
    this.#tell('volume');
  }

  #quality(quality) {
    if (!this.self) return;
    this.self.uplink = quality.uplinkNetworkQuality;
    this.self.downlink = quality.downlinkNetworkQuality;
    this.self.rtt = quality.uplinkRTT;
    // Beyond the original's payload; absent where the SDK does not give it.
    for (const { userId, quality: value } of quality.remoteNetworkQuality ?? []) {
      const member = this.members.get(userId);
      if (member) member.quality = value;
    }
    this.#tell('quality');
  }

  #message({ userId, cmdId, data }) {
    if (cmdId !== CHAT_COMMAND) return;
    const text = chatText(data);
    if (text !== null) this.#tell('message', { userId, text });
  }

  #autoplay(resume) {
    this.#resumes.push(resume);
    this.#tell('autoplay');
  }

  #end(reason) {
    if (!this.self) return;
    this.#tell('ended', reason);
    this.self = null;
    this.#clear();
  }

  #clear() {
    this.members.clear();
    this.#resumes = [];
  }

  #tell(name, ...values) {
    for (const listener of this.#listeners.get(name) ?? []) listener(...values);
  }
}

/** A chat message as it travels. */
export function envelope(text) {
  return new TextEncoder().encode(JSON.stringify({ t: 'chat', text }));
}

/** The text of a chat message, or null when it is something else: other programs may use the same command. */
function chatText(data) {
  try {
    const message = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
    return message?.t === 'chat' && typeof message.text === 'string' ? message.text : null;
  } catch {
    return null;
  }
}

function videoOf(streamType) {
  return streamType === 'sub' ? 'screen' : 'camera';
}
