// The page's one AudioContext: browsers allow few, and none runs before the user has touched the page. It mixes nothing itself.

let context: AudioContext | null = null;

/** The context, made at first use. It may still be suspended; `resumeAudioContext` in a click, or capturing, starts it. */
export function audioContext(): AudioContext {
  if (!context || context.state === 'closed') context = new AudioContext();
  if (context.state !== 'running') void context.resume().catch(() => {});
  return context;
}

/** Starts the context if there is one; to be called from a user's gesture. */
export function resumeAudioContext(): void {
  if (context && context.state !== 'running') void context.resume().catch(() => {});
}

/** Sends the context's sound to a speaker, where the browser can. */
export async function setAudioContextSink(speakerId: string): Promise<void> {
  const target = context as (AudioContext & { setSinkId?: (id: string) => Promise<void> }) | null;
  await target?.setSinkId?.(speakerId === 'default' ? '' : speakerId);
}
