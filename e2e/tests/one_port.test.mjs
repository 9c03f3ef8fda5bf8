// Pages, signaling and media on one port, on a network that lets TCP through and nothing else.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { cutMedia, mendMedia } from '../harness/cut.mjs';
import { suite } from '../harness/suite.mjs';

const s = suite({ engine: { isOnePort: true } });
afterEach(mendMedia);

for (const [name, cut] of [['all', []], ['TCP alone', ['udp']]]) {
  test(`two see and hear each other over one port that lets ${name} through`, async () => {
    if (cut.length) cutMedia(s.engine.mediaPort, cut);
    const [ann, bob] = [await s.open('ann'), await s.open('bob')];
    for (const member of [ann, bob]) {
      await member.enter(1);
      await member.call('startLocalVideo', { option: { profile: '180p' } });
      await member.call('startLocalAudio');
    }
    for (const [viewer, other] of [[ann, 'bob'], [bob, 'ann']]) {
      await viewer.event('REMOTE_VIDEO_AVAILABLE', { userId: other, streamType: 'main' });
      await viewer.watch(other);
      await viewer.seesFrames(other);
      await viewer.hears(other);
    }
    const metrics = await (await fetch(`${s.engine.url}/metrics`)).text();
    const connections = metrics.split('\n').filter((line) => line.startsWith('rtc_engine_media_tcp_connections{'));
    const media = connections.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
    if (cut.length) assert.ok(media >= 2, `media goes over TCP:\n${connections.join('\n')}`);
  });
}
