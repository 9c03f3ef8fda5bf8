// A picture turned or mirrored before it is published: a track in, a track out. It draws on a canvas; it knows no camera.

/** How the published picture differs from the captured one. */
export interface Transform {
  /** Degrees clockwise. */
  rotation: 0 | 90 | 180 | 270;
  mirror: boolean;
}

/** A transformed track. */
export interface TransformedPicture {
  readonly track: MediaStreamTrack;
  readonly source: MediaStreamTrack;
  readonly transform: Transform;
  close(): void;
}

/**
 * Frame by frame where the browser hands out frames, because that goes on in the background; else by painting a playing <video>, which
 * browsers slow down to about a frame a second while the page is hidden.
 */
export function transformPicture(source: MediaStreamTrack, transform: Transform, frameRate: number): TransformedPicture {
  const { MediaStreamTrackProcessor: Processor, MediaStreamTrackGenerator: Generator } = globalThis as Breakout;
  if (Processor && Generator && typeof OffscreenCanvas !== 'undefined')
    return byFrames(source, transform, Processor, Generator);
  return byPainting(source, transform, frameRate);
}

type Context2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Fits the canvas to a source of this size and sets the matrix, so that drawing at 0, 0 comes out as wanted. */
function prepare(context: Context2D, width: number, height: number, { rotation, mirror }: Transform): void {
  const { canvas } = context;
  const across = rotation === 90 || rotation === 270;
  const [wide, high] = across ? [height, width] : [width, height];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  context.setTransform(1, 0, 0, 1, wide / 2, high / 2);
  // Mirrored as it will be seen: after turning.
  if (mirror) context.scale(-1, 1);
  context.rotate((rotation * Math.PI) / 180);
  context.translate(-width / 2, -height / 2);
}

function byFrames(
  source: MediaStreamTrack,
  transform: Transform,
  Processor: NonNullable<Breakout['MediaStreamTrackProcessor']>,
  Generator: NonNullable<Breakout['MediaStreamTrackGenerator']>,
): TransformedPicture {
  const stop = new AbortController();
  // A clone, so that stopping here does not stop the preview of the source.
  const input = source.clone();
  const output = new Generator({ kind: 'video' });
  const context = new OffscreenCanvas(2, 2).getContext('2d', { alpha: false, desynchronized: true });
  const turned = new TransformStream<VideoFrame, VideoFrame>({
    transform(frame, controller) {
      if (!context) return controller.enqueue(frame);
      const { timestamp } = frame;
      prepare(context, frame.displayWidth, frame.displayHeight, transform);
      context.drawImage(frame, 0, 0, frame.displayWidth, frame.displayHeight);
      frame.close();
      controller.enqueue(new VideoFrame(context.canvas, { timestamp, alpha: 'discard' }));
    },
  });
  new Processor({ track: input }).readable
    .pipeThrough(turned, { signal: stop.signal })
    .pipeTo(output.writable, { signal: stop.signal })
    .catch(() => {});
  return {
    track: output,
    source,
    transform,
    close: () => {
      stop.abort();
      input.stop();
      output.stop();
    },
  };
}

function byPainting(source: MediaStreamTrack, transform: Transform, frameRate: number): TransformedPicture {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([source]);
  void video.play().catch(() => {});
  const canvas = document.createElement('canvas');
  const { width = 640, height = 480 } = source.getSettings();
  const context = canvas.getContext('2d', { alpha: false });
  if (context) prepare(context, width, height, transform);
  const paint = (): void => {
    if (!context || video.videoWidth === 0) return;
    prepare(context, video.videoWidth, video.videoHeight, transform);
    context.drawImage(video, 0, 0);
  };
  const timer = setInterval(paint, 1000 / frameRate);
  const [track] = canvas.captureStream(frameRate).getVideoTracks();
  if (!track) throw new Error('a captured canvas always has one video track');
  return {
    track,
    source,
    transform,
    close: () => {
      clearInterval(timer);
      video.srcObject = null;
      track.stop();
    },
  };
}

/** "MediaStreamTrack Insertable Media Processing using Streams" as Chromium has it on the main thread; not in the type definitions. */
interface Breakout {
  MediaStreamTrackProcessor?: new (init: { track: MediaStreamTrack }) => { readable: ReadableStream<VideoFrame> };
  MediaStreamTrackGenerator?: new (init: { kind: 'video' }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };
}
