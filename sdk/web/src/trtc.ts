// The class an application works with: it checks arguments, keeps the order of calls and events, and hands the work on. Devices are in
// local/, players in view/, the room in session/.

import type {
  AudioTrackConfig,
  CustomMessageData,
  DeviceListOption,
  EnterRoomConfig,
  LocalAudioConfig,
  LocalVideoConfig,
  PermissionOption,
  PermissionResult,
  RemoteVideoConfig,
  ScreenShareConfig,
  SEIMessageOptions,
  StopRemoteVideoConfig,
  SupportResult,
  SwitchRoleConfig,
  SwitchRoomConfig,
  TRTCOptions,
  UpdateLocalAudioConfig,
  UpdateScreenShareConfig,
  VideoFrameConfig,
  VideoTrackConfig,
} from './api/config.js';
import { check } from './api/check.js';
import { ERROR_CODE, EVENT, EXTRA_CODE, TYPE, type LOG_LEVEL, type UserRole } from './api/constants.js';
import { Emitter } from './api/emitter.js';
import { invalidOperation, notSupported, RtcError } from './api/error.js';
import type { TRTCEventTypes } from './api/events.js';
import { logger, setLogLevel } from './api/log.js';
import { MessageBudget } from './api/message_budget.js';
import * as rules from './api/rules.js';
import { Camera } from './local/camera.js';
import { deviceList, deviceOf, deviceWatch, permissions, watchPermissions } from './local/devices.js';
import type { LocalHost } from './local/host.js';
import { Microphone } from './local/microphone.js';
import { Screen } from './local/screen.js';
import { Sound } from './local/sound.js';
import { support } from './local/support.js';
import { Room } from './room.js';
import { speaker } from './view/speaker.js';
import { VolumeMeter } from './view/volume_meter.js';

/** What an SEI message of type 5 begins with. */
const UUID_BYTES = 16;

/** Every living instance hears of a new speaker. */
const instances = new Set<TRTC>();

/** One participant: at most one room at a time, one camera, one microphone, one shared screen. */
export class TRTC {
  static readonly EVENT = EVENT;
  static readonly ERROR_CODE = ERROR_CODE;
  static readonly TYPE = TYPE;
  /** Set by frameworks that build on the SDK; nothing depends on it. */
  static frameWorkType = 0;

  readonly #log = logger('TRTC');
  readonly #emitter = new Emitter<TRTCEventTypes>((event, error) => this.#log.error(`a handler of ${event} failed:`, error));
  readonly #room: Room;
  readonly #microphone: Microphone;
  readonly #camera: Camera;
  readonly #screen: Screen;
  readonly #sound: Sound;
  readonly #meter: VolumeMeter;
  readonly #options: TRTCOptions;
  readonly #messages = new MessageBudget();
  readonly #forgetDevices: () => void;
  #forgetPermissions: (() => void) | null = null;
  #destroyed = false;

