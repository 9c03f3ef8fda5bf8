// Messages inside H.264 pictures: transforms on the lines of a peer connection, in a worker where the browser has script
// transforms (WebRTC Encoded Transform), on the page where it has only what Chromium had before. What a picture with a
// message looks like is in sei_frames.ts.

import type { Track } from '../protocol.js';
import { seiFrames, type SeiFrames, type SeiMessage } from './sei_frames.js';
import type { Logger } from './types.js';

/** How long a message waits for a picture, in milliseconds. */
const WAIT_MS = 2000;

/** A line as the transforms know it. */
type LineName = string;

/** A message that was received, with the line it came on. */
type Received = (line: LineName, message: SeiMessage) => void;

interface EncodedFrame {
  data: ArrayBuffer;
  getMetadata(): { synchronizationSource?: number; mimeType?: string };
}

interface EncodedStreams {
  readable: ReadableStream<EncodedFrame>;
  writable: WritableStream<EncodedFrame>;
}

/** What Chromium had before script transforms. */
type WithStreams = { createEncodedStreams?(): EncodedStreams };
type WithTransform = { transform?: unknown };
type ScriptTransform = new (worker: Worker, options: { line: LineName; sends: boolean }) => unknown;

/** What a worker is told, and tells. */
interface ToWorker {
  line: LineName;
  message: SeiMessage;
  waitMs: number;
}

/** What a pipe is made with: the same on the page and in a worker. */
interface Pipes {
  open(streams: EncodedStreams, line: LineName, sends: boolean): void;
  send(told: ToWorker): void;
}

/** Whether this browser can do it at all. */
export function canTransform(): boolean {
  return scriptTransform() !== undefined || hasStreams();
}

/** Whether the peer connection must be made for `createEncodedStreams`, which then every line of it must call. */
export function needsStreams(): boolean {
  return scriptTransform() === undefined && hasStreams();
}

/** The transforms of one peer connection. */
export class SeiLines {
  readonly #pipes: Pipes;
  readonly #worker: Worker | null = null;

  constructor(received: Received, log: Logger) {
    if (scriptTransform() === undefined) {
      this.#pipes = pipes(seiFrames, received);
      return;
    }
    const source = `(${work.toString()})(${seiFrames.toString()},${pipes.toString()})`;
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const worker = new Worker(url);
    URL.revokeObjectURL(url);
    worker.onerror = (event) => log.warn(`SEI messages do not work, the worker for them failed: ${event.message}`);
    worker.onmessage = ({ data }: MessageEvent<{ line: LineName; message: SeiMessage }>) => received(data.line, data.message);
    this.#worker = worker;
    this.#pipes = {
      open: () => {},
      send: (told) => worker.postMessage(told),
    };
  }

  /** Puts a transform on a line. With `name` it is a video line that carries messages, else one that only has to flow. */
  attach(end: RTCRtpSender | RTCRtpReceiver, name: LineName | null, sends: boolean): void {
    const Transform = scriptTransform();
    if (this.#worker && Transform) {
      if (name !== null) (end as WithTransform).transform = new Transform(this.#worker, { line: name, sends });
      return;
    }
    const streams = (end as WithStreams).createEncodedStreams?.();
    if (!streams) return;
    if (name === null) void streams.readable.pipeTo(streams.writable).catch(() => {});
    else this.#pipes.open(streams, name, sends);
  }

  /** The message goes with the next picture of the track, on each layer. */
  send(track: Track, message: SeiMessage): void {
    this.#pipes.send({ line: track, message, waitMs: WAIT_MS });
  }

  close(): void {
    this.#worker?.terminate();
  }
}

function scriptTransform(): ScriptTransform | undefined {
  return (globalThis as { RTCRtpScriptTransform?: ScriptTransform }).RTCRtpScriptTransform;
}

function hasStreams(): boolean {
  const sender = (globalThis as { RTCRtpSender?: { prototype: WithStreams } }).RTCRtpSender;
  return typeof sender?.prototype.createEncodedStreams === 'function';
}

/** The pipes of all lines. Refers to nothing outside of itself: its text also runs in the worker. */
function pipes(makeFrames: () => SeiFrames, received: Received): Pipes {
  const frames = makeFrames();
  /** What is yet to be sent, by line, in order. */
  const waiting: { [line: string]: { number: number; until: number; message: SeiMessage }[] } = {};
  let number = 0;

  /** Takes what a layer has not sent yet. Layers are told apart by their synchronisation source. */
  function sending(line: LineName): (frame: EncodedFrame) => void {
    const sent: { [source: number]: number } = {};
    return (frame) => {
      const now = Date.now();
      const all = (waiting[line] ?? []).filter(({ until }) => until > now);
      waiting[line] = all;
      if (all.length === 0) return;
      const source = frame.getMetadata().synchronizationSource ?? 0;
      const fresh = all.filter((it) => it.number > (sent[source] ?? 0));
      if (fresh.length === 0) return;
      const picture = new Uint8Array(frame.data);
      const whole = frames.insert(
        picture,
        fresh.map(({ message }) => message),
      );
      if (whole === picture) return;
      sent[source] = number;
      frame.data = whole.buffer as ArrayBuffer;
    };
  }

  function receiving(line: LineName): (frame: EncodedFrame) => void {
    const fresh = frames.repeats();
    return (frame) => {
      // Browsers that do not tell the codec leave it to the bytes, which in no other codec look like this.
      const { mimeType } = frame.getMetadata();
      const isOther = mimeType !== undefined && !/h264/i.test(mimeType);
      for (const message of fresh(isOther ? [] : frames.extract(new Uint8Array(frame.data)))) received(line, message);
    };
  }

  return {
    open(streams, line, sends) {
      const handle = sends ? sending(line) : receiving(line);
      const transform = new TransformStream<EncodedFrame, EncodedFrame>({
        transform(frame, controller) {
          try {
            handle(frame);
          } catch {
            // A picture goes on whatever it carries.
          }
          controller.enqueue(frame);
        },
      });
      // It ends with its line.
      streams.readable.pipeThrough(transform).pipeTo(streams.writable).catch(() => {});
    },
    send({ line, message, waitMs }) {
      number += 1;
      (waiting[line] ??= []).push({ number, until: Date.now() + waitMs, message });
    },
  };
}

/** What runs in the worker. Refers to nothing outside of itself. */
function work(makeFrames: () => SeiFrames, makePipes: typeof pipes): void {
  const scope = self as unknown as {
    onmessage: (event: MessageEvent<ToWorker>) => void;
    onrtctransform: (event: { transformer: EncodedStreams & { options: { line: string; sends: boolean } } }) => void;
    postMessage(message: unknown): void;
  };
  const all = makePipes(makeFrames, (line, message) => scope.postMessage({ line, message }));
  scope.onmessage = ({ data }) => all.send(data);
  scope.onrtctransform = ({ transformer }) => all.open(transformer, transformer.options.line, transformer.options.sends);
}
