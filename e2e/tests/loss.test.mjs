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

/** The share of sound that is invented, once it is no more than `most` for four seconds, or when so many seconds are over. */
async function invented(member, most, seconds) {
  let share = 1;
  for (let second = 0; second < seconds && share > most; second += 4) {
    await played(member);
    await member.page.waitForFunction((end) => performance.now() > end, (await member.page.evaluate(() => performance.now())) + 4000);
    const { total, concealed } = await played(member);
    share = concealed / total;
  }
  return share;
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
  const share = await invented(bob, 0.2, 100);
  assert.ok(share <= 0.2, `${Math.round(share * 100)} % of the sound was invented`);
});

test('with half of all packets lost on their way up, more is repeated than browsers do by themselves', async () => {
  const [cat, dan] = [await s.open('cat'), await s.open('dan', { before: keepConnections })];
  await cat.enter(2);
  await dan.enter(2);
  await cat.call('startLocalAudio');
  await dan.event('REMOTE_AUDIO_AVAILABLE', { userId: 'cat' });
  await dan.hears('cat');

  loseMedia(s.engine.mediaPort, 50, ['dport']);
  // Each packet once more leaves a quarter lost.
  const share = await invented(dan, 0.06, 60);
  assert.ok(share <= 0.06, `${Math.round(share * 100)} % of the sound was invented`);

  // A microphone that was put away and taken again is heard as before.
  await cat.call('stopLocalAudio');
  await dan.event('REMOTE_AUDIO_UNAVAILABLE', { userId: 'cat' });
  await cat.call('startLocalAudio');
  await dan.hears('cat');
});

test('what repeats sound runs while there is sound to send, and ends with the microphone', async () => {
  const eve = await s.open('eve');
  const running = async (count) => {
    while (eve.page.workers().length !== count) {
      await Promise.race([eve.page.waitForEvent('worker'), ...eve.page.workers().map((worker) => worker.waitForEvent('close'))]);
    }
  };
  await eve.enter(3);
  await running(0);
  await eve.call('startLocalAudio');
  await running(1);
  await eve.call('stopLocalAudio');
  await running(0);
  await eve.call('startLocalAudio');
  await running(1);
  await eve.call('exitRoom');
  await running(0);
});

test('a page whose policy forbids workers is heard all the same', async () => {
  const forbidWorkers = () => {
    const policy = document.createElement('meta');
    policy.httpEquiv = 'Content-Security-Policy';
    policy.content = "worker-src 'none'";
    document.head.append(policy);
  };
  const [fay, gus] = [await s.open('fay', { before: forbidWorkers }), await s.open('gus')];
  await fay.enter(4);
  await gus.enter(4);
  await fay.call('startLocalAudio');
  await gus.event('REMOTE_AUDIO_AVAILABLE', { userId: 'fay' });
  await gus.hears('fay');
  assert.deepEqual(fay.page.workers(), []);
});

test('where what repeats sound does not work, sound goes without it after some seconds, and nobody is told', async () => {
  const breakWorkers = () => {
    let count = 0;
    window.Worker = class extends Worker {
      constructor(...options) {
        super(...options);
        count += 1;
        // The first shows whether there can be any.
        if (count > 1) this.terminate();
      }
    };
  };
  const [hal, ida] = [await s.open('hal', { before: breakWorkers }), await s.open('ida')];
  await hal.enter(5);
  await ida.enter(5);
  await hal.call('startLocalAudio');
  await ida.event('REMOTE_AUDIO_AVAILABLE', { userId: 'hal' });
  await ida.hears('hal', 0.05, 30_000);
  assert.deepEqual(await ida.story('REMOTE_AUDIO_UNAVAILABLE', 'REMOTE_USER_EXIT'), []);
});
