import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codecOf, offeredCodecs, spokenCodecs } from './codecs.js';

const video = (name: string, sdpFmtpLine?: string) => ({ mimeType: `video/${name}`, clockRate: 90_000, sdpFmtpLine });

/** What Chromium lists, shortened. */
const chromium = [
  video('VP8'),
  video('rtx'),
  video('VP9', 'profile-id=0'),
  video('VP9', 'profile-id=2'),
  video('H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f'),
  video('H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'),
  video('H264', 'level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f'),
  video('AV1', 'level-idx=5;profile=1;tier=0'),
  video('AV1', 'level-idx=5;profile=0;tier=0'),
  video('red'),
  video('ulpfec'),
];

test('one variant of each forwarded codec is offered, VP8 first, with retransmission', () => {
  assert.deepEqual(
    offeredCodecs('video', chromium)?.map(({ mimeType, sdpFmtpLine }) => `${mimeType} ${sdpFmtpLine ?? ''}`.trim()),
    [
      'video/VP8',
      'video/H264 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
      'video/VP9 profile-id=0',
      'video/AV1 level-idx=5;profile=0;tier=0',
      'video/rtx',
    ],
  );
});

test('a browser without H.264 offers the others', () => {
  const names = offeredCodecs('video', [video('VP8'), video('VP9'), video('rtx')])?.map(({ mimeType }) => mimeType);
  assert.deepEqual(names, ['video/VP8', 'video/VP9', 'video/rtx']);
});

test('a browser that lists nothing we know is left alone', () => {
  assert.equal(offeredCodecs('video', [video('rtx'), video('H266')]), null);
});

test('of audio opus is offered, alone and carried again, which comes first where one speaks', () => {
  const audio = ['opus', 'red', 'G722', 'CN', 'telephone-event'].map((name) => ({
    mimeType: `audio/${name}`,
    clockRate: 48_000,
  }));
  assert.deepEqual(
    offeredCodecs('audio', audio)?.map(({ mimeType }) => mimeType),
    ['audio/opus', 'audio/red'],
  );
  assert.deepEqual(
    spokenCodecs(audio)?.map(({ mimeType }) => mimeType),
    ['audio/red', 'audio/opus'],
  );
});

test('MIME types are names of this protocol', () => {
  assert.deepEqual(['video/VP8', 'video/H264', 'audio/opus', 'audio/red', 'video/rtx', undefined].map(codecOf), [
    'vp8',
    'h264',
    'opus',
    'opus',
    undefined,
    undefined,
  ]);
});
