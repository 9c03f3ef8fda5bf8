// A native member and a page in one room: the native engine against a real browser.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { node } from '../harness/clients.mjs';
import { Robot } from '../harness/robot.mjs';
import { suite } from '../harness/suite.mjs';

const s = suite();
let robots = [];

afterEach(async () => {
  await Promise.all(robots.map((robot) => robot.stop()));
  robots = [];
});

function start(userId, room, ...options) {
  const robot = Robot.start(s.engine, userId, room, options);
  robots.push(robot);
  return robot;
}

test('a native member and a page see and hear each other', async () => {
  const page = await s.open('alice');
  await page.enter(1);
  await page.call('startLocalVideo', { option: { profile: '360p' } });
  await page.call('startLocalAudio');
  const robot = start('robot', 1, '--tone', '440', '--pattern');
  await robot.event('onRemoteUserEnterRoom', { userId: 'alice' });
  await page.event('REMOTE_USER_ENTER', { userId: 'robot' });
  await page.event('REMOTE_VIDEO_AVAILABLE', { userId: 'robot', streamType: 'main' });
  await page.watch('robot');
  const picture = await page.seesFrames('robot', 'main', 20);
  assert.deepEqual([picture.width, picture.height], [640, 360]);
  await page.hears('robot');
  const seen = await robot.seesFrames('alice', 0, 30);
  assert.ok(seen.width >= 160 && seen.height >= 90, JSON.stringify(seen));
  await robot.hears('alice');
  assert.deepEqual(robot.story('onEnterRoom', 'onRemoteUserEnterRoom', 'onFirstAudioFrame'), [
    'onEnterRoom',
    'onRemoteUserEnterRoom alice',
    'onFirstAudioFrame alice',
  ]);
});

test('what is muted is seen and heard no longer, and again afterwards', async () => {
  const page = await s.open('alice');
  await page.enter(2);
  const robot = start('robot', 2, '--tone', '440', '--pattern');
  await page.event('REMOTE_VIDEO_AVAILABLE', { userId: 'robot', streamType: 'main' });
  await page.watch('robot');
  await page.seesFrames('robot');
  for (const [kind, unavailable, available] of [
    ['video', 'REMOTE_VIDEO_UNAVAILABLE', 'REMOTE_VIDEO_AVAILABLE'],
    ['audio', 'REMOTE_AUDIO_UNAVAILABLE', 'REMOTE_AUDIO_AVAILABLE'],
  ]) {
    await page.forget();
    robot.say(`mute ${kind} on`);
    await page.event(unavailable, { userId: 'robot' });
    robot.say(`mute ${kind} off`);
    await page.event(available, { userId: 'robot' });
  }
  await page.hears('robot');
});

test('messages go both ways, beside and inside of pictures', async () => {
  const page = await s.open('alice', { create: { enableSEI: true } });
  await page.enter('messages');
  await page.call('startLocalVideo', { option: { profile: '360p' } });
  const robot = start('robot', 'messages', '--pattern');
  await robot.seesFrames('alice');
  await page.event('REMOTE_VIDEO_AVAILABLE', { userId: 'robot', streamType: 'main' });
  await page.watch('robot');
  await page.seesFrames('robot');

  robot.say('message from the robot');
  await page.event('CUSTOM_MESSAGE', { userId: 'robot', cmdId: 1, data: { text: 'from the robot' } });
  await page.page.evaluate(() => window.member.trtc.sendCustomMessage({ cmdId: 2, data: new TextEncoder().encode('from the page').buffer }));
  await robot.event('onRecvCustomCmdMsg', { userId: 'alice', cmdID: 2, text: 'from the page' });

  robot.say('sei inside of a picture');
  await page.event('SEI_MESSAGE', { userId: 'robot', data: { text: 'inside of a picture' } });
  await page.page.evaluate(() => window.member.trtc.sendSEIMessage(new TextEncoder().encode('and back').buffer));
  await robot.event('onRecvSEIMsg', { userId: 'alice', text: 'and back' });
  const longest = 'longest'.padEnd(1024, '.');
  await page.page.evaluate((text) => window.member.trtc.sendSEIMessage(new TextEncoder().encode(text).buffer), longest);
  await robot.event('onRecvSEIMsg', { userId: 'alice', text: longest });
});

test('leaving is told on both sides with its reason', async () => {
  const page = await s.open('alice');
  await page.enter(4);
  const robot = start('robot', 4, '--tone', '440');
  await page.event('REMOTE_AUDIO_AVAILABLE', { userId: 'robot' });
  robot.say('exit');
  await robot.event('onExitRoom', { reason: 0 });
  assert.equal((await robot.exited).code, 0);
  await page.event('REMOTE_USER_EXIT', { userId: 'robot', reason: 0 });

  const second = start('second', 4);
  await second.event('onRemoteUserEnterRoom', { userId: 'alice' });
  await page.call('exitRoom');
  await second.event('onRemoteUserLeaveRoom', { userId: 'alice', reason: 0 });
});

test('removal and dismissal by the server end a native stay with their reasons', async () => {
  for (const [room, reason, action, parameters] of [
    [5, 1, 'RemoveUser', { UserIds: ['robot'] }],
    [6, 2, 'DismissRoom', {}],
  ]) {
    const robot = start('robot', room, '--tone', '440');
    await robot.event('onSendFirstLocalAudioFrame');
    const answer = await node(s.engine, action, { SdkAppId: s.engine.credentials.sdk_app_id, RoomId: room, ...parameters });
    assert.equal(answer.error, undefined, JSON.stringify(answer.error));
    await robot.event('onExitRoom', { reason });
    assert.equal((await robot.exited).code, reason);
  }
});
