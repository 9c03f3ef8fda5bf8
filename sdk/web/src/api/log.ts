// Log lines for the console, by level. It sends nothing anywhere and is never given a ticket.

import type { Logger } from '../session/types.js';
import { LOG_LEVEL } from './constants.js';

let lowest = LOG_LEVEL.INFO;

/** Lines below this level are dropped, for all instances of the page. */
export function setLogLevel(level: LOG_LEVEL): void {
  lowest = level;
}

/** A logger whose lines begin with `prefix`. */
export function logger(prefix: string): Logger {
  const line =
    (level: LOG_LEVEL, print: (...words: unknown[]) => void) =>
    (...words: unknown[]) => {
      if (level >= lowest) print(`[${prefix}]`, ...words);
    };
  return {
    debug: line(LOG_LEVEL.DEBUG, console.debug.bind(console)),
    info: line(LOG_LEVEL.INFO, console.info.bind(console)),
    warn: line(LOG_LEVEL.WARN, console.warn.bind(console)),
    error: line(LOG_LEVEL.ERROR, console.error.bind(console)),
  };
}
