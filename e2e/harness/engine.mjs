// A real engine for one test file: the release binary on free ports with a data folder of its own.
import { execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';

export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = process.env.RTC_ENGINE_BINARY ?? path.join(repository, 'target/release/rtc-engine');

/** A TCP port that nobody listens on now. Media uses the same number on UDP. */
export async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class Engine {
  /** @param {{env?: Record<string, string>, host?: string, command?: string[], data?: string,
   *  isOnePort?: boolean}} options
   *  `command` is put before the binary (for a network namespace). */
  static async start(options = {}) {
    const engine = new Engine();
    engine.host = options.host ?? '127.0.0.1';
    engine.ownsData = options.data === undefined;
    engine.data = options.data ?? mkdtempSync(path.join(tmpdir(), 'rtc-engine-e2e-'));
    engine.httpPort = await freePort();
    engine.mediaPort = options.isOnePort ? engine.httpPort : await freePort();
    engine.url = `http://${engine.host}:${engine.httpPort}`;
    engine.env = {
      ...process.env,
      RTC_ENGINE_HTTP_LISTEN: `${engine.host}:${engine.httpPort}`,
      RTC_ENGINE_MEDIA_LISTEN: `${engine.host}:${engine.mediaPort}`,
      RTC_ENGINE_DATA_DIR: engine.data,
      RTC_ENGINE_MEDIA_SHARDS: '2',
      ...options.env,
    };
    engine.command = [...(options.command ?? []), binary];
    await engine.launch();
    engine.credentials = JSON.parse(execFileSync(binary, ['credentials', '--json'], { env: engine.env, encoding: 'utf8' }));
    return engine;
  }

  async launch() {
    const [program, ...args] = [...this.command, 'serve'];
    this.log = '';
    this.process = spawn(program, args, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve({ code, signal })));
    this.process.stderr.on('data', (chunk) => {
      this.log += chunk;
      if (process.env.RTC_ENGINE_E2E_LOG) process.stderr.write(chunk);
    });
    await new Promise((resolve, reject) => {
      let printed = '';
      this.process.stdout.on('data', (chunk) => {
        printed += chunk;
        if (printed.includes('RTC Engine is ready: ')) resolve();
      });
      this.exited.then(({ code }) => reject(new Error(`the engine ended with code ${code}:\n${this.log}`)));
    });
  }

  /** Ends the process by `signal` and waits for it. */
  async kill(signal) {
    this.process.kill(signal);
    return this.exited;
  }

  async stop() {
    const ended = await this.kill('SIGTERM');
    if (this.ownsData) rmSync(this.data, { recursive: true, force: true });
    return ended;
  }

  /** Signed here and not by the engine, so that the two check each other. */
  userSig(userId, expire = 86_400) {
    const { sdk_app_id: app, sdk_secret_key: key } = this.credentials;
    const time = Math.floor(Date.now() / 1000);
    const text = `TLS.identifier:${userId}\nTLS.sdkappid:${app}\nTLS.time:${time}\nTLS.expire:${expire}\n`;
    const ticket = {
      'TLS.ver': '2.0',
      'TLS.identifier': userId,
      'TLS.sdkappid': app,
      'TLS.time': time,
      'TLS.expire': expire,
      'TLS.sig': createHmac('sha256', key).update(text).digest('base64'),
    };
    const swap = { '+': '*', '/': '-', '=': '_' };
    return deflateSync(JSON.stringify(ticket)).toString('base64').replace(/[+/=]/g, (c) => swap[c]);
  }
}