  private constructor(options: TRTCOptions) {
    const emit = this.#emitter.emit.bind(this.#emitter);
    this.#options = options;
    const room = new Room(emit, this.#log, options);
    this.#room = room;
    const host: LocalHost = {
      log: this.#log,
      emit,
      stage: room.stage,
      recapture: options.enableAutoSwitchWhenRecapturing ?? true,
      publish: (functionName, track, media, settings) => room.publish(functionName, track, media, settings),
    };
    this.#sound = new Sound(host);
    this.#microphone = new Microphone(host, this.#sound);
    this.#camera = new Camera(host);
    this.#screen = new Screen(host, this.#sound);
    this.#meter = new VolumeMeter(emit, {
      microphone: () => ({ started: this.#microphone.started, track: this.#microphone.metered }),
      remotes: () => room.levels(),
    });
    this.#forgetDevices = deviceWatch.listen((change) => emit(EVENT.DEVICE_CHANGED, change));
    globalThis.addEventListener?.('pagehide', this.#onPageHide);
    instances.add(this);
    if (options.plugins?.length) this.#log.warn('plugins are not there yet; startPlugin will reject with 5210');
  }

  /** A new participant. */
  static create(options: TRTCOptions = {}): TRTC {
    check('create', 'options', options, rules.CREATE);
    return new TRTC({ ...options });
  }

  /** Log lines below the level are dropped. Nothing is ever uploaded. */
  static setLogLevel(level: LOG_LEVEL, _enableUploadLog = true): void {
    check('setLogLevel', 'level', level, rules.LEVEL);
    setLogLevel(level);
  }

  /** What this browser can do. */
  static async isSupported(): Promise<SupportResult> {
    return support();
  }

  /** The permissions for camera and microphone, after asking for them unless told otherwise. */
  static async getPermissions(option: PermissionOption = {}): Promise<PermissionResult> {
    check('getPermissions', 'option', option, rules.PERMISSIONS);
    return permissions('getPermissions', option);
  }

  /** Asks for permission unless told otherwise: names and ids are hidden before. */
  static async getCameraList(option: boolean | DeviceListOption = true): Promise<MediaDeviceInfo[]> {
    check('getCameraList', 'requestPermission', option, rules.DEVICE_LIST);
    return deviceList('getCameraList', 'videoinput', option);
  }

  static async getMicrophoneList(option: boolean | DeviceListOption = true): Promise<MediaDeviceInfo[]> {
    check('getMicrophoneList', 'requestPermission', option, rules.DEVICE_LIST);
    return deviceList('getMicrophoneList', 'audioinput', option);
  }

  static async getSpeakerList(option: boolean | DeviceListOption = true): Promise<MediaDeviceInfo[]> {
    check('getSpeakerList', 'requestPermission', option, rules.DEVICE_LIST);
    return deviceList('getSpeakerList', 'audiooutput', option);
  }

  /** Plays all remote sound of the page through this speaker. */
  static async setCurrentSpeaker(speakerId: string): Promise<void> {
    check('setCurrentSpeaker', 'speakerId', speakerId, rules.SPEAKER_ID);
    await speaker.choose('setCurrentSpeaker', speakerId);
    const device = await deviceOf('audiooutput', speakerId);
    if (!device) return;
    for (const instance of instances)
      instance.#emitter.emit(EVENT.DEVICE_CHANGED, { type: 'speaker', action: 'active', device });
  }

  /** Resolves when inside; the events of who is there and what they publish follow after that. */
  async enterRoom(params: EnterRoomConfig): Promise<void> {
    this.#begin('enterRoom');
    check('enterRoom', 'params', params, rules.ENTER_ROOM);
    await this.#room.enter(params);
  }

  /** Leaves. Capturing goes on until `stopLocal*`, and is published again at the next entry. */
  async exitRoom(): Promise<void> {
    await this.#room.exit();
  }

  /** In live scenes only. As audience nothing is published; what was started is published again as anchor. */
  async switchRole(role: UserRole, option?: SwitchRoleConfig): Promise<void> {
    this.#begin('switchRole');
    check('switchRole', 'role', role, rules.ROLE);
    check('switchRole', 'option', option, rules.SWITCH_ROLE);
    await this.#room.switchRole(role, option);
  }

  /**
   * As audience of a live room, goes to another room of the same kind (a number or a name) without connecting anew. Resolves when
   * there; the events of who is there and what they publish follow. Pictures of the old room end.
   */
  async switchRoom(params: SwitchRoomConfig): Promise<void> {
    this.#begin('switchRoom');
    check('switchRoom', 'params', params, rules.SWITCH_ROOM);
    await this.#room.switchRoom(params);
  }

  /** Ends everything local and forgets all handlers. Throws while in a room. */
  destroy(): void {
    if (this.#destroyed) return;
    if (this.#room.present) {
      const message = 'still in a room; call exitRoom first';
      throw new RtcError({ code: ERROR_CODE.OPERATION_FAILED, functionName: 'destroy', message });
    }
    this.#destroyed = true;
    instances.delete(this);
    globalThis.removeEventListener?.('pagehide', this.#onPageHide);
    this.#forgetDevices();
    this.#forgetPermissions?.();
    this.#meter.close();
    void this.#microphone.stop();
    void this.#camera.stop();
    void this.#screen.stop();
    this.#room.close();
    this.#emitter.off('*');
  }

  /** Captures the microphone and publishes it: now, or when a room is entered, or when the audience becomes an anchor. */
  async startLocalAudio(config: LocalAudioConfig = {}): Promise<void> {
    this.#begin('startLocalAudio');
    check('startLocalAudio', 'config', config, rules.LOCAL_AUDIO);
    await this.#microphone.start(config);
  }

  /** Changes what is given, nothing else. */
  async updateLocalAudio(config: UpdateLocalAudioConfig): Promise<void> {
    this.#begin('updateLocalAudio');
    check('updateLocalAudio', 'config', config, { ...rules.LOCAL_AUDIO, required: true });
    await this.#microphone.update(config);
  }

  async stopLocalAudio(): Promise<void> {
    await this.#microphone.stop();
  }

  /** Captures the camera, shows it and publishes it: now, or when a room is entered, or when the audience becomes an anchor. */
  async startLocalVideo(config: LocalVideoConfig = {}): Promise<void> {
    this.#begin('startLocalVideo');
    check('startLocalVideo', 'config', config, rules.LOCAL_VIDEO);
    if (this.#screen.started && this.#screen.streamType === 'main') {
      const message = 'the main stream is taken by the shared screen; stop it, or share it as the sub stream';
      throw invalidOperation('startLocalVideo', EXTRA_CODE.REPEATED_CALL, message);
    }
    await this.#camera.start(config);
  }

  /** Changes what is given, nothing else. */
  async updateLocalVideo(config: LocalVideoConfig): Promise<void> {
    this.#begin('updateLocalVideo');
    check('updateLocalVideo', 'config', config, { ...rules.LOCAL_VIDEO, required: true });
    await this.#camera.update(config);
  }

  async stopLocalVideo(): Promise<void> {
    await this.#camera.stop();
  }

  /** Lets the user pick a screen, a window or a tab, and publishes it as the sub stream. */
  async startScreenShare(config: ScreenShareConfig = {}): Promise<void> {
    this.#begin('startScreenShare');
    check('startScreenShare', 'config', config, rules.SCREEN_SHARE);
    if (config.streamType === 'main' && this.#camera.started) {
      const message = 'the main stream is taken by the camera; stop it, or share the screen as the sub stream';
      throw invalidOperation('startScreenShare', EXTRA_CODE.REPEATED_CALL, message);
    }
    await this.#screen.start(config);
  }

  /** Changes what is given, nothing else. */
  async updateScreenShare(config: UpdateScreenShareConfig): Promise<void> {
    this.#begin('updateScreenShare');
    check('updateScreenShare', 'config', config, { ...rules.SCREEN_SHARE, required: true });
    await this.#screen.update(config);
  }

  async stopScreenShare(): Promise<void> {
    await this.#screen.stop();
  }

  /** Receives a published picture and shows it. It ends by itself when the picture becomes unavailable. */
  async startRemoteVideo(config: RemoteVideoConfig): Promise<void> {
    this.#begin('startRemoteVideo');
    check('startRemoteVideo', 'config', config, rules.REMOTE_VIDEO);
    await this.#room.videos.start(config);
  }

  /** Changes what is given, nothing else. */
  async updateRemoteVideo(config: RemoteVideoConfig): Promise<void> {
    this.#begin('updateRemoteVideo');
    check('updateRemoteVideo', 'config', config, rules.REMOTE_VIDEO);
    await this.#room.videos.update(config);
  }

  async stopRemoteVideo(config: StopRemoteVideoConfig): Promise<void> {
    this.#begin('stopRemoteVideo');
    check('stopRemoteVideo', 'config', config, rules.STOP_REMOTE_VIDEO);
    await this.#room.videos.stop(config.userId, config.streamType);
  }

  /** Does not receive a user's sound any more, or does again; `*` for everybody. May come before entering; forgotten at exit. */
  async muteRemoteAudio(userId: string, mute: boolean): Promise<void> {
    this.#begin('muteRemoteAudio');
    check('muteRemoteAudio', 'userId', userId, rules.USER_OR_ALL);
    check('muteRemoteAudio', 'mute', mute, rules.MUTE);
    await this.#room.listen(userId, !mute);
  }

  /** 0..100; more amplifies. `*` for everybody. */
  setRemoteAudioVolume(userId: string, volume: number): void {
    this.#begin('setRemoteAudioVolume');
    check('setRemoteAudioVolume', 'userId', userId, rules.USER_OR_ALL);
    check('setRemoteAudioVolume', 'volume', volume, rules.VOLUME);
    this.#room.audios.setVolume(userId, volume);
  }

  /** One's own sound (an empty or no user id), or that of another one; null when there is none. */
  getAudioTrack(configOrUserId: AudioTrackConfig | string = {}): MediaStreamTrack | null {
    check('getAudioTrack', 'config', configOrUserId, rules.TRACK_OF);
    const config = typeof configOrUserId === 'string' ? { userId: configOrUserId } : configOrUserId;
    if (config.userId && config.userId !== this.#room.userId) return this.#room.audios.users.get(config.userId) ?? null;
    if (config.streamType === 'sub') return this.#screen.sound;
    return config.processed && this.#microphone.source ? this.#sound.published : this.#microphone.source;
  }

  /** One's own picture (an empty or no user id), or that of another one; null when there is none. */
  getVideoTrack(config: VideoTrackConfig = {}): MediaStreamTrack | null {
    check('getVideoTrack', 'config', config, rules.VIDEO_OF);
    const { userId, streamType = 'main', processed } = config;
    if (userId && userId !== this.#room.userId) return this.#room.videoTrack(userId, streamType);
    if (this.#screen.started && this.#screen.streamType === streamType) return this.#screen.source;
    if (streamType === 'sub') return null;
    return processed ? this.#camera.processed : this.#camera.source;
  }

  /** The picture that is being played, as a PNG data URL; an empty text when none is. */
  getVideoSnapshot(config: VideoFrameConfig = {}): string {
    check('getVideoSnapshot', 'config', config, rules.VIDEO_OF);
    const { userId, streamType = 'main' } = config;
    if (userId && userId !== this.#room.userId) return this.#room.videos.snapshot(userId, streamType);
    if (this.#screen.started && this.#screen.streamType === streamType) return this.#screen.snapshot();
    return streamType === 'main' ? this.#camera.snapshot() : '';
  }

  /** AUDIO_VOLUME every `interval` milliseconds (100 at least); 0 or less ends it. */
  enableAudioVolumeEvaluation(interval = 2000, enableInBackground = false): void {
    this.#begin('enableAudioVolumeEvaluation');
    check('enableAudioVolumeEvaluation', 'interval', interval, rules.INTERVAL);
    check('enableAudioVolumeEvaluation', 'enableInBackground', enableInBackground, rules.FLAG);
    this.#meter.enable(interval, enableInBackground);
  }

  /** To everybody in the room, in order, best effort. Anchors only; 30 messages and 8 KB a second at most. */
  sendCustomMessage(message: CustomMessageData): void {
    const functionName = 'sendCustomMessage';
    this.#begin(functionName);
    check(functionName, 'message', message, rules.CUSTOM_MESSAGE);
    this.#room.mustBeAnchor(functionName);
    this.#spend(functionName, message.data.byteLength);
    this.#room.sendMessage(message.cmdId, message.data);
  }

  /**
   * Inside the next picture of the camera, or with `toSubStream` of the shared screen, to everybody who watches it. Sender and
   * receivers need `enableSEI` at `create`; pictures are then sent as H.264, where the browser can. Anchors only; the limits are
   * those of custom messages, and both count together.
   */
  sendSEIMessage(buffer: ArrayBuffer, options: SEIMessageOptions = {}): void {
    const functionName = 'sendSEIMessage';
    this.#begin(functionName);
    check(functionName, 'buffer', buffer, rules.SEI_BUFFER);
    check(functionName, 'options', options, rules.SEI_OPTIONS);
    if (!this.#options.enableSEI) {
      throw invalidOperation(functionName, EXTRA_CODE.SEI_OFF, 'SEI is off; call TRTC.create({ enableSEI: true })');
    }
    this.#room.mustBeAnchor(functionName);
    const { seiPayloadType = 243, toSubStream = false } = options;
    if (seiPayloadType === 5 && buffer.byteLength < UUID_BYTES) {
      const message = `buffer has ${buffer.byteLength} bytes; with seiPayloadType 5 the first ${UUID_BYTES} are a UUID`;
      throw new RtcError({ code: ERROR_CODE.INVALID_PARAMETER, functionName, message });
    }
    this.#spend(functionName, buffer.byteLength);
    this.#room.sendSei(toSubStream ? 'sub' : 'main', seiPayloadType, buffer);
  }

  /** `context` is what `this` is in the handler. */
  on<T extends keyof TRTCEventTypes>(event: T, handler: (...args: TRTCEventTypes[T]) => void, context?: any): this {
    check('on', 'event', event, rules.EVENT_NAME);
    check('on', 'handler', handler, rules.HANDLER);
    this.#emitter.on(event, handler, context);
    if (event === EVENT.PERMISSION_STATE_CHANGE) {
      this.#forgetPermissions ??= watchPermissions((result) => this.#emitter.emit(EVENT.PERMISSION_STATE_CHANGE, result));
    }
    return this;
  }

  /** Without a handler all handlers of the event go; `off("*")` takes all there are. */
  off<T extends keyof TRTCEventTypes>(
    event: T | '*',
    handler?: T extends '*' ? never : (...args: TRTCEventTypes[T]) => void,
    context?: any,
  ): this {
    check('off', 'event', event, rules.EVENT_NAME);
    this.#emitter.off(event, handler as ((...args: TRTCEventTypes[T]) => void) | undefined, context);
    return this;
  }

  /** Plugins are not there yet. */
  use(_plugin: any): void {
    throw notSupported('use', EXTRA_CODE.NO_PLUGIN, 'this version has no plugins');
  }

  async startPlugin(plugin: string, _options?: any): Promise<any> {
    throw notSupported('startPlugin', EXTRA_CODE.NO_PLUGIN, `this version does not have the plugin ${plugin}`);
  }

  async updatePlugin(plugin: string, _options?: any): Promise<any> {
    throw notSupported('updatePlugin', EXTRA_CODE.NO_PLUGIN, `this version does not have the plugin ${plugin}`);
  }

  async stopPlugin(plugin: string, _options?: any): Promise<any> {
    throw notSupported('stopPlugin', EXTRA_CODE.NO_PLUGIN, `this version does not have the plugin ${plugin}`);
  }

  async callExperimentalAPI(name: string, _options?: any): Promise<void> {
    throw notSupported('callExperimentalAPI', undefined, `this version does not have the experimental API ${name}`);
  }

  readonly #onPageHide = (): void => this.#room.pageHide();

  /** Custom and SEI messages share their limits. */
  #spend(functionName: string, bytes: number): void {
    if (this.#messages.take(bytes, performance.now())) return;
    const message = 'over 30 messages or 8192 bytes in one second; send less often';
    throw new RtcError({ code: ERROR_CODE.OPERATION_FAILED, functionName, message });
  }

  /** A destroyed instance does nothing any more. */
  #begin(functionName: string): void {
    if (this.#destroyed)
      throw invalidOperation(functionName, undefined, 'this instance was destroyed; make another with TRTC.create()');
  }
}
