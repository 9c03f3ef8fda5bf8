// Which codecs are offered, and in what order. Browsers know some fifty variants; what the engine does not forward only
// makes the offer of twenty lines larger.

import type { Codec, MediaKind } from '../protocol.js';

type Capability = RTCRtpCodec;

/** In order of preference. H.264 in the one profile every browser has: constrained baseline, packetization mode 1. */
const VIDEO: ((codec: Capability) => boolean)[] = [
  (codec) => is(codec, 'video/vp8'),
  (codec) =>
    is(codec, 'video/h264') && /profile-level-id=42e01f/i.test(fmtp(codec)) && /packetization-mode=1/.test(fmtp(codec)),
  (codec) => is(codec, 'video/vp9') && !/profile-id=[1-9]/.test(fmtp(codec)),
  (codec) => is(codec, 'video/av1') && !/profile=[1-9]/.test(fmtp(codec)),
  (codec) => is(codec, 'video/rtx'),
];

/** Opus, and packets of it that carry earlier ones (RFC 2198), which the engine sends where much is lost. */
const AUDIO: ((codec: Capability) => boolean)[] = [(codec) => is(codec, 'audio/opus'), (codec) => is(codec, 'audio/red')];

/** The codecs to offer, out of those the browser has; null when the browser had better be left alone. */
export function offeredCodecs(kind: MediaKind, known: Capability[]): Capability[] | null {
  const wanted = kind === 'audio' ? AUDIO : VIDEO;
  const chosen = wanted.flatMap((fits) => known.filter(fits));
  const isUsable = chosen.some((codec) => !is(codec, 'video/rtx') && !is(codec, 'audio/red'));
  return isUsable ? chosen : null;
}

/**
 * The codecs for the microphone's line, out of those the browser has. Chromium carries each packet a second time, inside of the
 * next one, if that is what stands first: a lost one here and there is then no loss.
 */
export function spokenCodecs(known: Capability[]): Capability[] | null {
  return offeredCodecs('audio', known)?.reverse() ?? null;
}

/** The codecs for a line that is to carry SEI messages: H.264 alone; null where the browser does not encode it. */
export function seiCodecs(known: Capability[]): Capability[] | null {
  const chosen = (offeredCodecs('video', known) ?? []).filter((codec) => is(codec, 'video/h264') || is(codec, 'video/rtx'));
  return chosen.some((codec) => is(codec, 'video/h264')) ? chosen : null;
}

/** The codec of this protocol behind a MIME type; what is carried twice is Opus. */
export function codecOf(mimeType: string | undefined): Codec | undefined {
  const codec = mimeType?.split('/')[1]?.toLowerCase();
  if (mimeType?.toLowerCase() === 'audio/red') return 'opus';
  return CODECS.find((known) => known === codec);
}

const CODECS: Codec[] = ['opus', 'vp8', 'h264', 'vp9', 'av1'];

function is(codec: Capability, mimeType: string): boolean {
  return codec.mimeType.toLowerCase() === mimeType;
}

function fmtp(codec: Capability): string {
  return codec.sdpFmtpLine ?? '';
}
