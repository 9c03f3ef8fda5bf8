// The C++ face against a running engine: a program written by the original's documentation, and a robot of each language.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Engine, repository } from '../harness/engine.mjs';
import { Robot } from '../harness/robot.mjs';

const built = process.env.RTC_CPP_BUILD ?? path.join(repository, 'target/cpp');
/** Neither sound card nor camera: the same on every machine. */
const TWINS = { RTC_ENGINE_AUDIO: 'synthetic', RTC_ENGINE_MICROPHONE: 'tone', RTC_ENGINE_SPEAKER: 'nowhere', RTC_ENGINE_CAMERA: 'pattern', RTC_ENGINE_SCREEN: 'pattern' };
let engine;

before(async () => {
  engine = await Engine.start();
});
after(() => engine.stop());

/** A program of C++ with everything it printed. */
function start(program, args) {
  const process_ = spawn(path.join(built, program), args, { env: { ...process.env, ...TWINS }, stdio: ['ignore', 'pipe', 'pipe'] });
  const one = { process: process_, printed: '', wake: new Set() };
  for (const stream of [process_.stdout, process_.stderr]) {
    stream.on('data', (chunk) => {
      one.printed += chunk;
      for (const look of one.wake) look();
    });
  }
  one.exited = new Promise((resolve, reject) => {
    process_.once('error', reject);
    process_.once('close', (code) => resolve(code));
  });
  one.prints = (text, timeout = 20_000) =>
    new Promise((resolve, reject) => {
      const look = () => one.printed.includes(text) && (one.wake.delete(look), clearTimeout(timer), resolve());
      const timer = setTimeout(() => reject(new Error(`${program} never printed ${text}; it printed\n${one.printed}`)), timeout);
      one.wake.add(look);
      look();
    });
  return one;
}

test('a program written by the documents of the original runs unchanged', async () => {
  const app = String(engine.credentials.sdk_app_id);
  const users = ['ann', 'bob'].flatMap((user) => [user, engine.userSig(user)]);
  for (const program of ['tests/public_api', 'tests/public_api_static']) {
    const run = start(program, [engine.url, app, ...users]);
    assert.equal(await run.exited, 0, `${program}:\n${run.printed}`);
  }
});

test('a robot in C++ and a robot in Rust see and hear each other', async () => {
  const rust = Robot.start(engine, 'rust', 1001, ['--tone', '440', '--pattern']);
  const app = String(engine.credentials.sdk_app_id);
  const cpp = start('robot/robot', ['--server', engine.url, '--app', app, '--user', 'cpp', '--sig', engine.userSig('cpp'), '--room', '1001']);
  try {
    await rust.seesFrames('cpp', 0, 20);
    await rust.hears('cpp');
    await cpp.prints('first picture of rust: 640 x 360');
    await cpp.prints('first sound of rust');
    cpp.process.kill('SIGINT');
    await cpp.prints('left the room: by our own exitRoom');
    assert.equal(await cpp.exited, 0, cpp.printed);
    await rust.event('onRemoteUserLeaveRoom', { userId: 'cpp', reason: 0 });
  } finally {
    cpp.process.kill('SIGKILL');
    await rust.stop();
  }
});
