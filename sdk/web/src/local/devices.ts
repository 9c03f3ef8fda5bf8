// The devices of the page: lists, permissions, changes, the speaker. It opens a device only to be allowed to see the list.

import type { DeviceListOption, PermissionOption, PermissionResult } from '../api/config.js';
import { ERROR_CODE, type TRTCDeviceAction, type TRTCDeviceType } from '../api/constants.js';
import { RtcError } from '../api/error.js';
import { mediaDevices } from './capture.js';

/** A device that came, went, or is in use from now on. */
export interface DeviceChange {
  type: TRTCDeviceType;
  action: TRTCDeviceAction;
  device: MediaDeviceInfo;
}

/**
 * The devices of a kind. Before permission was given browsers hide names and ids, so it is asked for unless told otherwise; a refusal
 * leaves the list as it is.
 */
export async function deviceList(
  functionName: string,
  kind: MediaDeviceKind,
  options: boolean | DeviceListOption = true,
): Promise<MediaDeviceInfo[]> {
  const option = typeof options === 'boolean' ? { requestPermission: options } : options;
  const devices = mediaDevices(functionName);
  let list = (await devices.enumerateDevices()).filter((it) => it.kind === kind);
  if ((option.requestPermission ?? true) && list.some((it) => !it.label)) {
    await request(kind === 'videoinput' ? 'camera' : 'microphone').catch(() => {});
    list = (await devices.enumerateDevices()).filter((it) => it.kind === kind);
  }
  return option.filterVirtualDevice ? list.filter((it) => !VIRTUAL.test(it.label)) : list;
}

/** The state of permissions, after asking the user where that was wanted. */
export async function permissions(functionName: string, option: PermissionOption = {}): Promise<PermissionResult> {
  mediaDevices(functionName);
  const result: PermissionResult = { camera: null, microphone: null };
  for (const type of option.types ?? (['camera', 'microphone'] as const)) {
    const status = await permissionStatus(type);
    result[type] = status?.state ?? null;
    if ((option.request ?? true) && result[type] !== 'granted' && result[type] !== 'denied') {
      try {
        await request(type);
        result[type] = 'granted';
      } catch (error) {
        // No device at all says nothing about the permission.
        if ((error as Error).name === 'NotAllowedError') result[type] = (await permissionStatus(type))?.state ?? 'denied';
      }
    }
  }
  return result;
}

/** Calls back when the permission for camera or microphone changes; returns how to stop that. */
export function watchPermissions(
  changed: (result: { camera: PermissionState; microphone: PermissionState }) => void,
): () => void {
  let stopped = false;
  let stop = (): void => {};
  void Promise.all([permissionStatus('camera'), permissionStatus('microphone')]).then(([camera, microphone]) => {
    if (!camera || !microphone || stopped) return;
    const tell = (): void => changed({ camera: camera.state, microphone: microphone.state });
    camera.addEventListener('change', tell);
    microphone.addEventListener('change', tell);
    stop = () => {
      camera.removeEventListener('change', tell);
      microphone.removeEventListener('change', tell);
    };
  });
  return () => {
    stopped = true;
    stop();
  };
}

/** Which devices came and went. An entry without an id is a hidden device: its becoming visible is no change. */
export function deviceChanges(before: readonly MediaDeviceInfo[], after: readonly MediaDeviceInfo[]): DeviceChange[] {
  const changes: DeviceChange[] = [];
  for (const kind of ['videoinput', 'audioinput', 'audiooutput'] as const) {
    const [was, is] = [before, after].map((list) => list.filter((it) => it.kind === kind)) as [
      MediaDeviceInfo[],
      MediaDeviceInfo[],
    ];
    if (was.some((it) => !it.deviceId) || is.some((it) => !it.deviceId)) continue;
    const type = TYPE_OF[kind];
    const missing = (list: MediaDeviceInfo[], device: MediaDeviceInfo): boolean =>
      !PSEUDO.has(device.deviceId) && !list.some((it) => it.deviceId === device.deviceId);
    for (const device of was) if (missing(is, device)) changes.push({ type, action: 'remove', device });
    for (const device of is) if (missing(was, device)) changes.push({ type, action: 'add', device });
  }
  return changes;
}

/** The one watcher of the page. Each instance listens while it lives. */
class DeviceWatch {
  readonly #listeners = new Set<(change: DeviceChange) => void>();
  #known: MediaDeviceInfo[] = [];
  #checking: Promise<void> = Promise.resolve();

  /** Returns how to stop listening. */
  listen(listener: (change: DeviceChange) => void): () => void {
    const devices = typeof navigator === 'undefined' ? undefined : navigator.mediaDevices;
    if (!devices) return () => {};
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      devices.addEventListener('devicechange', this.#onChange);
      void this.refresh();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) devices.removeEventListener('devicechange', this.#onChange);
    };
  }

  /** Takes the list as it is now for known; to be called when permission was given, because that is no change of devices. */
  async refresh(): Promise<void> {
    this.#known = await navigator.mediaDevices.enumerateDevices().catch(() => this.#known);
  }

  readonly #onChange = (): void => {
    this.#checking = this.#checking.then(async () => {
      const before = this.#known;
      await this.refresh();
      for (const change of deviceChanges(before, this.#known)) for (const listener of this.#listeners) listener(change);
    });
  };
}

export const deviceWatch = new DeviceWatch();

/** The entry of a device that is in use, as the payload of DEVICE_CHANGED wants it. */
export async function deviceOf(kind: MediaDeviceKind, deviceId: string | undefined): Promise<MediaDeviceInfo | null> {
  if (!deviceId || !navigator.mediaDevices) return null;
  const list = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return list.find((it) => it.kind === kind && it.deviceId === deviceId) ?? null;
}

async function permissionStatus(type: 'camera' | 'microphone'): Promise<PermissionStatus | null> {
  // Firefox and Safari do not know these names in every version.
  return (await navigator.permissions?.query({ name: type as PermissionName }).catch(() => null)) ?? null;
}

async function request(type: 'camera' | 'microphone'): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia(type === 'camera' ? { video: true } : { audio: true });
  for (const track of stream.getTracks()) track.stop();
  await deviceWatch.refresh();
}

/** A refusal with the device family's code. */
export function deviceError(functionName: string, extraCode: number, message: string, origin: unknown): RtcError {
  const cause = RtcError.convertFrom(origin, functionName);
  return new RtcError({
    code: ERROR_CODE.DEVICE_ERROR,
    extraCode,
    functionName,
    message: `${message} (${cause.originError?.message ?? cause.message})`,
    originError: cause,
  });
}

const TYPE_OF = { videoinput: 'camera', audioinput: 'microphone', audiooutput: 'speaker' } as const;

/** Entries that stand for another one. */
const PSEUDO = new Set(['default', 'communications']);

/** Names that makers of virtual devices give them. */
const VIRTUAL = /virtual|obs|snap camera|manycam|xsplit|vb-audio|voicemeeter|blackhole|soundflower|loopback|ndi/i;
