// The demo of RTC Engine: joins the parts and moves between its three screens (join, room, ended).

import { Call } from './call.js';
import { Chat } from './chat.js';
import { Controls } from './controls.js';
import { byId, clock } from './dom.js';
import { faultWords } from './fault.js';
import { Join } from './join.js';
import { readLink, roomLink, roomQuery } from './link.js';
import { LocalMedia } from './local.js';
import { remember } from './memory.js';
import { closeMenu } from './menu.js';
import { banner, clearBanner, clearBanners, clearToasts, showEnd, toast } from './notices.js';
import { Panel } from './panel.js';
import { People } from './people.js';
import { Stage } from './stage.js';
import { Statistics } from './statistics.js';
import { apply, onLanguage, switchLanguage, t, write } from './words.js';

/** Coming and going is told only while it is news. */
const SMALL_ROOM = 12;
const SETTLE_MS = 1500;

for (const key of document.querySelectorAll('[data-language-switch]')) key.addEventListener('click', switchLanguage);
apply();
if (typeof TRTC === 'undefined') {
  byId('join-button').disabled = true;
  complainEarly('join.noSdk');
} else {
  start();
}

function start() {
  // The page shows its own hint when the browser keeps the sound off. The engine is where the page is, prefix included.
  const trtc = TRTC.create({ enableAutoPlayDialog: false, server: new URL('.', document.baseURI).href });
  const fault = (error, device) => {
    const { key, fill } = faultWords(error, device);
    toast(key === 'fault.screenCancelled' ? 'info' : 'bad', key, fill);
  };
  const local = new LocalMedia(trtc, { change: localChanged, fault });
  const { quality } = readLink();
  if (LocalMedia.qualities.includes(quality)) local.choices.quality = quality;
  const call = new Call(trtc);
  const stage = new Stage(trtc, call, local, fault);
  const people = new People(call, local);
  const statistics = new Statistics(call);
  const panel = new Panel((part) => ({ people, stats: statistics })[part]?.refresh());
  const chat = new Chat(call, () => panel.countUnread());
  const controls = new Controls(call, local, panel, { leave, fault });
  const join = new Join(local, { enter, copy, settings: () => controls.openSettings() });
  let place = null;
  /** Kept for entering again, where the engine hands out no tickets. */
  let ownTicket = null;
  let awake = null;

  controls.roleChanged = () => {
    controls.refresh();
    chat.refresh();
    people.refresh();
    stage.arrange();
    showPlace();
  };

  call.on('fault', fault);
  call.on('ended', (reason) => over(reason));
  call.on('autoplay', () => {
    const run = () => {
      clearBanner('autoplay');
      call.resumeSound();
    };
    banner('autoplay', { kind: 'warn', key: 'state.autoplay', action: { key: 'state.hear', testid: 'autoplay-button', run } });
  });
  call.on('state', (state) => {
    if (document.body.dataset.screen !== 'room') return;
    if (state === 'CONNECTED' || state === 'RECONNECTED') {
      if (clearBanner('reconnecting')) toast('good', 'state.back');
    } else {
      banner('reconnecting', { kind: 'warn', key: 'state.reconnecting', spin: true });
    }
  });
  call.on('screenEnded', () => {
    local.screenEnded();
    toast('info', 'state.shareEnded');
  });
  call.on('device', ({ action, device }) => {
    const name = device?.label || t('device.some');
    const key = { add: 'device.added', remove: 'device.removed', active: 'device.active' }[action];
    toast(action === 'remove' ? 'warn' : 'info', key, { device: name });
  });
  call.on('ownLevel', (level) => join.setLevel(level));
  call.on('quality', showQuality);
  call.on('member', (member, isNew) => isNew && news('people.entered', member));
  call.on('left', (member, reason) => {
    const key = ['people.left', 'people.timedOut', 'people.removed', 'people.offStage'][reason] ?? 'people.left';
    news(key, member);
  });

  byId('invite').addEventListener('click', () => copy(roomLink(place)));
  byId('alone-copy').addEventListener('click', () => copy(roomLink(place)));
  byId('alone-link').addEventListener('focus', (event) => event.target.select());
  byId('rejoin').addEventListener('click', () => enter(place, null));
  byId('home').addEventListener('click', () => toJoin());
  setInterval(() => (byId('room-time').textContent = call.self ? clock(Date.now() - call.enteredAt) : ''), 1000);
  document.addEventListener('visibilitychange', stayAwake);
  onLanguage(() => {
    showPlace();
    showQuality();
  });

  toJoin();
  TRTC.isSupported().then(({ result }) => {
    if (!window.isSecureContext) join.complain('join.insecure');
    else if (!result) join.complain('join.unsupported');
  });
  document.body.dataset.ready = 'true';

  async function enter(where, manual) {
    place = where;
    ownTicket = manual ?? ownTicket;
    join.setBusy(true);
    byId('rejoin').disabled = true;
    try {
      const ticket = ownTicket ?? (await askTicket(place.user));
      // Before the call, so that capture and entry run side by side; the SDK publishes what runs once it is inside.
      const devices = place.role === 'audience' ? local.stopAll() : bringDevices();
      if (place.role === 'audience') await devices;
      chat.begin();
      await call.enter(ticket, place);
      if (!call.self) return;
      if (manual) remember('sdkAppId', String(manual.sdkAppId));
      toRoom();
    } catch (error) {
      if (error instanceof NoTicket) {
        show('join');
        if (error.key.startsWith('manual.')) join.askTicket();
        join.complain(error.key, error.fill);
      } else {
        ownTicket = null;
        const { key, fill } = faultWords(error);
        if (document.body.dataset.screen === 'ended') toast('bad', key, fill);
        else join.complain(key, fill);
      }
    } finally {
      join.setBusy(false);
      byId('rejoin').disabled = false;
    }
  }

  function bringDevices() {
    if (!navigator.mediaDevices) return Promise.resolve();
    return Promise.all([
      join.wants.microphone && local.setMicrophone(true),
      join.wants.camera && local.setCamera(true),
    ]);
  }

  function toRoom() {
    history.replaceState(null, '', roomQuery(place));
    byId('alone-link').value = roomLink(place);
    show('room');
    stage.begin();
    controls.refresh();
    chat.refresh();
    people.refresh();
    showPlace();
    showQuality();
    stayAwake();
    byId('mic').focus({ preventScroll: true });
  }

  async function leave() {
    const spent = Date.now() - call.enteredAt;
    const gone = call.leave();
    await clearRoom();
    await gone;
    end('left', spent);
  }

  function over(reason) {
    const spent = Date.now() - call.enteredAt;
    clearRoom();
    end(reason, spent);
  }

  function end(reason, spent) {
    show('ended');
    showEnd(reason, { user: place.user, spent });
  }

  function clearRoom() {
    if (place.role === 'anchor') join.wants = { microphone: local.microphone !== 'off', camera: local.camera !== 'off' };
    closeMenu();
    byId('settings').close();
    panel.clear();
    people.clear();
    statistics.clear();
    clearBanners();
    clearToasts();
    stage.end();
    stayAwake();
    return local.stopAll();
  }

  function toJoin() {
    show('join');
    document.title = 'RTC Engine';
    join.complain(null);
    join.begin();
  }

  function localChanged() {
    join.refresh();
    controls.refresh();
    people.refresh();
    stage.localChanged();
  }

  function news(key, { userId }) {
    if (document.body.dataset.screen !== 'room' || call.members.size > SMALL_ROOM) return;
    if (Date.now() - call.enteredAt < SETTLE_MS) return;
    chat.note(key, { user: userId });
    toast('info', key, { user: userId });
  }

  function showPlace() {
    if (!place || document.body.dataset.screen !== 'room') return;
    write(byId('room-name'), 'top.room', { room: place.room });
    write(byId('room-scene'), place.scene === 'live' ? 'top.live' : 'top.call');
    byId('room-scene').dataset.scene = place.scene;
    document.title = `${t('top.room', { room: place.room })} · RTC Engine`;
  }

  function showQuality() {
    const own = byId('own-quality');
    const { uplink = 0, downlink = 0, rtt = 0 } = call.self ?? {};
    const quality = Math.max(uplink, downlink);
    own.dataset.quality = quality;
    const words = quality === 0 ? t('quality.0') : `${t(`quality.${quality}`)} · ${Math.round(rtt)} ms`;
    own.title = words;
    own.setAttribute('aria-label', words);
  }

  /** Keeps the screen lit during a call, where the browser can. */
  async function stayAwake() {
    const wanted = document.body.dataset.screen === 'room' && call.self && document.visibilityState === 'visible';
    try {
      if (wanted && !awake) awake = await navigator.wakeLock?.request('screen');
      else if (!wanted && awake) {
        const held = awake;
        awake = null;
        await held.release();
      }
    } catch {
      awake = null;
    }
    awake?.addEventListener('release', () => (awake = null), { once: true });
  }
}

class NoTicket extends Error {
  constructor(key, fill) {
    super(key);
    Object.assign(this, { key, fill });
  }
}

/** A UserSig from the engine, which signs one for anybody as long as its `demo` setting is on. */
async function askTicket(userId) {
  let answer;
  try {
    const body = JSON.stringify({ userId });
    answer = await fetch('demo/usersig', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  } catch {
    throw new NoTicket('join.noEngine');
  }
  if (answer.status === 404) throw new NoTicket('manual.help');
  if (answer.status === 403) throw new NoTicket('manual.foreign');
  if (!answer.ok) throw new NoTicket('join.ticketFailed', { status: answer.status });
  return answer.json();
}

/** Copies a link; where the browser refuses, the link is told instead. */
async function copy(link) {
  try {
    await navigator.clipboard.writeText(link);
    toast('good', 'top.copied');
  } catch {
    toast('info', 'top.copyFailed', { link });
  }
}

function show(screen) {
  document.body.dataset.screen = screen;
  for (const name of ['join', 'room', 'ended']) byId(name).hidden = name !== screen;
}

function complainEarly(key) {
  byId('join-error').hidden = false;
  write(byId('join-error'), key);
}
