// Messages inside of pictures: from one real page to another, by both kinds of transforms that Chromium has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite } from '../harness/suite.mjs';

const s = suite();
const SEI = { create: { enableSEI: true } };
const UUID = '0123456789abcdef';

/** Sends a text, with options of sendSEIMessage; an error comes back as a value. */
const send = (member, text, options) =>
  member.page.evaluate(
    ([words, chosen]) => {
      try {
        window.member.trtc.sendSEIMessage(new TextEncoder().encode(words).buffer, chosen);
        return null;
      } catch ({ code, extraCode, message }) {
        return { code, extraCode, message };
      }
    },
    [text, options],
  );

const codecs = (member) =>
  member.page.evaluate(() => RTCRtpSender.getCapabilities('video').codecs.map((codec) => codec.mimeType.toLowerCase()));

/** Two in a room, the second watching the first. */
async function watching(room, names, open = SEI) {
  const [sender, viewer] = await Promise.all(names.map((name) => s.open(name, open)));
  assert.ok((await codecs(sender)).includes('video/h264'), 'this Chromium sends H.264');
  await sender.enter(room);
  await viewer.enter(room);
  await sender.call('startLocalVideo', { option: { profile: '360p', small: '120p' } });
  await viewer.event('REMOTE_VIDEO_AVAILABLE', { userId: names[0], streamType: 'main' });
  await viewer.watch(names[0]);
  await viewer.seesFrames(names[0]);
  return [sender, viewer];
}

async function exchange([sender, viewer], name) {
  for (const text of ['first', 'zeros \0\0\0\x01\0\0\x03', 'x'.repeat(1024)]) {
    assert.equal(await send(sender, text), null);
    const match = { userId: name, streamType: 'main', seiPayloadType: 243, data: { text } };
    await viewer.event('SEI_MESSAGE', match);
  }
  assert.equal(await send(sender, `${UUID}mine`, { seiPayloadType: 5 }), null);
  await viewer.event('SEI_MESSAGE', { userId: name, seiPayloadType: 5, data: { text: `${UUID}mine` } });
  // Whoever comes with a new picture would have seen a doubled one by now.
  await viewer.seesFrames(name, 'main', 10);
  const heard = (await viewer.events()).filter((event) => event.name === 'SEI_MESSAGE');
  assert.equal(heard.length, 4, 'each once');
}

test('messages ride on the camera, each is told once, and none is lost when layers change', async () => {
  const members = await watching(1, ['ann', 'bob']);
  await exchange(members, 'ann');
  const [ann, bob] = members;
  await bob.call('updateRemoteVideo', { userId: 'ann', streamType: 'main', option: { small: true } });
  await bob.seesFrames('ann', 'main', 10);
  assert.equal(await send(ann, 'small as well'), null);
  await bob.event('SEI_MESSAGE', { userId: 'ann', data: { text: 'small as well' } });
});

test('messages ride on a shared screen', async () => {
  const [cat, dan] = [await s.open('cat', SEI), await s.open('dan', SEI)];
  await cat.enter(2);
  await dan.enter(2);
  assert.equal((await send(cat, 'hi', { toSubStream: true })).extraCode, 5109, 'nothing is shared yet');
  await cat.page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    const draw = canvas.getContext('2d');
    setInterval(() => draw.fillRect(Math.random() * 300, Math.random() * 150, 9, 9), 50);
    await window.member.trtc.startScreenShare({ option: { videoTrack: canvas.captureStream(20).getVideoTracks()[0] } });
  });
  await dan.event('REMOTE_VIDEO_AVAILABLE', { userId: 'cat', streamType: 'sub' });
  await dan.watch('cat', 'sub');
  await dan.seesFrames('cat', 'sub');
  assert.equal(await send(cat, 'on the screen', { toSubStream: true }), null);
  await dan.event('SEI_MESSAGE', { userId: 'cat', streamType: 'sub', seiPayloadType: 243, data: { text: 'on the screen' } });
});

test('the older transforms of Chromium do the same', async () => {
  const before = () => delete window.RTCRtpScriptTransform;
  const has = await s.open('probe');
  const hasStreams = await has.page.evaluate(() => typeof RTCRtpSender.prototype.createEncodedStreams === 'function');
  assert.ok(hasStreams, 'this Chromium has them still');
  await exchange(await watching(3, ['eve', 'fay'], { ...SEI, before }), 'eve');
});

test('a browser that does not send H.264 sends VP8, is seen, and says that it cannot carry messages', async () => {
  const before = () => {
    const capabilities = RTCRtpSender.getCapabilities.bind(RTCRtpSender);
    RTCRtpSender.getCapabilities = (kind) => {
      const { codecs, ...rest } = capabilities(kind);
      return { ...rest, codecs: codecs.filter(({ mimeType }) => !/h264/i.test(mimeType)) };
    };
  };
  const [gus, hal] = [await s.open('gus', { ...SEI, before }), await s.open('hal', SEI)];
  await gus.enter(5);
  await hal.enter(5);
  await gus.call('startLocalVideo', { option: { profile: '180p' } });
  await hal.event('REMOTE_VIDEO_AVAILABLE', { userId: 'gus', streamType: 'main' });
  await hal.watch('gus');
  await hal.seesFrames('gus');
  const { code, extraCode } = await send(gus, 'hi');
  assert.deepEqual([code, extraCode], [5200, 5207]);
});

test('what cannot be sent is refused with the number of the original', async () => {
  const [off, on] = [await s.open('off'), await s.open('on', SEI)];
  assert.deepEqual([(await send(off, 'hi')).code, (await send(off, 'hi')).extraCode], [5100, 5108]);
  assert.equal((await send(on, 'hi')).extraCode, 5101);
  await on.enter(4, { scene: 'live', role: 'audience' });
  assert.equal((await send(on, 'hi')).extraCode, 5107);
  await on.call('switchRole', 'anchor');
  assert.equal((await send(on, 'hi')).extraCode, 5109);
  assert.equal((await send(on, '')).extraCode, 5017);
  assert.equal((await send(on, 'x'.repeat(1025))).extraCode, 5018);
  assert.equal((await send(on, 'no uuid', { seiPayloadType: 5 })).code, 5000);
  assert.equal((await send(on, 'hi', { seiPayloadType: 6 })).extraCode, 5005);
});
