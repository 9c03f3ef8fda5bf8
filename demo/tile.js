// A tile: one person's picture, or one shared screen. It shows what it is told and asks nobody.

import { hue, icon, initials, make, qualityBars } from './dom.js';
import { t, write } from './words.js';

/** Steps of the loudness that is drawn. */
const STEPS = 6;

/** A tile of a user's main or sub stream. `menu(button)` opens its choices, `pin()` makes it large. */
export class Tile {
  constructor({ userId, stream, own }, { menu, pin }) {
    this.userId = userId;
    this.stream = stream;
    this.own = own;
    this.view = make('div', { class: 'tile-view' });
    this.avatar = make('span', { class: 'avatar', 'aria-hidden': 'true', text: initials(userId) });
    this.avatar.style.setProperty('--hue', hue(userId));
    this.name = make('span', { class: 'tile-name' });
    this.tag = make('span', { class: 'tag', hidden: true });
    this.silenced = icon('speaker-off', 'tile-silenced');
    this.bars = qualityBars();
    const key = { type: 'button', class: 'round small tile-menu', 'data-testid': 'tile-menu', 'aria-haspopup': 'dialog' };
    this.menuButton = make('button', key, icon('more'));
    this.menuButton.addEventListener('click', () => menu(this.menuButton));
    write(this.menuButton, 'tile.menu', { user: userId }, 'tLabel');
    const level = make('span', { class: 'tile-level', 'aria-hidden': 'true' }, make('i'), make('i'), make('i'));
    const voice = stream === 'main' ? [icon('mic-off', 'tile-mic-off'), level] : [icon('screen')];
    this.element = make(
      'div',
      { class: 'tile', role: 'group', 'data-testid': 'tile', 'data-user': userId, 'data-stream': stream, 'data-self': own },
      this.view,
      make('div', { class: 'tile-idle' }, this.avatar, make('span', { class: 'tile-wait', 'aria-hidden': 'true' })),
      make('div', { class: 'tile-foot' }, ...voice, this.name, this.silenced, this.tag),
      make('div', { class: 'tile-head' }, this.menuButton, this.bars),
    );
    this.element.dataset.video = 'off';
    this.element.dataset.speaking = 'false';
    this.element.addEventListener('dblclick', (event) => event.target.closest('button') || pin());
    // Media events do not bubble, but they can be caught on their way down.
    this.view.addEventListener('playing', () => this.element.dataset.video === 'loading' && this.setVideo('on'), true);
  }

  /** Writes who this is and what is on. `member`: {microphone, camera, screen, silenced, quality}. */
  show(member, { anchorTag = false } = {}) {
    const { dataset } = this.element;
    const name = this.stream === 'sub' ? (this.own ? 'tile.ownScreen' : 'tile.screen') : this.own ? 'tile.you' : null;
    if (name) write(this.name, name, { user: this.userId });
    else this.name.textContent = this.userId;
    dataset.mic = member.microphone ? 'on' : 'off';
    dataset.silenced = String(Boolean(member.silenced));
    this.tag.hidden = !anchorTag;
    if (anchorTag) write(this.tag, 'role.anchor');
    this.setQuality(member.quality ?? 0);
    const parts = [this.name.textContent];
    if (this.stream === 'main') {
      parts.push(t(member.microphone ? 'tile.micOn' : 'tile.micOff'), t(member.camera ? 'tile.camOn' : 'tile.camOff'));
      if (member.silenced) parts.push(t('tile.silenced'));
    }
    this.element.setAttribute('aria-label', parts.join(', '));
  }

  /** off: the avatar shows; loading: asked for, not yet seen; on: the picture shows. */
  setVideo(state) {
    this.element.dataset.video = state;
  }

  /** Loudness 0..=100 and whether this counts as speaking. In steps, so that a room of twenty is not drawn anew all the time. */
  setLevel(level, speaking) {
    const step = Math.ceil((Math.min(level, 80) / 80) * STEPS) / STEPS;
    if (this.level === step && this.speaking === speaking) return;
    this.level = step;
    this.speaking = speaking;
    this.element.style.setProperty('--level', step);
    this.element.dataset.speaking = String(speaking);
  }

  /** Network quality 0..=6; 0 hides the bars. */
  setQuality(quality) {
    this.element.dataset.quality = quality;
    this.bars.hidden = quality === 0;
    this.bars.dataset.quality = quality;
    write(this.bars, `quality.${quality}`, null, 'tLabel');
  }

  /** Moves it; `large` is for the main tile. */
  moveTo({ x, y, width, height }, large) {
    const { style, dataset } = this.element;
    style.setProperty('transform', `translate(${x}px, ${y}px)`);
    style.setProperty('width', `${width}px`);
    style.setProperty('height', `${height}px`);
    style.setProperty('--avatar', `${Math.round(Math.min(104, Math.max(36, height * 0.36)))}px`);
    dataset.main = String(large);
    dataset.tiny = String(width < 150);
  }
}
