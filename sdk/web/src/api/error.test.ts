import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SessionError } from '../session/types.js';
import { RtcError } from './error.js';

test("what the engine refuses is a server error with the engine's number", () => {
  const error = RtcError.convertFrom(new SessionError('userSigExpired', 70001, 'userSig has expired', true), 'enterRoom');
  assert.deepEqual([error.code, error.extraCode, error.message], [5400, 70001, 'enterRoom: userSig has expired']);
});

test('refusals because of the state are invalid operations', () => {
  const codes = (name: 'noSuchStream' | 'notInRoom') => {
    const { code, extraCode } = RtcError.convertFrom(new SessionError(name, -1, 'x', true), 'startRemoteVideo');
    return [code, extraCode];
  };
  assert.deepEqual(codes('noSuchStream'), [5100, 5103]);
  assert.deepEqual(codes('notInRoom'), [5100, 5101]);
});

test('failures on this side fall into their families', () => {
  const codes = (name: 'aborted' | 'unreachable' | 'mediaBlocked' | 'rejoinFailed' | 'unsupported' | 'notEntered') => {
    const { code, extraCode } = RtcError.convertFrom(SessionError.local(name, 'x'), 'enterRoom');
    return [code, extraCode];
  };
  assert.deepEqual(codes('aborted'), [5998, undefined]);
  assert.deepEqual(codes('unreachable'), [5500, undefined]);
  assert.deepEqual(codes('mediaBlocked'), [5500, 5501]);
  assert.deepEqual(codes('rejoinFailed'), [5500, 5502]);
  assert.deepEqual(codes('unsupported'), [5200, 5202]);
  assert.deepEqual(codes('notEntered'), [5100, 5101]);
});

test('device errors are known by their names and say what to do', () => {
  const names = [
    'NotFoundError',
    'NotAllowedError',
    'NotReadableError',
    'OverconstrainedError',
    'InvalidStateError',
    'SecurityError',
    'AbortError',
  ];
  names.forEach((name, index) => {
    const origin = new DOMException('no', name);
    const error = RtcError.convertFrom(origin, 'startLocalVideo');
    assert.deepEqual([error.code, error.extraCode], [5300, 5301 + index]);
    assert.equal(error.originError, origin);
    assert.ok(error.message.startsWith('startLocalVideo: ') && error.message.includes(name));
  });
});

test('an error that is one already keeps what it has and learns its call', () => {
  const error = new RtcError({ code: 5500, extraCode: 5501, message: 'x' });
  const named = RtcError.convertFrom(error, 'enterRoom');
  assert.deepEqual([named.code, named.extraCode, named.functionName], [5500, 5501, 'enterRoom']);
  assert.equal(RtcError.convertFrom(named, 'other'), named);
  assert.equal(RtcError.convertFrom('oops', 'enterRoom').code, 5999);
});
