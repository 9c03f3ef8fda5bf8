// The list of people in the room.

import { byId, hue, icon, initials, make, qualityBars } from './dom.js';
import { t, write } from './words.js';

export class People {
  #call;
  #local;
  #list = byId('people');
  /** user id → {row, parts}. */
  #rows = new Map();
  #queued = 0;

  constructor(call, local) {
    this.#call = call;
    this.#local = local;
    call.on('member', () => this.refresh());
    call.on('left', () => this.refresh());
    call.on('quality', () => this.refresh());
  }

  /** How many are in the room, as far as this member is told. */
  count() {
    return this.#call.members.size + (this.#call.maySpeak() ? 1 : 0);
  }

  /** Draws anew, once a frame at most, and only while it can be seen. */
  refresh() {
    byId('people-count').textContent = this.count() || '';
    if (this.#queued || byId('panel-people').hidden || !this.#call.self) return;
    this.#queued = requestAnimationFrame(() => {
      this.#queued = 0;
      if (this.#call.self) this.#draw();
    });
  }

  /** Forgets everybody. */
  clear() {
    this.#rows.clear();
    this.#list.replaceChildren();
    byId('people-count').textContent = '';
  }

  #draw() {
    const { self, members } = this.#call;
    const { microphone, camera, screen } = this.#local;
    const on = { microphone: microphone === 'on', camera: camera === 'on', screen: screen === 'on' };
    const own = { userId: self.user, own: true, quality: self.uplink, ...on };
    const all = [own, ...members.values()];
    const ids = new Set(all.map((one) => one.userId));
    for (const [userId, row] of this.#rows) {
      if (ids.has(userId)) continue;
      row.element.remove();
      this.#rows.delete(userId);
    }
    for (const one of all) {
      const row = this.#rows.get(one.userId) ?? this.#row(one);
      const { dataset } = row.element;
      dataset.mic = one.microphone ? 'on' : 'off';
      dataset.video = one.camera ? 'on' : 'off';
      dataset.screen = one.screen ? 'on' : 'off';
      row.bars.hidden = !one.quality;
      row.bars.dataset.quality = one.quality ?? 0;
      row.bars.setAttribute('aria-label', t(`quality.${one.quality ?? 0}`));
      const states = [one.microphone ? 'tile.micOn' : 'tile.micOff', one.camera ? 'tile.camOn' : 'tile.camOff'];
      row.states.textContent = states.map((key) => t(key)).join(', ');
      const role = one.own && self.scene === 'live' ? `role.${self.role}` : null;
      row.tag.hidden = role === null;
      if (role) write(row.tag, role);
    }
    byId('people-note').hidden = self.scene !== 'live';
  }

  #row(one) {
    const avatar = make('span', { class: 'avatar', 'aria-hidden': 'true', text: initials(one.userId) });
    avatar.style.setProperty('--hue', hue(one.userId));
    const name = make('span', { class: 'person-name', text: one.userId });
    const you = make('span', { class: 'dim', hidden: !one.own });
    if (one.own) write(you, 'people.you');
    const tag = make('span', { class: 'tag', hidden: true });
    const states = make('span', { class: 'unseen' });
    const bars = qualityBars();
    const icons = make(
      'span',
      { class: 'person-icons', 'aria-hidden': 'true' },
      icon('screen', 'person-screen'),
      icon('cam', 'when-cam'),
      icon('cam-off', 'when-no-cam'),
      icon('mic', 'when-mic'),
      icon('mic-off', 'when-no-mic'),
    );
    const element = make('li', { class: 'person', 'data-testid': 'person', 'data-user': one.userId });
    element.append(avatar, name, you, tag, states, bars, icons);
    const row = { element, bars, states, tag };
    this.#rows.set(one.userId, row);
    if (one.own) this.#list.prepend(element);
    else this.#list.append(element);
    return row;
  }
}
