// Where the engine is: the places an address is looked for, in their order. It opens no connection.

import { SessionError } from './types.js';

/** The places, most telling first. Empty ones are passed over. */
export interface AddressPlaces {
  /** `enterRoom({proxy})`: the string, or its `websocketProxy`. */
  proxy?: string;
  /** `TRTC.create({server})`. */
  create?: string;
  /** `window.RTC_ENGINE_SERVER`. */
  global?: string;
  /** `<meta name="rtc-engine-server" content="…">`. */
  meta?: string;
  /** The address this script was loaded from; counts only under `/sdk/`, where engines serve it. */
  script?: string;
  /** The page's origin. */
  page?: string;
}

declare const __RTC_SCRIPT_URL__: string | undefined;

/** What page and script say by themselves: everything but `proxy` and `create`. */
export function placesOfPage(): AddressPlaces {
  if (typeof window === 'undefined') return {};
  const { RTC_ENGINE_SERVER: global } = window as { RTC_ENGINE_SERVER?: unknown };
  return {
    global: typeof global === 'string' ? global : undefined,
    meta: document.querySelector<HTMLMetaElement>('meta[name="rtc-engine-server"]')?.content,
    script: typeof __RTC_SCRIPT_URL__ === 'string' ? __RTC_SCRIPT_URL__ : undefined,
    page: window.location.origin,
  };
}

/**
 * The engine's address: an http(s) or ws(s) URL whose path is a prefix. Throws `unreachable` when the first place that
 * says something says nothing usable, or no place says anything.
 */
export function engineAddress(places: AddressPlaces): string {
  const named: [string, string | undefined][] = [
    ['enterRoom({proxy})', places.proxy],
    ['TRTC.create({server})', places.create],
    ['window.RTC_ENGINE_SERVER', places.global],
    ['<meta name="rtc-engine-server">', places.meta],
  ];
  for (const [place, value] of named) {
    const text = value?.trim();
    if (!text) continue;
    if (!webUrl(text)) {
      throw SessionError.local('unreachable', `${place} is not an http, https, ws or wss URL: ${text}`);
    }
    return text;
  }
  const script = places.script ? webUrl(places.script) : null;
  if (script?.pathname.startsWith('/sdk/')) return script.origin;
  // A page from a file or a sandboxed frame has the origin "null".
  if (places.page && webUrl(places.page)) return places.page;
  throw SessionError.local('unreachable', 'no address of the engine is known; give one to TRTC.create({server})');
}

/** The WebSocket's URL at an engine's address: `https://host/prefix` becomes `wss://host/prefix/v1/signal`. */
export function signalUrl(server: string): string {
  const url = webUrl(server);
  if (!url) throw SessionError.local('unreachable', `not an http, https, ws or wss URL: ${server}`);
  const scheme = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
  return `${scheme}//${url.host}${url.pathname.replace(/\/+$/, '')}/v1/signal${url.search}`;
}

function webUrl(text: string): URL | null {
  let url;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  return /^(https?|wss?):$/.test(url.protocol) ? url : null;
}
