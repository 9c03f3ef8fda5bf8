// What the browser tells of the network and of the page. It draws no conclusions.

/** `moved`: the network may be another one. `woken`: the page is seen again, or goes on after it was frozen. */
export type Sign = 'moved' | 'woken';

/** Tells of each sign until the function that it gives is called. */
export type WatchNetwork = (told: (sign: Sign) => void) => () => void;

export const watchNetwork: WatchNetwork = (told) => {
  const moved = () => told('moved');
  const woken = () => told('woken');
  const seen = () => document.visibilityState === 'visible' && told('woken');
  const { connection } = globalThis.navigator as { connection?: EventTarget };
  const sources: [EventTarget | undefined, string, () => void][] = [
    [globalThis.window, 'online', moved],
    // Chromium tells here that Wi-Fi became something else, also where there was never nothing.
    [connection, 'change', moved],
    [globalThis.document, 'visibilitychange', seen],
    [globalThis.document, 'resume', woken],
    [globalThis.window, 'pageshow', woken],
  ];
  for (const [source, name, tell] of sources) source?.addEventListener(name, tell);
  return () => {
    for (const [source, name, tell] of sources) source?.removeEventListener(name, tell);
  };
};
