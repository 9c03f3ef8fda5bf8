// Menus: a small window of choices above a button (a sheet from below on a phone), and the same choices in a dialog.

import { make, icon } from './dom.js';
import { t, write } from './words.js';

let open = null;

/**
 * Opens a menu at a button. `sections` is a list, or a function that makes it (also a promise of it) and is asked again
 * after each choice. A section is one of
 *   {kind: 'radio', title, options: [{id, key | label, checked}], pick(id)}
 *   {kind: 'check', key, checked, toggle(on)}
 *   {kind: 'range', key, value, max, input(value)}
 *   {kind: 'action', key, icon, run(), danger}
 *   {kind: 'note', key}
 */
export async function openMenu(button, title, sections) {
  if (open?.button === button) {
    closeMenu();
    return;
  }
  closeMenu();
  const box = make('div', { class: 'menu', role: 'dialog', 'aria-label': title, 'data-testid': 'menu', tabindex: '-1' });
  const shade = make('div', { class: 'menu-shade' });
  const here = (open = { button, box, shade });
  button.setAttribute('aria-expanded', 'true');
  const list = await draw(box, sections);
  if (open !== here) return;
  document.body.append(shade, box);
  place(box, button);
  if (!list) box.append(make('p', { class: 'menu-note', text: t('menu.none') }));
  (box.querySelector('[aria-checked="true"]') ?? box.querySelector('button, input') ?? box).focus({ preventScroll: true });
  shade.addEventListener('pointerdown', () => closeMenu());
  box.addEventListener('keydown', (event) => steer(event, box));
}

/** Closes the menu that is open, if one is. */
export function closeMenu() {
  if (!open) return;
  const { button, box, shade } = open;
  open = null;
  const focused = box.contains(document.activeElement);
  box.remove();
  shade.remove();
  button.setAttribute('aria-expanded', 'false');
  if (focused && button.isConnected) button.focus({ preventScroll: true });
}

/** Draws sections into an element. Resolves to how many there are. */
export async function draw(into, sections) {
  const list = (await (typeof sections === 'function' ? sections() : sections)).filter(Boolean);
  const focused = into.contains(document.activeElement) ? document.activeElement.dataset.option : null;
  const again = () => draw(into, sections);
  into.replaceChildren(...list.map((section) => DRAWERS[section.kind](section, again)));
  if (focused) into.querySelector(`[data-option="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  return list.length;
}

const DRAWERS = {
  radio({ title, options, pick }, again) {
    const group = make('div', { class: 'menu-group', role: 'radiogroup', 'aria-label': t(title) });
    group.append(words('p', title, 'menu-title'));
    for (const { id, key, label, checked } of options) {
      const text = key ? words('span', key) : make('span', { text: label });
      const option = make(
        'button',
        { type: 'button', class: 'menu-item', role: 'radio', 'aria-checked': String(checked), ...mark(id) },
        icon('check', 'tick'),
        text,
      );
      option.addEventListener('click', async () => {
        await pick(id);
        again();
      });
      group.append(option);
    }
    if (options.length === 0) group.append(words('p', 'menu.none', 'menu-note'));
    return group;
  },
  check({ key, checked, toggle }, again) {
    const attributes = { type: 'button', class: 'menu-item', role: 'switch', 'aria-checked': String(checked), ...mark(key) };
    const item = make('button', attributes, words('span', key), make('i', { class: 'switch' }));
    item.addEventListener('click', async () => {
      await toggle(!checked);
      again();
    });
    return item;
  },
  range({ key, value, max, input }) {
    const slider = make('input', { type: 'range', min: '0', max: String(max), value: String(value), ...mark(key) });
    slider.addEventListener('input', () => input(Number(slider.value)));
    return make('label', { class: 'menu-range' }, words('span', key), slider);
  },
  action({ key, icon: name, run, danger, pressed }) {
    const attributes = { type: 'button', class: `menu-item${danger ? ' danger' : ''}`, ...mark(key) };
    const item = make('button', attributes, icon(name), words('span', key));
    if (pressed !== undefined) item.setAttribute('aria-pressed', String(pressed));
    item.addEventListener('click', () => {
      closeMenu();
      run();
    });
    return item;
  },
  note({ key }) {
    return words('p', key, 'menu-note');
  },
};

function words(tag, key, className) {
  const element = make(tag, { class: className });
  write(element, key);
  return element;
}

function mark(option) {
  return { 'data-testid': 'option', 'data-option': option };
}

/** Above or below the button, inside the window. Phones get a sheet from the lower edge, which the style sheet places. */
function place(box, button) {
  if (matchMedia('(max-width: 620px)').matches) return;
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const left = Math.min(Math.max(8, at.left + at.width / 2 - width / 2), innerWidth - width - 8);
  const above = at.top - height - 10;
  const top = above >= 8 ? above : Math.min(at.bottom + 8, innerHeight - height - 8);
  box.style.setProperty('left', `${left}px`);
  box.style.setProperty('top', `${Math.max(8, top)}px`);
}

function steer(event, box) {
  if (event.key === 'Escape') {
    event.stopPropagation();
    closeMenu();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [...box.querySelectorAll('button, input')];
  const at = stops.indexOf(document.activeElement);
  if (step) {
    event.preventDefault();
    stops[(at + step + stops.length) % stops.length]?.focus();
  } else if (event.key === 'Tab') {
    // The menu is a small world of its own; Tab goes round in it.
    event.preventDefault();
    stops[(at + (event.shiftKey ? -1 : 1) + stops.length) % stops.length]?.focus();
  }
}
