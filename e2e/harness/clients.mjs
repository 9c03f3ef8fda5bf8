// The official Cloud API clients, as an application's server would use them.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { repository } from './engine.mjs';

const clients = path.join(repository, 'e2e/clients');

function run(program, args, engine) {
  const env = {
    ...process.env,
    RTC_ENGINE_URL: engine.url,
    RTC_ENGINE_CREDENTIALS: JSON.stringify(engine.credentials),
  };
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, cwd: clients }, (error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout));
      } catch {
        reject(new Error(`${program} ${args.join(' ')}: ${error?.message}\n${stdout}\n${stderr}`));
      }
    });
  });
}

/** Calls an action through PyPI's tencentcloud-sdk-python-trtc; resolves with the response or `{error: {code, message}}`. */
export function python(engine, action, parameters) {
  const program = process.env.RTC_ENGINE_PYTHON ?? 'python3';
  return run(program, ['call_action.py', action, JSON.stringify(parameters)], engine);
}

/** The same through npm's tencentcloud-sdk-nodejs. */
export function node(engine, action, parameters) {
  return run(process.execPath, ['call_action.mjs', action, JSON.stringify(parameters)], engine);
}
