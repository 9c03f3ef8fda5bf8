// The stage: who gets a tile, on which page, how large, and in which layer. Pictures that are not shown are not received.

import { capacity, places } from './arrange.js';
import { byId } from './dom.js';
import { openMenu } from './menu.js';
import { Tile } from './tile.js';
import { Watch } from './watch.js';
import { onLanguage, t, write } from './words.js';

const GAP = 8;
const PAGER = 44;
/** A tile up to this wide (CSS pixels) gets the small picture; the gap between the two keeps it from flapping. */
const SMALL_BELOW = 300;
const BIG_ABOVE = 360;

/** What stands on the stage when nobody else does, by scene. */
const ALONE = { rtc: ['alone.title', 'alone.text'], live: ['alone.stageTitle', 'alone.stageText'] };

export class Stage {
  #call;
  #local;
  #watch;
  /** key → Tile. */
  #tiles = new Map();
  /** The others' ids, in the order of their tiles. */
  #order = [];
  #layers = new Map();
  #small = new Map();
  #pinned = null;
  #screens = [];
  #page = 0;
  #self = null;
  #ownScreen = null;
  #root = byId('stage');
  #queued = 0;

  constructor(trtc, call, local, fault) {
    this.#call = call;
    this.#local = local;
    this.#watch = new Watch(trtc, fault);
    call.on('member', (member, isNew) => this.#memberChanged(member, isNew));
    call.on('left', (member) => this.#memberLeft(member));
    call.on('volume', () => this.#levels());
    call.on('quality', () => this.#qualities());
    call.on('picture', ({ userId, streamType }) => this.#tiles.get(keyOf(userId, streamType))?.setVideo('on'));
    byId('pager-prev').addEventListener('click', () => this.#turn(-1));
    byId('pager-next').addEventListener('click', () => this.#turn(1));
    new ResizeObserver(() => this.arrange()).observe(this.#root);
    onLanguage(() => this.#call.self && this.arrange());
  }

  /** Opens the stage for a call that begins. */
  begin() {
    const { user } = this.#call.self;
    this.#self = this.#tile(user, 'main', true);
    this.#ownScreen = this.#tile(user, 'sub', true);
    this.#local.showCamera(this.#self.view);
    this.#local.showScreen(this.#ownScreen.view);
    this.arrange();
  }

  /** Clears the stage. */
  end() {
    this.#watch.clear();
    for (const tile of this.#tiles.values()) tile.element.remove();
    this.#tiles.clear();
    this.#layers.clear();
    this.#small.clear();
    this.#order = [];
    this.#screens = [];
    this.#pinned = this.#self = this.#ownScreen = null;
    this.#page = 0;
  }

  /** The own devices changed. */
  localChanged() {
    if (this.#self) this.arrange();
  }

  /** Arranges anew, once a frame at most. */
  arrange() {
    if (this.#queued) return;
    this.#queued = requestAnimationFrame(() => {
      this.#queued = 0;
      if (this.#self) this.#arrange();
    });
  }

  #arrange() {
    const stage = { width: this.#root.clientWidth, height: this.#root.clientHeight, gap: GAP };
    if (stage.width === 0) return;
    const main = this.#mainKey();
    let keys = this.#keys().filter((key) => key !== main);
    let layout = main ? 'main' : 'grid';
    let large = main;
    if (!main && stage.width < 620 && keys.length === 2 && keys[0] === keyOf(this.#self.userId, 'main')) {
      layout = 'float';
      large = keys.pop();
    }
    let room = capacity(stage, layout);
    let pages = Math.max(1, Math.ceil(keys.length / room));
    if (pages > 1) {
      stage.height -= PAGER;
      room = capacity(stage, layout);
      pages = Math.ceil(keys.length / room);
    }
    this.#page = Math.min(this.#page, pages - 1);
    keys = keys.slice(this.#page * room, (this.#page + 1) * room);
    const { main: mainPlace, tiles: tilePlaces } = places(stage, layout, keys.length);

    const shown = new Map(keys.map((key, i) => [key, tilePlaces[i]]));
    if (large) shown.set(large, mainPlace);
    this.#place(shown, large);
    Object.assign(this.#root.dataset, { layout, page: this.#page + 1, pages });
    byId('pager').hidden = pages < 2;
    byId('pager-count').textContent = `${this.#page + 1} / ${pages}`;
    byId('pager-prev').disabled = this.#page === 0;
    byId('pager-next').disabled = this.#page === pages - 1;
    this.#alone();
    this.#watchShown(shown);
  }

  /** Puts tiles where they go, makes those that are missing, removes those off the page. */
  #place(shown, large) {
    for (const [key, tile] of this.#tiles) {
      if (shown.has(key)) continue;
      tile.element.remove();
      // Own tiles keep their picture: the SDK plays it in them for as long as the device runs.
      if (!tile.own) this.#tiles.delete(key);
    }
    const tagged = this.#call.self.scene === 'live';
    for (const [key, place] of shown) {
      const [userId, stream] = splitKey(key);
      const tile = this.#tiles.get(key) ?? this.#tile(userId, stream, false);
      if (!tile.element.isConnected) this.#root.append(tile.element);
      tile.moveTo(place, key === large);
      tile.show(this.#state(tile), { anchorTag: tagged && stream === 'main' && !tile.own });
      if (tile.own) tile.setVideo((stream === 'main' ? this.#local.camera : this.#local.screen) === 'on' ? 'on' : 'off');
    }
  }

  #watchShown(shown) {
    const wanted = new Map();
    const crowd = this.#call.members.size > 1;
    for (const [key, place] of shown) {
      const tile = this.#tiles.get(key);
      if (tile.own) continue;
      const member = this.#call.members.get(tile.userId);
      if (!(tile.stream === 'main' ? member?.camera : member?.screen)) {
        tile.setVideo('off');
        continue;
      }
      if (tile.element.dataset.video === 'off') tile.setVideo('loading');
      const small = tile.stream === 'main' && this.#smallFor(key, place.width, crowd);
      tile.element.dataset.layer = small ? 'small' : 'big';
      wanted.set(key, { userId: tile.userId, streamType: tile.stream, view: tile.view, small });
    }
    this.#watch.want(wanted);
  }

  /** The layer for a tile: as chosen, else by its width. */
  #smallFor(key, width, crowd) {
    const chosen = this.#layers.get(key) ?? 'auto';
    if (chosen !== 'auto') return chosen === 'small';
    const was = this.#small.get(key) ?? false;
    const small = crowd && (was ? width <= BIG_ABOVE : width < SMALL_BELOW);
    this.#small.set(key, small);
    return small;
  }

  /** All tiles there could be, in order. */
  #keys() {
    const { self, members } = this.#call;
    const keys = this.#call.maySpeak() ? [keyOf(self.user, 'main')] : [];
    if (this.#local.screen === 'on') keys.push(keyOf(self.user, 'sub'));
    // Who publishes comes before who only listens, and stays there while muted, so that tiles do not jump about.
    const order = [true, false].flatMap((published) => this.#order.filter((id) => members.get(id)?.published === published));
    return [...keys, ...this.#screens.map((id) => keyOf(id, 'sub')), ...order.map((id) => keyOf(id, 'main'))];
  }

  #mainKey() {
    if (this.#pinned && this.#keys().includes(this.#pinned)) return this.#pinned;
    const screen = this.#screens.at(-1);
    return screen === undefined ? null : keyOf(screen, 'sub');
  }

  #memberChanged(member, isNew) {
    if (isNew) this.#order.push(member.userId);
    const shared = this.#screens.includes(member.userId);
    if (member.screen && !shared) this.#screens.push(member.userId);
    if (!member.screen && shared) this.#screens = this.#screens.filter((id) => id !== member.userId);
    if (!member.camera) this.#watch.ended(keyOf(member.userId, 'main'));
    if (!member.screen) this.#watch.ended(keyOf(member.userId, 'sub'));
    this.arrange();
  }

  #memberLeft({ userId }) {
    this.#order = this.#order.filter((id) => id !== userId);
    this.#screens = this.#screens.filter((id) => id !== userId);
    for (const stream of ['main', 'sub']) {
      this.#watch.ended(keyOf(userId, stream));
      this.#layers.delete(keyOf(userId, stream));
    }
    this.arrange();
  }

  #levels() {
    const { self, members } = this.#call;
    for (const tile of this.#tiles.values()) {
      if (tile.stream === 'sub') continue;
      const one = tile.own ? self : members.get(tile.userId);
      const heard = tile.own ? this.#local.microphone === 'on' : one?.microphone;
      if (one) tile.setLevel(heard ? one.level : 0, Boolean(heard && one.speaking));
    }
    if (this.#root.dataset.pages > 1) this.#bringSpeaker();
  }

  /** Whoever speaks on a later page changes places with the quietest of the first. */
  #bringSpeaker() {
    const { members } = this.#call;
    if (this.#page !== 0) return;
    const others = [...this.#tiles.values()].filter((tile) => tile.stream === 'main' && !tile.own);
    const firstPage = new Set(others.map((tile) => tile.userId));
    for (const member of members.values()) {
      if (!member.speaking || !member.microphone || firstPage.has(member.userId)) continue;
      const quietest = [...firstPage].map((id) => members.get(id)).filter(Boolean).sort((a, b) => a.spokeAt - b.spokeAt)[0];
      if (!quietest || quietest.speaking) return;
      const [a, b] = [this.#order.indexOf(member.userId), this.#order.indexOf(quietest.userId)];
      [this.#order[a], this.#order[b]] = [this.#order[b], this.#order[a]];
      member.published = quietest.published = true;
      this.arrange();
      return;
    }
  }

  #qualities() {
    for (const tile of this.#tiles.values()) tile.setQuality(this.#state(tile).quality ?? 0);
  }

  /** What a tile shows of its person. */
  #state(tile) {
    if (!tile.own) return this.#call.members.get(tile.userId) ?? {};
    const quality = tile.stream === 'main' ? (this.#call.self?.uplink ?? 0) : 0;
    return { microphone: this.#local.microphone === 'on', camera: this.#local.camera === 'on', quality };
  }

  /** Words for an empty stage: an invitation, or that an anchor has yet to come. */
  #alone() {
    const waiting = !this.#call.maySpeak();
    const empty = this.#call.members.size === 0;
    const alone = byId('alone');
    alone.hidden = !empty;
    alone.dataset.over = String(empty && !waiting);
    const words = waiting ? ['alone.waitTitle', 'alone.waitText'] : ALONE[this.#call.self.scene];
    write(alone.querySelector('h2'), words[0]);
    write(byId('alone-text'), words[1]);
  }

  #turn(step) {
    this.#page = Math.max(0, this.#page + step);
    this.arrange();
  }

  #tile(userId, stream, own) {
    const key = keyOf(userId, stream);
    const tile = new Tile({ userId, stream, own }, { menu: (button) => this.#menu(button, key), pin: () => this.#pin(key) });
    this.#tiles.set(key, tile);
    return tile;
  }

  #pin(key) {
    this.#pinned = this.#pinned === key ? null : key;
    this.arrange();
  }

  #menu(button, key) {
    const [userId, stream] = splitKey(key);
    const tile = this.#tiles.get(key);
    const sections = () => {
      const member = this.#call.members.get(userId);
      const pin = this.#pinned === key ? 'tile.unpin' : 'tile.pin';
      const large = { kind: 'action', key: pin, icon: 'pin', run: () => this.#pin(key) };
      const full = { kind: 'action', key: 'tile.full', icon: 'expand', run: () => tile.element.requestFullscreen() };
      const shape = document.fullscreenEnabled ? [large, full] : [large];
      return member && stream === 'main' ? [...shape, this.#layerSection(key), ...this.#soundSections(member)] : shape;
    };
    openMenu(button, t('tile.menu', { user: userId }), sections);
  }

  #layerSection(key) {
    const current = this.#layers.get(key) ?? 'auto';
    const options = ['auto', 'big', 'small'].map((id) => ({ id, key: `tile.${id}`, checked: id === current }));
    const pick = (id) => {
      this.#layers.set(key, id);
      this.arrange();
    };
    return { kind: 'radio', title: 'tile.layer', options, pick };
  }

  #soundSections(member) {
    const input = (value) => this.#call.setVolume(member, value);
    const toggle = (on) => this.#call.silence(member, on);
    return [
      { kind: 'range', key: 'tile.volume', value: member.volume, max: 100, input },
      { kind: 'check', key: 'tile.silence', checked: member.silenced, toggle },
    ];
  }
}

function keyOf(userId, stream) {
  return `${stream}/${userId}`;
}

function splitKey(key) {
  const slash = key.indexOf('/');
  return [key.slice(slash + 1), key.slice(0, slash)];
}
