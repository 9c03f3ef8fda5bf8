// Opening cameras, microphones and screens: constraints and errors. It keeps nothing; a captured track is the caller's to stop.

import type { AudioProfile, ScreenShareConfig, VideoProfile } from '../api/config.js';
import { EXTRA_CODE } from '../api/constants.js';
import { notSupported, RtcError } from '../api/error.js';

/** A camera to open. */
export interface CameraWish {
  cameraId?: string;
  useFrontCamera?: boolean;
  profile: VideoProfile;
  avoidCropping?: boolean;
}

/** A microphone to open. */
export interface MicrophoneWish {
  microphoneId?: string;
  profile: AudioProfile;
  echoCancellation?: boolean | 'remote-only' | 'all';
  autoGainControl?: boolean;
  noiseSuppression?: boolean;
}

/** Rejects with DEVICE_ERROR, or ENV_NOT_SUPPORTED where pages cannot capture. */
export async function captureCamera(functionName: string, wish: CameraWish): Promise<MediaStreamTrack> {
  const stream = await capture(functionName, { video: cameraConstraints(wish) });
  return only(stream.getVideoTracks(), functionName);
}

export async function captureMicrophone(functionName: string, wish: MicrophoneWish): Promise<MediaStreamTrack> {
  const stream = await capture(functionName, { audio: microphoneConstraints(wish) });
  return only(stream.getAudioTracks(), functionName);
}

/** The picture, and the system's sound if it was wanted and the user gave it. */
export async function captureScreen(
  functionName: string,
  profile: VideoProfile,
  option: NonNullable<ScreenShareConfig['option']>,
): Promise<{ picture: MediaStreamTrack; sound: MediaStreamTrack | null }> {
  const devices = mediaDevices(functionName);
  if (typeof devices.getDisplayMedia !== 'function') {
    throw notSupported(
      functionName,
      EXTRA_CODE.NO_SCREEN_CAPTURE,
      'this browser cannot capture a screen; use a desktop browser',
    );
  }
  let stream: MediaStream;
  try {
    stream = await devices.getDisplayMedia(screenConstraints(profile, option));
  } catch (error) {
    throw RtcError.convertFrom(error, functionName);
  }
  const picture = only(stream.getVideoTracks(), functionName);
  if (option.captureElement) await crop(functionName, picture, option.captureElement);
  return { picture, sound: stream.getAudioTracks()[0] ?? null };
}

/** The page's devices. Throws 5201 on a page that is not secure, 5202 in a browser without them. */
export function mediaDevices(functionName: string): MediaDevices {
  const { mediaDevices: devices } = navigator;
  if (devices) return devices;
  if (!isSecureContext) {
    throw notSupported(functionName, EXTRA_CODE.NOT_HTTPS, 'devices need a secure page; open it by https or from localhost');
  }
  throw notSupported(functionName, EXTRA_CODE.NO_WEBRTC, 'this browser gives pages no devices; use another one');
}

/** Ideal values: a camera that has another size is better than none. Only the device itself is a must. */
export function cameraConstraints(wish: CameraWish): MediaTrackConstraints {
  const { width, height, frameRate } = wish.profile;
  const constraints: MediaTrackConstraints & { resizeMode?: string } = {
    width: { ideal: width },
    height: { ideal: height },
    frameRate: { ideal: frameRate },
  };
  if (wish.cameraId) constraints.deviceId = { exact: wish.cameraId };
  else if (wish.useFrontCamera !== undefined) constraints.facingMode = { ideal: wish.useFrontCamera ? 'user' : 'environment' };
  // The camera's own mode with its full field of view; the encoder then scales, without cutting the sides off.
  if (wish.avoidCropping) constraints.resizeMode = 'none';
  return constraints;
}

export function microphoneConstraints(wish: MicrophoneWish): MediaTrackConstraints {
  const constraints: MediaTrackConstraints = {
    // The type definitions know only booleans; "all" and "remote-only" are of the newer Media Capture draft.
    echoCancellation: (wish.echoCancellation ?? true) as boolean,
    autoGainControl: wish.autoGainControl ?? true,
    noiseSuppression: wish.noiseSuppression ?? true,
    sampleRate: { ideal: wish.profile.sampleRate },
    channelCount: { ideal: wish.profile.channelCount },
  };
  if (wish.microphoneId) constraints.deviceId = { exact: wish.microphoneId };
  return constraints;
}

export function screenConstraints(
  profile: VideoProfile,
  option: NonNullable<ScreenShareConfig['option']>,
): DisplayMediaStreamOptions {
  const surface = option.captureElement ? 'current-tab' : (option.preferDisplaySurface ?? 'monitor');
  const sound = {
    echoCancellation: option.echoCancellation ?? false,
    autoGainControl: option.autoGainControl ?? false,
    noiseSuppression: option.noiseSuppression ?? false,
  };
  const options: DisplayMediaStreamOptions & Record<string, unknown> = {
    // Bounds, not wishes: a screen is scaled down to the profile, never up.
    video: {
      width: { max: profile.width },
      height: { max: profile.height },
      frameRate: { max: profile.frameRate },
      displaySurface: surface === 'current-tab' || surface === 'tab' ? 'browser' : surface,
    },
    audio: option.systemAudio && !option.audioTrack ? sound : false,
  };
  if (surface === 'current-tab') options.preferCurrentTab = true;
  if (option.selfBrowserSurface) options.selfBrowserSurface = option.selfBrowserSurface;
  else if (surface === 'current-tab') options.selfBrowserSurface = 'include';
  if (option.systemAudio) options.systemAudio = 'include';
  return options;
}

async function capture(functionName: string, constraints: MediaStreamConstraints): Promise<MediaStream> {
  try {
    return await mediaDevices(functionName).getUserMedia(constraints);
  } catch (error) {
    throw RtcError.convertFrom(error, functionName);
  }
}

/** Region capture (W3C draft "Region Capture"): only Chromium, only of the own tab. */
async function crop(functionName: string, picture: MediaStreamTrack, element: HTMLElement): Promise<void> {
  const { CropTarget } = globalThis as { CropTarget?: { fromElement(element: Element): Promise<unknown> } };
  const track = picture as MediaStreamTrack & { cropTo?: (target: unknown) => Promise<void> };
  try {
    if (!CropTarget || !track.cropTo) {
      throw notSupported(
        functionName,
        EXTRA_CODE.NO_SCREEN_CAPTURE,
        'this browser cannot share one element; leave captureElement out',
      );
    }
    await track.cropTo(await CropTarget.fromElement(element));
  } catch (error) {
    picture.stop();
    throw RtcError.convertFrom(error, functionName);
  }
}

function only(tracks: MediaStreamTrack[], functionName: string): MediaStreamTrack {
  const [track] = tracks;
  if (!track) throw RtcError.convertFrom(new Error('the browser gave no track'), functionName);
  return track;
}
