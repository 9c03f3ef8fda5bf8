// The figures of the call, as the SDK measures them every two seconds.

import { byId, make } from './dom.js';
import { onLanguage, t } from './words.js';

/** The most people whose figures are listed: a page of 300 would help nobody. */
const MOST_PEOPLE = 24;

export class Statistics {
  #panel = byId('panel-stats');
  #last = null;

  constructor(call) {
    call.on('statistics', (statistics) => {
      this.#last = statistics;
      this.refresh();
    });
    onLanguage(() => this.refresh());
  }

  /** Forgets the figures. */
  clear() {
    this.#last = null;
    this.refresh();
  }

  /** Draws anew, if it can be seen. */
  refresh() {
    if (this.#panel.hidden) return;
    if (!this.#last) {
      this.#panel.replaceChildren(make('p', { class: 'empty', text: t('stats.wait') }));
      return;
    }
    const { rtt, upLoss, downLoss, bytesSent, bytesReceived, localStatistics: local, remoteStatistics: remote } = this.#last;
    const scroll = this.#panel.scrollTop;
    this.#panel.replaceChildren(
      make(
        'div',
        { class: 'figures' },
        figure('stats.rtt', `${round(rtt)} ms`),
        figure('stats.upLoss', `${round(upLoss)} %`),
        figure('stats.downLoss', `${round(downLoss)} %`),
        figure('stats.sent', bytes(bytesSent)),
        figure('stats.received', bytes(bytesReceived)),
      ),
      person(t('stats.local'), local),
      ...(remote ?? []).slice(0, MOST_PEOPLE).map((one) => person(one.userId, one)),
    );
    this.#panel.scrollTop = scroll;
  }
}

function figure(key, value) {
  return make('div', { class: 'figure' }, make('span', { class: 'dim', text: t(key) }), make('b', { text: value }));
}

function person(name, { audio, video }) {
  const rows = [];
  if (audio && audio.bitrate > 0) rows.push(row(t('stats.audio'), `${round(audio.bitrate)} kbps`, buffer(audio)));
  for (const one of video ?? []) {
    const size = `${one.width}×${one.height} · ${round(one.frameRate)} fps`;
    rows.push(row(t(`stats.${one.videoType}`), `${round(one.bitrate)} kbps`, size));
  }
  if (rows.length === 0) rows.push(make('p', { class: 'dim', text: t('stats.nothing') }));
  return make('section', { class: 'stats-person' }, make('h3', { text: name }), ...rows);
}

function row(name, ...values) {
  const words = values.filter(Boolean).join(' · ');
  return make('div', { class: 'stats-row' }, make('span', { text: name }), make('span', { class: 'dim', text: words }));
}

function buffer({ jitterBufferDelay }) {
  return jitterBufferDelay > 0 ? t('stats.buffer', { n: round(jitterBufferDelay) }) : '';
}

function round(value) {
  return Math.round(value ?? 0);
}

function bytes(value) {
  const units = ['B', 'KB', 'MB', 'GB'];
  let scaled = value ?? 0;
  let unit = 0;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${scaled < 10 && unit > 0 ? scaled.toFixed(1) : Math.round(scaled)} ${units[unit]}`;
}
