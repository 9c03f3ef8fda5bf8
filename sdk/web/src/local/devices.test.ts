import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceChanges } from './devices.js';

const device = (kind: MediaDeviceKind, deviceId: string): MediaDeviceInfo => ({
  kind,
  deviceId,
  groupId: '',
  label: deviceId,
  toJSON: () => ({}),
});

test('what came and what went, by kind', () => {
  const before = [device('videoinput', 'a'), device('audioinput', 'm'), device('audiooutput', 's')];
  const after = [device('videoinput', 'b'), device('audioinput', 'm'), device('audiooutput', 's'), device('audiooutput', 't')];
  assert.deepEqual(
    deviceChanges(before, after).map(({ type, action, device: { deviceId } }) => `${type} ${action} ${deviceId}`),
    ['camera remove a', 'camera add b', 'speaker add t'],
  );
});

test('devices that become visible by permission have not come, and stand-ins are not devices', () => {
  assert.deepEqual(deviceChanges([device('videoinput', '')], [device('videoinput', 'a'), device('videoinput', 'b')]), []);
  assert.deepEqual(
    deviceChanges([device('audioinput', 'm')], [device('audioinput', 'm'), device('audioinput', 'default')]),
    [],
  );
});
