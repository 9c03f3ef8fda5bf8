// A picture as a video track: published in place of a muted camera. It loads and draws; when to publish it is decided elsewhere.

import { ERROR_CODE } from '../api/constants.js';
import { RtcError } from '../api/error.js';
import type { Size } from './profiles.js';

export interface StillPicture {
  readonly url: string;
  readonly track: MediaStreamTrack;
  close(): void;
}

/** Frames a second: enough for a viewer who comes later to get a key frame soon. */
const FRAME_RATE = 5;

/** The whole picture in the middle of `size`, on black. Rejects with OPERATION_FAILED when it cannot be loaded or may not be used. */
export async function stillPicture(functionName: string, url: string, size: Size): Promise<StillPicture> {
  const image = new Image();
  // Without permission of its server a picture may be shown, but not be sent on.
  image.crossOrigin = 'anonymous';
  image.src = url;
  try {
    await image.decode();
  } catch (error) {
    throw new RtcError({
      code: ERROR_CODE.OPERATION_FAILED,
      functionName,
      message: `config.mute: the picture ${url} cannot be loaded; check its address and that its server allows other origins`,
      originError: error as Error,
    });
  }
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: size.width, height: size.height });
  const context = canvas.getContext('2d', { alpha: false });
  const scale = Math.min(canvas.width / image.naturalWidth, canvas.height / image.naturalHeight);
  const [width, height] = [image.naturalWidth * scale, image.naturalHeight * scale];
  const draw = (): void => context?.drawImage(image, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
  draw();
  const [track] = canvas.captureStream(FRAME_RATE).getVideoTracks();
  if (!track) throw new Error('a captured canvas always has one video track');
  // A canvas that is not painted gives no frames.
  const timer = setInterval(draw, 1000 / FRAME_RATE);
  return {
    url,
    track,
    close: () => {
      clearInterval(timer);
      track.stop();
    },
  };
}
