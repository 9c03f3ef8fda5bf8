// TURN on the engine's own port: members who may use relays alone, and a network that lets nothing but TLS through.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { openBrowser } from '../harness/browser.mjs';
import { cutMedia, letOnlyTlsThrough, mendMedia } from '../harness/cut.mjs';
import { Engine } from '../harness/engine.mjs';
import { Member } from '../harness/member.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'rtc-engine-turn-'));
const [certificate, key] = ['certificate.pem', 'key.pem'].map((name) => path.join(folder, name));
let engine;
let browser;
let members = [];

before(async () => {
  execFileSync('openssl', [
    ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost'.split(' '),
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate],
  ], { stdio: 'pipe' });
  engine = await Engine.start({
    isOnePort: true,
    env: {
      RTC_ENGINE_HTTP_TLS_CERTIFICATE: certificate,
      RTC_ENGINE_HTTP_TLS_KEY: key,
      // The name in the certificate may lead to ::1, where this engine does not listen.
      RTC_ENGINE_TURN_TLS_HOST: '127.0.0.1',
    },
  });
  engine.url = engine.url.replace('http:', 'https:');
  browser = await openBrowser({ args: ['--ignore-certificate-errors'] });
});
afterEach(async () => {
  mendMedia();
  const errors = members.flatMap((member) => member.errors);
  await Promise.all(members.map((member) => member.close().catch(() => {})));
  members = [];
  assert.deepEqual(errors, []);
});
after(async () => {
  await browser?.close();
  await engine?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Keeps the peer connections of a page where a test finds them. With `only` they know no other TURN URL than those with that in
 *  it: a browser stays with the relay that answers first, whichever that is. */
function keepConnections(only) {
  window.connections = [];
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(...args) {
      super(...args);
      window.connections.push(this);
    }

    setConfiguration(configuration) {
      const iceServers = configuration.iceServers.map((server) => ({ ...server, urls: server.urls.filter((url) => url.includes(only)) }));
      super.setConfiguration({ ...configuration, iceServers });
    }
  };
}

async function open(userId, only = '') {
  const member = await Member.open(browser, engine, userId, { before: `(${keepConnections})(${JSON.stringify(only)})` });
  members.push(member);
  return member;
}

/** How a member's media travels: the kind of its chosen local candidate, and by what it reaches the relay. */
async function way(member) {
  return member.page.evaluate(async () => {
    const stats = await window.connections.at(-1).getStats();
    const transport = [...stats.values()].find(({ type }) => type === 'transport');
    const local = stats.get(stats.get(transport.selectedCandidatePairId).localCandidateId);
    return [local.candidateType, local.relayProtocol].filter(Boolean).join(' ');
  });
}

async function meet(options, wanted, only) {
  const [ann, bob] = [await open('ann', only), await open('bob', only)];
  for (const member of [ann, bob]) {
    await member.enter(1, options);
    await member.call('startLocalVideo', { option: { profile: '180p' } });
    await member.call('startLocalAudio');
  }
  for (const [viewer, other] of [[ann, 'bob'], [bob, 'ann']]) {
    await viewer.event('REMOTE_VIDEO_AVAILABLE', { userId: other, streamType: 'main' });
    await viewer.watch(other);
    await viewer.seesFrames(other);
    await viewer.hears(other);
  }
  assert.deepEqual([await way(ann), await way(bob)], [wanted, wanted]);
}

async function figure(name) {
  const { page } = members[0];
  const text = await page.evaluate(async () => (await fetch('/metrics')).text());
  const lines = text.split('\n').filter((line) => line.startsWith(`rtc_engine_${name}`));
  return lines.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
}

describe('two who use relays alone see and hear each other', () => {
  const relay = { proxy: { iceTransportPolicy: 'relay' } };

  test('over UDP', { timeout: 60_000 }, async () => {
    await meet(relay, 'relay udp', 'transport=udp');
    // Figures are those of a second ago.
    while ((await figure('media_turn_in_total')) <= 100);
  });

  test('over TCP, where UDP is cut', async () => {
    cutMedia(engine.mediaPort, ['udp']);
    await meet(relay, 'relay tcp', 'turn:');
  });

  test('over TLS, where that is all that gets through', async () => {
    letOnlyTlsThrough(engine.mediaPort);
    await meet(relay, 'relay tls');
  });
});

test('whoever can reach media directly never has an allocation', async () => {
  await open('cy');
  const before = await figure('media_turn_allocated_total');
  await meet({}, 'host');
  assert.equal(await figure('media_turn_allocated_total'), before);
});

test('who has a network of TLS alone finds the way by himself, and is told of no outage', async () => {
  letOnlyTlsThrough(engine.mediaPort);
  await meet({}, 'relay tls');
  for (const member of members) {
    const states = (await member.events()).filter(({ name }) => name === 'CONNECTION_STATE_CHANGED').map(({ data }) => data.state);
    assert.deepEqual(states, ['CONNECTING', 'CONNECTED']);
  }
});
