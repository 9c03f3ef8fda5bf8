// The chat: text messages over the SDK's custom messages, as long as the call lasts.

import { MESSAGE_BYTES, envelope } from './call.js';
import { byId, clock, hue, make } from './dom.js';
import { faultWords } from './fault.js';
import { onLanguage, t, write } from './words.js';

/** Older lines go, so that a long call does not fill the page. */
const MOST_LINES = 500;
const COUNT_FROM = 200;

export class Chat {
  #call;
  #log = byId('chat-log');
  #input = byId('chat-input');
  #lastFrom = null;

  /** `arrived(count)` after each message of somebody else. */
  constructor(call, arrived) {
    this.#call = call;
    call.on('message', ({ userId, text }) => {
      this.#say(userId, text, false);
      arrived();
    });
    byId('chat-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#input.addEventListener('keydown', (event) => {
      // An input method uses Enter to choose characters.
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#send();
      }
    });
    this.#input.addEventListener('input', () => this.refresh());
    onLanguage(() => this.refresh());
  }

  /** Empties the log for a call that begins. */
  begin() {
    this.#log.replaceChildren(byId('chat-empty'));
    byId('chat-empty').hidden = false;
    this.#input.value = '';
    this.#lastFrom = null;
    this.#complain(null);
    this.refresh();
  }

  /** Writes a line that nobody said. */
  note(key, fill) {
    const line = make('p', { class: 'chat-note' });
    write(line, key, fill);
    this.#append(line);
    this.#lastFrom = null;
  }

  /** Puts the counter and the send key right. */
  refresh() {
    const text = this.#input.value.trim();
    const left = MESSAGE_BYTES - envelope(text).length;
    const may = this.#call.maySpeak();
    const counter = byId('chat-counter');
    counter.dataset.over = String(left < 0);
    if (!may) write(counter, 'chat.audience');
    else if (left < 0) write(counter, 'chat.over', { n: -left });
    else if (left < COUNT_FROM || text === '') write(counter, 'chat.left', { n: left });
    else write(counter, 'chat.left', { n: left });
    this.#input.disabled = !may;
    byId('chat-send').disabled = !may || text === '' || left < 0;
    this.#input.style.setProperty('height', 'auto');
    this.#input.style.setProperty('height', `${Math.min(120, this.#input.scrollHeight + 2)}px`);
  }

  async #send() {
    const text = this.#input.value.trim();
    if (text === '' || !this.#call.maySpeak()) return;
    const over = envelope(text).length - MESSAGE_BYTES;
    if (over > 0) {
      this.#complain('chat.tooLong', { n: over });
      return;
    }
    this.#input.value = '';
    this.#complain(null);
    this.refresh();
    const line = this.#say(this.#call.self.user, text, true);
    try {
      await this.#call.sendChat(text);
    } catch (error) {
      line.dataset.failed = 'true';
      const mark = make('span', { class: 'chat-failed' });
      write(mark, 'chat.failed');
      line.append(mark);
      const { key, fill } = faultWords(error);
      this.#complain(key, fill);
      if (this.#input.value === '') this.#input.value = text;
      this.refresh();
    }
  }

  #say(userId, text, own) {
    const line = make('div', { class: 'message', 'data-testid': 'message', 'data-user': userId, 'data-own': String(own) });
    if (this.#lastFrom !== userId) {
      const name = make('span', { class: 'message-user' });
      name.style.setProperty('--hue', hue(userId));
      if (own) write(name, 'chat.you');
      else name.textContent = userId;
      const now = new Date();
      const time = clock((now.getHours() * 60 + now.getMinutes()) * 1000);
      line.append(make('div', { class: 'message-head' }, name, make('time', { datetime: now.toISOString(), text: time })));
    }
    this.#lastFrom = userId;
    line.append(make('p', { class: 'message-text', dir: 'auto', text }));
    this.#append(line);
    return line;
  }

  #append(line) {
    const log = this.#log;
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    byId('chat-empty').hidden = true;
    log.append(line);
    while (log.children.length > MOST_LINES) log.children[1].remove();
    if (atEnd || line.dataset.own === 'true') log.scrollTop = log.scrollHeight;
  }

  #complain(key, fill) {
    const error = byId('chat-error');
    error.hidden = key === null;
    if (key !== null) write(error, key, fill);
    this.#input.setAttribute('aria-invalid', String(key !== null));
  }
}
