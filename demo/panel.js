// The panel beside the stage (over it on a phone): chat, people or statistics, one at a time.

import { byId } from './dom.js';
import { write } from './words.js';

const KEYS = { chat: ['chat-key', 'chat-narrow'], people: ['people-key'], stats: ['stats-key'] };

export class Panel {
  /** Which part is open, or null. */
  open = null;
  #unread = 0;
  #opened;

  /** `opened(part)` when a part comes into sight. */
  constructor(opened) {
    this.#opened = opened;
    for (const [part, ids] of Object.entries(KEYS)) {
      for (const id of ids) byId(id).addEventListener('click', () => this.toggle(part));
    }
    byId('panel-close').addEventListener('click', () => this.close());
    byId('panel').addEventListener('keydown', (event) => event.key === 'Escape' && this.close());
  }

  /** Opens a part, or closes it where it is open. */
  toggle(part) {
    if (this.open === part) this.close();
    else this.#show(part);
  }

  /** Closes the panel; the focus goes back to the key that opened it. */
  close() {
    const part = this.open;
    if (!part) return;
    const inside = byId('panel').contains(document.activeElement);
    this.#show(null);
    if (inside) KEYS[part].map(byId).find((key) => key.offsetParent)?.focus();
  }

  /** A message came while the chat was out of sight. */
  countUnread() {
    if (this.open === 'chat') return;
    this.#unread++;
    this.#badges();
  }

  /** Forgets what was unread. */
  clear() {
    this.#show(null);
    this.#unread = 0;
    this.#badges();
  }

  #show(part) {
    this.open = part;
    byId('panel').hidden = part === null;
    for (const [name, ids] of Object.entries(KEYS)) {
      byId(`panel-${name}`).hidden = name !== part;
      for (const id of ids) byId(id).setAttribute('aria-pressed', String(name === part));
    }
    if (part === null) return;
    write(byId('panel-title'), `bar.${part}`);
    if (part === 'chat') {
      this.#unread = 0;
      this.#badges();
      byId('chat-log').scrollTop = byId('chat-log').scrollHeight;
      // On a phone the focus would call up the keyboard at once.
      if (matchMedia('(min-width: 621px)').matches) byId('chat-input').focus();
    }
    this.#opened(part);
  }

  #badges() {
    for (const badge of document.querySelectorAll('[data-unread]')) {
      badge.hidden = this.#unread === 0;
      badge.textContent = this.#unread > 99 ? '99+' : this.#unread;
    }
  }
}
