// What an application's server meets when it talks to the engine through the official Node client, rooms aside.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, credentials, makeClient } from './engine_client.mjs';

const app = credentials.sdk_app_id;
const noRoom = {
  RemoveUser: { SdkAppId: app, RoomId: 4294967294, UserIds: ['nobody'] },
  RemoveUserByStrRoomId: { SdkAppId: app, RoomId: 'nowhere', UserIds: ['nobody'] },
  DismissRoom: { SdkAppId: app, RoomId: 4294967294 },
  DismissRoomByStrRoomId: { SdkAppId: app, RoomId: 'nowhere' },
};
const planned = Object.getOwnPropertyNames(Client.prototype).filter((name) => /^[A-Z]/.test(name) && !(name in noRoom));

/** The error of an action that must be refused. Waits where the engine asks for a slower pace. */
async function refusal(action, parameters, options) {
  for (;;) {
    const error = await makeClient(options).request(action, parameters).then(
      (answer) => assert.fail(`${action} was answered: ${JSON.stringify(answer)}`),
      (e) => e,
    );
    if (error.code !== 'RequestLimitExceeded') return error;
    await sleep(50);
  }
}

for (const [action, parameters] of Object.entries(noRoom)) {
  test(`${action} of a room that is not there`, async () => {
    await assert.rejects(makeClient()[action](parameters), (error) => {
      assert.equal(error.code, 'FailedOperation.RoomNotExist');
      assert.ok(error.message.includes(parameters.RoomId), error.message);
      assert.ok(error.requestId);
      return true;
    });
  });
}

for (const reqMethod of ['POST', 'GET']) {
  for (const signMethod of ['TC3-HMAC-SHA256', 'HmacSHA1', 'HmacSHA256']) {
    test(`${reqMethod} with ${signMethod} is understood`, async () => {
      const parameters = { SdkAppId: app, RoomId: 'a b&c=d+e%~', UserIds: ['nobody', '小明'] };
      const options = { reqMethod, signMethod };
      const { code, message } = await refusal('RemoveUserByStrRoomId', parameters, options);
      assert.equal(code, 'FailedOperation.RoomNotExist');
      assert.ok(message.includes('a b&c=d+e%~'), message);
      const forged = await refusal('RemoveUserByStrRoomId', parameters, { ...options, secretKey: 'another' });
      assert.equal(forged.code, 'AuthFailure.SignatureFailure');
    });
  }
}

test('a credential and an action that are not there', async () => {
  assert.equal((await refusal('DismissRoom', noRoom.DismissRoom, { secretId: 'AKIDnobody' })).code, 'AuthFailure.SecretIdNotFound');
  assert.equal((await refusal('MakeCoffee', {})).code, 'InvalidAction');
});

test('every action that is not here yet says so', async () => {
  assert.equal(planned.length, 82);
  for (const action of planned) {
    const { code, message } = await refusal(action, {});
    assert.equal(code, 'UnsupportedOperation', action);
    assert.ok(message.includes(action), message);
  }
});

test('parameters of a wrong type and too many users', async () => {
  const code = async (changes) => (await refusal('RemoveUser', { ...noRoom.RemoveUser, ...changes })).code;
  assert.equal(await code({ RoomId: '7' }), 'InvalidParameter.RoomId');
  assert.equal(await code({ RoomId: undefined }), 'MissingParameter.RoomId');
  assert.equal(await code({ SdkAppId: String(app) }), 'InvalidParameter.SdkAppId');
  assert.equal(await code({ UserIds: 'nobody' }), 'InvalidParameter.UserIds');
  assert.equal(await code({ UserIds: Array.from({ length: 11 }, (_, n) => `u${n}`) }), 'InvalidParameter.UserIds');
});
