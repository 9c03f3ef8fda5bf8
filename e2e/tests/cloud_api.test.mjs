// Everything the official Cloud API clients can meet without a room; removing and dismissing is in leaving.test.mjs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import path from 'node:path';
import { Engine, repository } from '../harness/engine.mjs';

const cwd = path.join(repository, 'e2e/clients');
let engine;
before(async () => (engine = await Engine.start()));
after(() => engine.stop());

/** Runs a test runner of the clients to its end; what it prints is shown. */
async function run(program, args) {
  const env = { ...process.env, RTC_ENGINE_URL: engine.url, RTC_ENGINE_CREDENTIALS: JSON.stringify(engine.credentials) };
  // Set by this runner for its own children; the inner one would take itself for one of them and report nothing.
  delete env.NODE_TEST_CONTEXT;
  const child = spawn(program, args, { cwd, env, stdio: 'inherit' });
  assert.equal(await new Promise((resolve) => child.once('exit', resolve)), 0);
}

test('the official Python client', () => run(process.env.RTC_ENGINE_PYTHON ?? 'python3', ['-m', 'pytest', '-q']));
test('the official Node client', () => run('npm', ['test', '--silent']));
