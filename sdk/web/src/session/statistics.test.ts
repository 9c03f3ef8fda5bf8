import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, grade, sample, type Lines } from './statistics.js';

const lines: Lines = {
  local: (mid) => (({ 0: 'microphone', 1: 'camera', 2: 'screen' }) as const)[mid as '0'] ?? null,
  remote: (mid) =>
    (
      ({
        3: { userId: 'ann', track: 'microphone', isOn: true },
        4: { userId: 'ann', track: 'camera', isOn: true },
        6: { userId: 'bob', track: 'screen', isOn: true },
      }) as const
    )[mid as '3'] ?? null,
  wantsSmall: (userId) => userId === 'ann',
};

const path = [
  { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
  { id: 'P', type: 'candidate-pair', currentRoundTripTime: 0.04 },
];

const sending = (packets: number, lost: number) => [
  {
    id: 'a',
    type: 'outbound-rtp',
    kind: 'audio',
    mid: '0',
    bytesSent: packets * 100,
    packetsSent: packets,
    mediaSourceId: 'sa',
  },
  { id: 'sa', type: 'media-source', kind: 'audio', audioLevel: 0.25 },
  {
    id: 'h',
    type: 'outbound-rtp',
    kind: 'video',
    mid: '1',
    rid: 'h',
    bytesSent: packets * 1000,
    packetsSent: packets,
    framesEncoded: packets,
    frameWidth: 640,
    frameHeight: 480,
    mediaSourceId: 'sv',
  },
  {
    id: 'l',
    type: 'outbound-rtp',
    kind: 'video',
    mid: '1',
    rid: 'l',
    bytesSent: 5000,
    packetsSent: 50,
    framesEncoded: 7,
    frameWidth: 160,
    frameHeight: 120,
  },
  { id: 'sv', type: 'media-source', kind: 'video', framesPerSecond: 20 },
  { id: 'ra', type: 'remote-inbound-rtp', localId: 'a', packetsLost: lost },
];

test('what is sent: bitrates from two samples, and no layer that is off', () => {
  const { statistics, report } = findings(
    sample(0, [...path, ...sending(100, 0)]),
    sample(2000, [...path, ...sending(200, 10)]),
    lines,
    true,
  );
  assert.deepEqual(statistics.localStatistics, {
    audio: { bitrate: 40, audioLevel: 25 },
    video: [{ width: 640, height: 480, frameRate: 50, bitrate: 400, videoType: 'big' }],
  });
  assert.equal(statistics.rtt, 40);
  assert.equal(statistics.upLoss, 10);
  assert.equal(statistics.bytesSent, 200 * 1100 + 5000);
  assert.deepEqual(
    report.local.map(({ stream, layer }) => [stream, layer]),
    [
      ['main', undefined],
      ['main', 'big'],
    ],
  );
  assert.equal(report.local[1]?.capturedFps, 20);
});

const receiving = (packets: number, lost: number, frames: number) => [
  {
    id: 'ia',
    type: 'inbound-rtp',
    kind: 'audio',
    mid: '3',
    packetsReceived: packets,
    packetsLost: lost,
    bytesReceived: packets * 80,
    audioLevel: 0.5,
    totalSamplesReceived: packets * 960,
    concealedSamples: lost * 960,
    silentConcealedSamples: 0,
    jitterBufferDelay: packets * 960 * 0.03,
    jitterBufferEmittedCount: packets * 960,
  },
  {
    id: 'iv',
    type: 'inbound-rtp',
    kind: 'video',
    mid: '4',
    packetsReceived: packets,
    packetsLost: 0,
    bytesReceived: packets * 900,
    framesDecoded: frames,
    frameWidth: 160,
    frameHeight: 120,
    totalFreezesDuration: 0,
    jitterBufferDelay: frames * 0.05,
    jitterBufferEmittedCount: frames,
  },
  {
    id: 'is',
    type: 'inbound-rtp',
    kind: 'video',
    mid: '9',
    packetsReceived: 77,
    packetsLost: 0,
    bytesReceived: 1,
    framesDecoded: 1,
  },
];

test('what is received: by user, with loss and concealment, and nothing of an empty slot', () => {
  const { statistics, report } = findings(
    sample(1000, [...path, ...receiving(0, 0, 0)]),
    sample(3000, [...path, ...receiving(90, 10, 40)]),
    lines,
    true,
  );
  assert.deepEqual(statistics.remoteStatistics, [
    {
      userId: 'ann',
      audio: { bitrate: 29, audioLevel: 50, jitterBufferDelay: 30 },
      video: [{ width: 160, height: 120, frameRate: 20, bitrate: 324, videoType: 'small', jitterBufferDelay: 50 }],
    },
  ]);
  assert.equal(statistics.downLoss, 5);
  const [audio, video] = report.remote;
  assert.equal(audio?.loss, 10);
  assert.equal(Math.round(audio?.concealed ?? 0), 11);
  assert.equal(Math.round(audio?.blockedMs ?? 0), 222);
  assert.equal(video?.blockedMs, 0);
});

test('a picture that should come and does not is blocked', () => {
  const { report } = findings(sample(0, receiving(10, 0, 5)), sample(2000, receiving(20, 0, 5)), lines, true);
  assert.equal(report.remote.find(({ video }) => video)?.blockedMs, 2000);
});

test('counters that were started anew are not taken for rates', () => {
  const { statistics } = findings(sample(0, sending(1000, 5)), sample(2000, sending(10, 0)), lines, true);
  assert.equal(statistics.localStatistics.audio.bitrate, 0);
  assert.equal(statistics.upLoss, 0);
});

test('the worse of loss and round trip is the grade', () => {
  assert.deepEqual(
    [grade(0, 20), grade(3, 20), grade(0, 300), grade(20, 20), grade(0, 900), grade(60, 20)],
    [1, 2, 3, 4, 5, 5],
  );
});

test('unknown while there is no path, disconnected while the engine is lost', () => {
  assert.equal(findings(null, sample(0, []), lines, true).quality.uplinkNetworkQuality, 0);
  const lost = findings(null, sample(0, path), lines, false).quality;
  assert.deepEqual([lost.uplinkNetworkQuality, lost.downlinkNetworkQuality], [6, 6]);
  assert.equal(findings(null, sample(0, path), lines, true).quality.downlinkNetworkQuality, 1);
});
