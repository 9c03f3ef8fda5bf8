// Layer math: what each encoding of a sender is to be, from the wishes of the caller, the size of the source and the
// demand the engine told. It touches no sender.

import type { Track } from '../protocol.js';
import type { Encoding, LocalTrackOptions } from './types.js';

/** Pixels; 0 where unknown. */
export interface Size {
  width: number;
  height: number;
}

/** Which layers somebody watches, as the engine says. */
export interface Demand {
  big: boolean;
  small: boolean;
}

/** One encoding of a sender, in the order of its encodings. An absent field is left to the browser. */
export interface Shape {
  active: boolean;
  maxBitrate?: number;
  maxFramerate?: number;
  scaleResolutionDownBy?: number;
}

/** Before the engine has said anything: it switches the big layer off itself when nobody watches, and asks for the small. */
export const FIRST_DEMAND: Demand = { big: true, small: false };

/**
 * Below this many pixels libwebrtc (and so Chromium and Safari) sends one layer only, however many are active; the first
 * two-layer size of its table of simulcast formats is 480x270.
 */
const TWO_LAYERS_PIXELS = 480 * 270;

/** What the microphone may take with everything that is repeated, and what a voice gets at least; bits a second. */
const SPOKEN_BITS = 400_000;
const VOICE_BITS = 22_000;

/** The microphone's encoding where each packet carries so many before it: the bits are taken from the voice, not from the network. */
export function besideRepeated(shape: Shape, earlier: number): Shape {
  // Browsers repeat one by themselves, of whatever size.
  if (earlier < 2) return shape;
  const left = Math.max(VOICE_BITS, Math.floor(SPOKEN_BITS / (earlier + 1)));
  return { ...shape, maxBitrate: Math.min(shape.maxBitrate ?? left, left) };
}

/** The encodings of a track: one for microphone and screen, big and small for the camera. */
export function shapes(track: Track, source: Size, options: LocalTrackOptions, demand: Demand): Shape[] {
  const { big, small } = options;
  if (track === 'microphone') return [{ active: true, maxBitrate: bits(big) }];
  const isOn = !options.muted;
  const bigShape: Shape = {
    active: isOn && demand.big,
    maxBitrate: bits(big),
    maxFramerate: big?.frameRate || undefined,
    scaleResolutionDownBy: big ? scale(source, big) : 1,
  };
  if (track === 'screen') return [bigShape];
  const smallShape: Shape = {
    active: isOn && demand.small && hasSmall(source, options),
    maxBitrate: bits(small),
    maxFramerate: small?.frameRate || undefined,
    scaleResolutionDownBy: small ? Math.max(scale(source, small), bigShape.scaleResolutionDownBy ?? 1) : 1,
  };
  return [bigShape, smallShape];
}

/** Whether the camera comes with a small layer: wished for, and the picture large enough to be sent twice. */
export function hasSmall(source: Size, { big, small }: LocalTrackOptions): boolean {
  if (!small) return false;
  const pixels = source.width * source.height || (big ? big.width * big.height : 0);
  return pixels === 0 || pixels >= TWO_LAYERS_PIXELS;
}

/**
 * How much a source must shrink to fit into a size, never below 1. Only long and short sides are compared: a phone that
 * is turned changes its source's orientation, not the wish.
 */
export function scale(source: Size, target: Size): number {
  if (!source.width || !source.height || !target.width || !target.height) return 1;
  const [long, short] = sides(source);
  const [wishedLong, wishedShort] = sides(target);
  return Math.max(1, long / wishedLong, short / wishedShort);
}

function sides({ width, height }: Size): [number, number] {
  return width > height ? [width, height] : [height, width];
}

function bits(encoding: Encoding | null | undefined): number | undefined {
  return encoding?.bitrateKbps ? Math.round(encoding.bitrateKbps * 1000) : undefined;
}
