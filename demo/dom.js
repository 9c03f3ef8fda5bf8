// Building elements. Texts go in as text, never as markup.

/** The element of an id; the page has it, or the page is broken. */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}`);
  return element;
}

/** A new element. `attributes` may hold `class`, `text` and any attribute; null and false leave one out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') element.className = value;
    else if (name === 'text') element.textContent = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** A drawing of the page's symbol list. */
export function icon(name, extraClass = '') {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', `icon ${extraClass}`.trim());
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Four bars for a network quality of 0..=6. */
export function qualityBars() {
  return make('span', { class: 'quality', role: 'img' }, make('i'), make('i'), make('i'), make('i'));
}

/** At most two letters that stand for a user. */
export function initials(userId) {
  const parts = userId.split(/[-_\s.]+|(?<=[a-z])(?=[A-Z])/).filter((part) => /[\p{L}\p{N}]/u.test(part));
  const letters = parts.length > 1 ? [...parts[0]][0] + [...parts[1]][0] : [...(parts[0] ?? userId)].slice(0, 2).join('');
  return letters.toUpperCase();
}

/** A colour that stays with a user: degrees on the colour wheel. */
export function hue(userId) {
  let sum = 7;
  for (const char of userId) sum = (sum * 131 + char.codePointAt(0) * 977) % 99991;
  return sum % 360;
}

/** Minutes and seconds, with hours where there are any. */
export function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = (n) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
