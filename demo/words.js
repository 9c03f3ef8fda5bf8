// The demo's two languages: which one is on, and every text on the page kept in it. It holds no texts itself.

import { english } from './words-en.js';
import { chinese } from './words-zh.js';
import { recall, remember } from './memory.js';

const TABLES = { en: english, zh: chinese };
const NAMES = { en: 'English', zh: '中文' };
const SLOTS = {
  t: (element, text) => (element.textContent = text),
  tLabel: (element, text) => {
    element.setAttribute('aria-label', text);
    if (element.matches('button')) element.title = text;
  },
  tPlaceholder: (element, text) => element.setAttribute('placeholder', text),
};

/** Values to fill into a text's `{holes}`, by element and slot. */
const values = new WeakMap();
const listeners = new Set();
let language = choose();

/** The text of a key, its `{holes}` filled. A key that is missing shows as itself. */
export function t(key, fill) {
  const text = TABLES[language][key] ?? TABLES.en[key] ?? key;
  return fill ? text.replace(/\{(\w+)\}/g, (hole, name) => String(fill[name] ?? hole)) : text;
}

/** Whether a key has a text. */
export function has(key) {
  return key in TABLES.en;
}

/** Writes a text into an element and keeps it in the language that is on. `slot`: t, tLabel or tPlaceholder. */
export function write(element, key, fill, slot = 't') {
  element.dataset[slot] = key;
  const kept = values.get(element) ?? {};
  kept[slot] = fill;
  values.set(element, kept);
  SLOTS[slot](element, t(key, fill));
}

/** Writes every text below an element anew. */
export function writeAll(root = document) {
  for (const [slot, put] of Object.entries(SLOTS)) {
    const attribute = `data-${slot.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
    for (const element of root.querySelectorAll(`[${attribute}]`)) {
      put(element, t(element.dataset[slot], values.get(element)?.[slot]));
    }
  }
}

/** Calls back after the language was changed, for texts that are made of several parts. */
export function onLanguage(listener) {
  listeners.add(listener);
}

/** The language that is on: `en` or `zh`. */
export function currentLanguage() {
  return language;
}

/** Switches to the other language and remembers it. */
export function switchLanguage() {
  language = language === 'en' ? 'zh' : 'en';
  remember('language', language);
  apply();
}

/** Puts the language that is on on the page. */
export function apply() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const element of document.querySelectorAll('[data-language-name]')) {
    // Shows where the switch leads to.
    element.textContent = NAMES[language === 'en' ? 'zh' : 'en'];
  }
  writeAll();
  for (const listener of listeners) listener(language);
}

function choose() {
  const asked = new URLSearchParams(location.search).get('lang') ?? recall('language');
  if (asked in TABLES) return asked;
  return /^zh\b/i.test(navigator.language) ? 'zh' : 'en';
}
