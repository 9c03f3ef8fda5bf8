// The bar of keys below the stage, the keys of the keyboard, and what opens from them.

import { byId } from './dom.js';
import { allSections, cameraSections, screenSections, soundSections } from './devices.js';
import { LocalMedia } from './local.js';
import { closeMenu, draw, openMenu } from './menu.js';
import { banner, clearBanner, toast } from './notices.js';
import { onLanguage, switchLanguage, t, write } from './words.js';

/** Between two hints that the microphone is off while its owner talks. */
const HINT_MS = 20000;

export class Controls {
  #call;
  #local;
  #panel;
  #hintedAt = 0;

  /** `leave()` when the leave key was pressed, `fault(error)` for failures. */
  constructor(call, local, panel, { leave, fault }) {
    this.#call = call;
    this.#local = local;
    this.#panel = panel;
    this.fault = fault;
    byId('mic').addEventListener('click', () => this.#toggle('microphone'));
    byId('cam').addEventListener('click', () => this.#toggle('camera'));
    byId('screen').addEventListener('click', () => this.#toggle('screen'));
    byId('role').addEventListener('click', () => this.#switchRole());
    byId('leave').addEventListener('click', leave);
    const menus = { mic: soundSections, cam: cameraSections, screen: screenSections };
    for (const [name, sections] of Object.entries(menus)) {
      const key = byId(`${name}-menu`);
      key.addEventListener('click', () => openMenu(key, t(`bar.${name}Menu`), () => sections(local)));
    }
    byId('settings-key').addEventListener('click', () => this.openSettings());
    byId('more').addEventListener('click', ({ currentTarget: key }) => openMenu(key, t('bar.more'), () => this.#more()));
    // A backdrop belongs to its dialog; a press there closes it.
    byId('settings').addEventListener('click', (event) => event.target === event.currentTarget && event.currentTarget.close());
    document.addEventListener('keydown', (event) => this.#key(event));
    call.on('volume', () => this.#mutedTalk());
    onLanguage(() => this.refresh());
  }

  /** Opens the settings, in the room or before it. */
  async openSettings() {
    const body = byId('settings-body');
    const sections = async () => [...(await allSections(this.#local)), { kind: 'note', key: 'menu.keys' }];
    await draw(body, sections);
    byId('settings').showModal();
  }

  /** Puts the keys right. */
  refresh() {
    const { self } = this.#call;
    const keys = { mic: this.#local.microphone, cam: this.#local.camera, screen: this.#local.screen };
    for (const [id, state] of Object.entries(keys)) {
      byId(id).dataset.state = state;
      byId(id).setAttribute('aria-pressed', String(state === 'on'));
    }
    if (!self) return;
    const may = this.#call.maySpeak();
    for (const split of document.querySelectorAll('[data-media]')) {
      split.hidden = !may || ('screenOnly' in split.dataset && !LocalMedia.canShareScreen());
    }
    const role = byId('role');
    role.hidden = self.scene !== 'live';
    role.dataset.role = self.role;
    const words = self.role === 'anchor' ? 'role.down' : 'role.up';
    write(byId('role-words'), words);
    // On a phone the words are not shown.
    write(role, words, null, 'tLabel');
    byId('bar-self').textContent = self.user;
    if (this.#local.screen === 'on') {
      const action = { key: 'state.stopSharing', testid: 'stop-sharing', run: () => this.#local.setScreen(false) };
      banner('sharing', { kind: 'info', key: 'state.sharing', action });
    } else {
      clearBanner('sharing');
    }
  }

  #toggle(kind) {
    const { state, set } = {
      microphone: { state: this.#local.microphone, set: (on) => this.#local.setMicrophone(on) },
      camera: { state: this.#local.camera, set: (on) => this.#local.setCamera(on) },
      screen: { state: this.#local.screen, set: (on) => this.#local.setScreen(on) },
    }[kind];
    if (state === 'starting' || !this.#call.maySpeak()) return;
    set(state !== 'on');
  }

  async #switchRole() {
    const { self } = this.#call;
    const key = byId('role');
    key.disabled = true;
    try {
      const up = self.role === 'audience';
      if (!up) await this.#local.stopAll();
      await this.#call.switchRole(up ? 'anchor' : 'audience');
      toast('good', up ? 'role.isUp' : 'role.isDown');
    } catch (error) {
      this.fault(error);
    } finally {
      key.disabled = false;
      this.roleChanged();
    }
  }

  /** Set by the page: everything that depends on the role. */
  roleChanged() {}

  #more() {
    const part = (name, icon) => ({ kind: 'action', key: `bar.${name}`, icon, run: () => this.#panel.toggle(name) });
    return [
      part('people', 'people'),
      part('stats', 'stats'),
      { kind: 'action', key: 'bar.settings', icon: 'settings', run: () => this.openSettings() },
      { kind: 'action', key: 'top.invite', icon: 'link', run: () => byId('invite').click() },
      { kind: 'action', key: 'menu.language', icon: 'globe', run: switchLanguage },
    ];
  }

  #key(event) {
    if (!this.#call.self || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest('input, textarea, select, dialog, .menu')) return;
    const act = {
      m: () => this.#toggle('microphone'),
      v: () => this.#toggle('camera'),
      s: () => LocalMedia.canShareScreen() && this.#toggle('screen'),
      c: () => this.#panel.toggle('chat'),
      p: () => this.#panel.toggle('people'),
    }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    closeMenu();
    act();
  }

  #mutedTalk() {
    const { self } = this.#call;
    if (!self?.speaking || this.#local.microphone !== 'off' || !this.#call.maySpeak()) return;
    if (Date.now() - this.#hintedAt < HINT_MS) return;
    this.#hintedAt = Date.now();
    toast('info', 'bar.mutedTalk');
  }
}
