// Profiles by name and the arithmetic on them: sizes, rates, constraints. Pure; it touches no device.

import type { AudioProfile, QosPreference, VideoProfile } from '../api/config.js';
import type { Encoding } from '../session/types.js';

const video = (width: number, height: number, frameRate: number, bitrate: number): VideoProfile => ({
  width,
  height,
  frameRate,
  bitrate,
});

/** Camera profiles. */
export const VIDEO_PROFILES = {
  '120p': video(160, 120, 15, 200),
  '120p_2': video(160, 120, 15, 100),
  '180p': video(320, 180, 15, 350),
  '180p_2': video(320, 180, 15, 150),
  '240p': video(320, 240, 15, 400),
  '240p_2': video(320, 240, 15, 200),
  '360p': video(640, 360, 15, 800),
  '360p_2': video(640, 360, 15, 400),
  '480p': video(640, 480, 15, 900),
  '480p_2': video(640, 480, 15, 500),
  '720p': video(1280, 720, 15, 1500),
  '1080p': video(1920, 1080, 15, 2000),
  '1440p': video(2560, 1440, 30, 4860),
  '4K': video(3840, 2160, 30, 9000),
} as const;

/** Screen profiles. */
export const SCREEN_PROFILES = {
  '480p': video(640, 480, 5, 900),
  '480p_2': video(640, 480, 30, 1000),
  '720p': video(1280, 720, 5, 1200),
  '720p_2': video(1280, 720, 30, 3000),
  '1080p': video(1920, 1080, 5, 1600),
  '1080p_2': video(1920, 1080, 30, 4000),
} as const;

/** Microphone profiles. */
export const AUDIO_PROFILES = {
  standard: { sampleRate: 48000, channelCount: 1, bitrate: 40 },
  'standard-stereo': { sampleRate: 48000, channelCount: 2, bitrate: 64 },
  high: { sampleRate: 48000, channelCount: 1, bitrate: 192 },
  'high-stereo': { sampleRate: 48000, channelCount: 2, bitrate: 192 },
} as const satisfies Record<string, AudioProfile>;

export type VideoProfileName = keyof typeof VIDEO_PROFILES;
export type ScreenProfileName = keyof typeof SCREEN_PROFILES;
export type AudioProfileName = keyof typeof AUDIO_PROFILES;

export const DEFAULT_VIDEO_PROFILE: VideoProfileName = '480p_2';
export const DEFAULT_SMALL_PROFILE: VideoProfileName = '120p';
export const DEFAULT_SCREEN_PROFILE: ScreenProfileName = '1080p';
export const DEFAULT_AUDIO_PROFILE: AudioProfileName = 'standard';

/** The profile of a name, or the custom one as it is. */
export function videoProfile(profile: VideoProfileName | VideoProfile | undefined): VideoProfile {
  return typeof profile === 'object' ? profile : VIDEO_PROFILES[profile ?? DEFAULT_VIDEO_PROFILE];
}

export function screenProfile(profile: ScreenProfileName | VideoProfile | undefined): VideoProfile {
  return typeof profile === 'object' ? profile : SCREEN_PROFILES[profile ?? DEFAULT_SCREEN_PROFILE];
}

export function audioProfile(profile: AudioProfileName | undefined): AudioProfile {
  return AUDIO_PROFILES[profile ?? DEFAULT_AUDIO_PROFILE];
}

/** The small layer that was asked for; nothing when there is none. */
export function smallProfile(small: VideoProfileName | VideoProfile | boolean | undefined): VideoProfile | null {
  if (!small) return null;
  return videoProfile(small === true ? DEFAULT_SMALL_PROFILE : small);
}

/** A size in pixels. */
export interface Size {
  width: number;
  height: number;
}

/**
 * The big layer of a picture that is really `actual` pixels: what the profile asks for, in the picture's own orientation and shape and
 * never more than it has. A camera that gives 4:3 for a 16:9 profile, or a phone held upright, keeps its shape.
 */
export function bigEncoding(profile: VideoProfile, actual: Size | null): Encoding {
  const { frameRate, bitrate: bitrateKbps } = profile;
  if (!actual || actual.width <= 0 || actual.height <= 0) {
    return { width: profile.width, height: profile.height, frameRate, bitrateKbps };
  }
  return { ...fitInside(actual, profile), frameRate, bitrateKbps };
}

/** The small layer beside `big`: of its shape, never larger and never faster. */
export function smallEncoding(profile: VideoProfile, big: Encoding): Encoding {
  const size = big.width > 0 && big.height > 0 ? fitInside(big, profile) : profile;
  return {
    width: size.width,
    height: size.height,
    frameRate: Math.min(profile.frameRate, big.frameRate || profile.frameRate),
    bitrateKbps: Math.min(profile.bitrate, big.bitrateKbps || profile.bitrate),
  };
}

/** What a picture of this size deserves: its own size, at the rate of the smallest camera profile that holds it. */
export function profileFor(size: Size, frameRate: number): VideoProfile {
  const profiles = Object.entries(VIDEO_PROFILES)
    .filter(([name]) => !name.endsWith('_2'))
    .map(([, profile]) => profile);
  const holding = profiles.filter((it) => it.width * it.height >= size.width * size.height);
  const bitrate = Math.min(...holding.map((it) => it.bitrate), Math.max(...profiles.map((it) => it.bitrate)));
  return { ...size, frameRate: frameRate || VIDEO_PROFILES[DEFAULT_VIDEO_PROFILE].frameRate, bitrate };
}

/** Where to save when the uplink is short, by preference. */
export function degradation(preference: QosPreference): RTCDegradationPreference {
  return preference === 'clear' ? 'maintain-resolution' : 'maintain-framerate';
}

/** What the encoder is told of a picture's content. A camera that should stay clear is text or a product held up: detail. */
export function contentHint(preference: QosPreference): string {
  return preference === 'clear' ? 'detail' : 'motion';
}

/**
 * `actual` shrunk, with its shape, until its long and its short side fit those of `box`. Sides are even, because encoders work on
 * halved colour planes.
 */
function fitInside(actual: Size, box: Size): Size {
  const long = Math.max(box.width, box.height);
  const short = Math.min(box.width, box.height);
  const wide = actual.width >= actual.height;
  const scale = Math.min(1, (wide ? long : short) / actual.width, (wide ? short : long) / actual.height);
  return scale === 1
    ? { width: actual.width, height: actual.height }
    : { width: even(actual.width * scale), height: even(actual.height * scale) };
}

function even(pixels: number): number {
  return Math.max(2, Math.round(pixels / 2) * 2);
}
