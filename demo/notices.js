// What the page tells on its own: toasts, banners, and the screen at the end of a call.

import { byId, clock, icon, make } from './dom.js';
import { t, write } from './words.js';

const TOAST_MS = { info: 4000, good: 4000, warn: 6000, bad: 9000 };
const ICONS = { info: 'info', good: 'check', warn: 'warn', bad: 'warn' };
const MOST_TOASTS = 4;
const END_ICONS = { kick: 'twins', banned: 'stop', room_disband: 'door', lost: 'nowifi', left: 'leave' };

/** Tells something for a few seconds. `kind`: info, good, warn, bad. The same words are not told twice at a time. */
export function toast(kind, key, fill) {
  const box = byId('toasts');
  const text = t(key, fill);
  if ([...box.children].some((one) => one.textContent === text)) return;
  while (box.children.length >= MOST_TOASTS) box.firstChild.remove();
  const words = make('span', { class: 'toast-text' });
  write(words, key, fill);
  const close = make('button', { type: 'button', class: 'ghost square', 'aria-label': t('panel.close') }, icon('close'));
  const one = make('div', { class: 'toast', 'data-testid': 'toast', 'data-kind': kind }, icon(ICONS[kind]), words, close);
  const timer = setTimeout(() => one.remove(), TOAST_MS[kind]);
  close.addEventListener('click', () => {
    clearTimeout(timer);
    one.remove();
  });
  box.append(one);
}

/** Takes every toast away: the news of a call that is over are no news. */
export function clearToasts() {
  byId('toasts').replaceChildren();
}

/** Shows a banner until it is taken away with `clearBanner`. `action`: {key, testid, run}. */
export function banner(state, { kind, key, spin = false, action }) {
  clearBanner(state);
  const words = make('span');
  write(words, key);
  const one = make('div', { class: 'banner', 'data-testid': 'banner', 'data-state': state, 'data-kind': kind });
  one.append(spin ? make('span', { class: 'spinner', 'aria-hidden': 'true' }) : icon(ICONS[kind]), words);
  if (action) {
    const button = make('button', { type: 'button', class: 'plain small', 'data-testid': action.testid });
    write(button, action.key);
    button.addEventListener('click', action.run);
    one.append(button);
  }
  byId('banners').append(one);
}

/** Takes a banner away. True if it was there. */
export function clearBanner(state) {
  const one = byId('banners').querySelector(`[data-state="${state}"]`);
  one?.remove();
  return Boolean(one);
}

/** Takes every banner away. */
export function clearBanners() {
  byId('banners').replaceChildren();
}

/** Fills the screen at the end of a call. `reason`: kick, banned, room_disband, lost, left. */
export function showEnd(reason, { user, spent }) {
  const known = END_ICONS[reason] ? reason : 'banned';
  const card = byId('ended-card');
  card.dataset.reason = reason;
  card.dataset.testid = reason === 'left' ? 'left-message' : 'kicked-message';
  byId('ended-icon').replaceChildren(icon(END_ICONS[known]));
  write(byId('ended-title'), `ended.${known}`);
  write(byId('ended-text'), `ended.${known}Text`, { user, time: clock(spent) });
  byId('rejoin').focus();
}
