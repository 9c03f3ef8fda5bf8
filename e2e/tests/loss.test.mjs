// A network that loses packets: what is lost of sound comes inside of other packets.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { loseMedia, mendMedia } from '../harness/cut.mjs';
import { suite } from '../harness/suite.mjs';

const s = suite();

afterEach(mendMedia);

/** Runs in the page: keeps its peer connections where a test can ask them. */
function keepConnections() {
  const Native = window.RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...options) {
      super(...options);
      window.connections.push(this);
    }
  };
}

/** Samples of sound that were played since this was asked last, and how many of them were invented. */
async function played(member) {
  return member.page.evaluate(async () => {
    const now = { total: 0, concealed: 0 };
    for (const connection of window.connections) {
      for (const row of (await connection.getStats()).values()) {
        if (row.type !== 'inbound-rtp' || row.kind !== 'audio') continue;
        now.total += row.totalSamplesReceived ?? 0;
        now.concealed += (row.concealedSamples ?? 0) - (row.silentConcealedSamples ?? 0);
      }
    }
    const before = window.playedBefore ?? { total: 0, concealed: 0 };
    window.playedBefore = now;
    return { total: now.total - before.total, concealed: now.concealed - before.concealed };
  });
}

/** What a page says with, as `audio/…`: the first of what was agreed on. */
async function spoken(member) {
  return member.page.evaluate(() => {
    const senders = window.connections.at(-1).getSenders();
    return senders.find((sender) => sender.track?.kind === 'audio').getParameters().codecs[0].mimeType;
  });
}

test('with three of ten packets lost on each way, sound is hardly invented', async () => {
  const alice = await s.open('alice', { before: keepConnections });
  const bob = await s.open('bob', { before: keepConnections });
  for (const member of [alice, bob]) {
    await member.enter(1);
    await member.call('startLocalAudio');
  }
  for (const [member, other] of [[alice, 'bob'], [bob, 'alice']]) {
    await member.event('REMOTE_AUDIO_AVAILABLE', { userId: other });
    await member.hears(other);
  }
  assert.equal(await spoken(alice), 'audio/red');

  loseMedia(s.engine.mediaPort, 30);
  // Without anything against it half of the packets would not come, and more than a third of the sound is invented. It takes some
  // of the browser's reports until the engine knows.
  let share = 1;
  for (let second = 0; second < 100 && share > 0.2; second += 4) {
    await played(bob);
    await bob.page.waitForFunction((end) => performance.now() > end, (await bob.page.evaluate(() => performance.now())) + 4000);
    const { total, concealed } = await played(bob);
    share = concealed / total;
  }
  assert.ok(share <= 0.2, `${Math.round(share * 100)} % of the sound was invented`);
});
