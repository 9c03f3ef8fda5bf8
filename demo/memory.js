// What the page remembers between visits. Storage can be refused by the browser; then nothing is remembered.

const PREFIX = 'rtc-engine-demo.';

/** A remembered text, or `fallback`. */
export function recall(name, fallback = '') {
  try {
    return localStorage.getItem(PREFIX + name) ?? fallback;
  } catch {
    return fallback;
  }
}

/** Remembers a text. */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Private windows refuse; the choice lasts for this visit.
  }
}
