// What this browser can do. It asks the browser; it opens nothing.

import type { SupportResult } from '../api/config.js';

/** `result` is whether a page can enter a room and be heard and seen in it. */
export function support(): SupportResult {
  const devices = typeof navigator === 'undefined' ? undefined : navigator.mediaDevices;
  const sends = codecs('RTCRtpSender');
  const receives = codecs('RTCRtpReceiver');
  const isWebRTCSupported = typeof RTCPeerConnection === 'function' && 'addTransceiver' in RTCPeerConnection.prototype;
  const isMediaDevicesSupported = typeof devices?.getUserMedia === 'function';
  const detail = {
    isBrowserSupported: isWebRTCSupported && typeof WebSocket === 'function',
    isWebRTCSupported,
    isWebCodecsSupported: 'VideoEncoder' in globalThis,
    isMediaDevicesSupported,
    isScreenShareSupported: typeof devices?.getDisplayMedia === 'function',
    isSmallStreamSupported: isWebRTCSupported && 'setParameters' in (globalThis.RTCRtpSender?.prototype ?? {}),
    isH264EncodeSupported: sends.has('video/h264'),
    isH264DecodeSupported: receives.has('video/h264'),
    isVp8EncodeSupported: sends.has('video/vp8'),
    isVp8DecodeSupported: receives.has('video/vp8'),
  };
  const encodes = detail.isH264EncodeSupported || detail.isVp8EncodeSupported;
  const decodes = detail.isH264DecodeSupported || detail.isVp8DecodeSupported;
  return { result: detail.isBrowserSupported && isMediaDevicesSupported && encodes && decodes, detail };
}

/** Types of the video codecs of one direction, in lower case. */
function codecs(side: 'RTCRtpSender' | 'RTCRtpReceiver'): Set<string> {
  const list = globalThis[side]?.getCapabilities?.('video')?.codecs ?? [];
  return new Set(list.map((it) => it.mimeType.toLowerCase()));
}
