// The page before the room: who enters where and as what, and a look in the mirror.

import { byId, hue, initials } from './dom.js';
import { inventedUser, keepUser, placeFault, readLink, roomLink } from './link.js';
import { recall } from './memory.js';
import { onLanguage, write } from './words.js';

export class Join {
  /** Whether microphone and camera are wanted in the room. */
  wants;
  #local;
  #form = byId('join-form');
  #preview = byId('preview');

  /** `enter(place, ticket)` when the form is sent, `copy(link)`, `settings()`. */
  constructor(local, { enter, copy, settings }) {
    this.#local = local;
    const link = readLink();
    this.wants = { microphone: link.microphone, camera: link.camera };
    byId('join-user').value = link.user || inventedUser();
    byId('join-room').value = link.room;
    this.#check('kind', link.kind);
    this.#check('scene', link.scene);
    this.#check('role', link.role);

    this.#form.addEventListener('input', () => this.refresh());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const place = this.place();
      const fault = placeFault(place) ?? this.#manualFault();
      this.complain(fault);
      if (fault) return;
      keepUser(place.user);
      enter(place, this.#manualTicket());
    });
    byId('join-copy').addEventListener('click', () => copy(roomLink(this.place())));
    byId('preview-settings').addEventListener('click', settings);
    byId('preview-button').addEventListener('click', () => this.#start());
    byId('preview-mic').addEventListener('click', () => this.#want('microphone'));
    byId('preview-cam').addEventListener('click', () => this.#want('camera'));
    onLanguage(() => this.refresh());
  }

  /** Comes into sight: the preview runs at once where the browser has already been allowed to. */
  async begin() {
    this.#local.showCamera(byId('preview-video'));
    this.refresh();
    if (!navigator.mediaDevices) return;
    try {
      const { camera, microphone } = await TRTC.getPermissions({ request: false });
      if (camera === 'granted' && microphone === 'granted' && document.body.dataset.screen === 'join') this.#start();
    } catch {
      // Some browsers do not tell; then the button is there.
    }
  }

  /** What the form says. */
  place() {
    const data = new FormData(this.#form);
    const scene = data.get('scene');
    const kind = data.get('kind');
    const room = byId('join-room').value;
    return {
      user: byId('join-user').value.trim(),
      kind,
      room: kind === 'number' ? room.trim() : room,
      scene,
      role: scene === 'live' ? data.get('role') : 'anchor',
    };
  }

  /** Shows what is wrong, or takes the words away. */
  complain(key, fill) {
    const error = byId('join-error');
    error.hidden = !key;
    if (key) write(error, key, fill);
    byId('join-user').setAttribute('aria-invalid', String(key === 'join.badUser'));
    byId('join-room').setAttribute('aria-invalid', String(key === 'join.badNumber' || key === 'join.badName'));
  }

  /** Locks the form while entering. */
  setBusy(busy) {
    const button = byId('join-button');
    button.disabled = busy;
    button.dataset.busy = String(busy);
    write(button.lastElementChild, busy ? 'join.going' : 'join.go');
  }

  /** The engine hands out no tickets: ask for one. */
  askTicket() {
    byId('manual').hidden = false;
    byId('manual-app-id').value ||= recall('sdkAppId');
    byId('manual-app-id').focus();
  }

  /** Loudness of the own microphone, 0..=100. */
  setLevel(level) {
    byId('preview-level').style.setProperty('--level', (Math.min(level, 80) / 80).toFixed(2));
  }

  /** Puts everything right after a change. */
  refresh() {
    const { user, kind, scene, role } = this.place();
    byId('join-room').inputMode = kind === 'number' ? 'numeric' : 'text';
    write(byId('join-room-help'), kind === 'number' ? 'join.numberHelp' : 'join.nameHelp');
    write(byId('scene-help'), scene === 'live' ? 'join.liveHelp' : 'join.callHelp');
    byId('role-field').hidden = scene !== 'live';
    const avatar = byId('preview-avatar');
    avatar.textContent = initials(user || '?');
    avatar.style.setProperty('--hue', hue(user));

    const audience = role === 'audience';
    const { microphone, camera } = this.#local;
    this.#preview.dataset.video = audience ? 'off' : camera;
    this.#preview.dataset.audience = String(audience);
    this.#key('preview-mic', this.wants.microphone && !audience, audience);
    this.#key('preview-cam', this.wants.camera && !audience, audience);
    byId('preview-level').hidden = microphone !== 'on';
    const waiting = camera === 'starting';
    byId('preview-button').hidden = audience || waiting || !this.wants.camera || !navigator.mediaDevices;
    const off = this.wants.camera ? 'look.ask' : 'look.off';
    write(byId('preview-hint'), audience ? 'look.audience' : waiting ? 'look.starting' : off);
    byId('look-note').hidden = audience;
  }

  async #start() {
    if (this.place().role === 'audience') return;
    await Promise.all([
      this.wants.camera && this.#local.setCamera(true),
      this.wants.microphone && this.#local.setMicrophone(true),
    ]);
  }

  #want(kind) {
    this.wants[kind] = !this.wants[kind];
    if (kind === 'camera') this.#local.setCamera(this.wants.camera);
    else this.#local.setMicrophone(this.wants.microphone, { release: true });
    this.refresh();
  }

  #key(id, on, disabled) {
    byId(id).setAttribute('aria-pressed', String(on));
    byId(id).disabled = disabled;
  }

  #check(name, value) {
    for (const radio of this.#form.elements[name]) radio.checked = radio.value === value;
  }

  #manualTicket() {
    if (byId('manual').hidden) return null;
    const privateMapKey = byId('manual-private-map-key').value.trim();
    return {
      sdkAppId: Number(byId('manual-app-id').value),
      userSig: byId('manual-user-sig').value.trim(),
      ...(privateMapKey && { privateMapKey }),
    };
  }

  #manualFault() {
    const ticket = this.#manualTicket();
    if (!ticket) return null;
    return Number.isInteger(ticket.sdkAppId) && ticket.sdkAppId > 0 && ticket.userSig ? null : 'join.badManual';
  }
}
