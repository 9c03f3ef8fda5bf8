import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineAddress, signalUrl } from './address.js';

const all = {
  proxy: 'wss://proxy.example/ws/',
  create: 'https://create.example',
  global: 'https://global.example',
  meta: 'https://meta.example',
  script: 'https://script.example/sdk/trtc.js',
  page: 'https://page.example',
};

test('each place rules over those after it', () => {
  const found = [];
  const places: Record<string, string> = { ...all };
  for (const place of Object.keys(all)) {
    found.push(engineAddress(places));
    delete places[place];
  }
  assert.deepEqual(found, [all.proxy, all.create, all.global, all.meta, 'https://script.example', all.page]);
});

test('a script from elsewhere than /sdk/ does not say where the engine is', () => {
  for (const script of [
    'https://cdn.example/npm/trtc.js',
    'https://cdn.example/lib/sdk/trtc.js',
    'file:///sdk/trtc.js',
    'nonsense',
  ]) {
    assert.equal(engineAddress({ script, page: all.page }), all.page);
  }
});

test('an empty place is passed over, a wrong one is named', () => {
  assert.equal(engineAddress({ proxy: ' ', create: all.create }), all.create);
  assert.throws(() => engineAddress({ create: 'engine.example:8080', page: all.page }), /TRTC\.create\(\{server\}\)/);
  assert.throws(() => engineAddress({ proxy: 'ftp://x', create: all.create }), { name: 'unreachable' });
});

test('a page from a file must be told', () => {
  assert.throws(() => engineAddress({ page: 'null' }), /TRTC\.create\(\{server\}\)/);
});

test('a path is a prefix of the signaling path', () => {
  assert.equal(signalUrl('https://a.example'), 'wss://a.example/v1/signal');
  assert.equal(signalUrl('http://127.0.0.1:8080/'), 'ws://127.0.0.1:8080/v1/signal');
  assert.equal(signalUrl('wss://a.example:444/rtc/one/'), 'wss://a.example:444/rtc/one/v1/signal');
  assert.equal(signalUrl('ws://a.example/rtc?zone=2'), 'ws://a.example/rtc/v1/signal?zone=2');
});
