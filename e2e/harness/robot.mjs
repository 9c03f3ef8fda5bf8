// A native member: the Rust robot as a process, every line it prints written down in order.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { repository } from './engine.mjs';

const binary = process.env.RTC_ROBOT_BINARY ?? path.join(repository, 'target/release/rtc-robot');

export class Robot {
  /** @param {import('./engine.mjs').Engine} engine @param {string[]} options further ones of the robot's command line */
  static start(engine, userId, room, options = []) {
    const robot = new Robot();
    robot.userId = userId;
    robot.lines = [];
    robot.wake = new Set();
    const where = typeof room === 'number' ? ['--room', String(room)] : ['--room', room, '--text-room'];
    const who = ['--server', engine.url, '--sdk-app-id', String(engine.credentials.sdk_app_id), '--user', userId];
    robot.process = spawn(binary, [...who, ...where, ...options], {
      env: { ...process.env, RTC_USER_SIG: engine.userSig(userId) },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    robot.exited = new Promise((resolve, reject) => {
      robot.process.once('error', reject);
      robot.process.once('exit', (code, signal) => resolve({ code, signal }));
    });
    createInterface({ input: robot.process.stdout }).on('line', (line) => {
      robot.lines.push(JSON.parse(line));
      for (const look of robot.wake) look();
    });
    return robot;
  }

  /** Tells it a word: `exit`, `message hello`, `mute video on`, … */
  say(word) {
    this.process.stdin.write(`${word}\n`);
  }

  /** Resolves with the first line, past or to come, for which `fits` holds. */
  async line(what, fits, timeout = 20_000) {
    const found = await new Promise((resolve) => {
      const look = () => {
        const line = this.lines.find(fits);
        if (!line) return;
        this.wake.delete(look);
        clearTimeout(timer);
        resolve(line);
      };
      const timer = setTimeout(() => {
        this.wake.delete(look);
        resolve(null);
      }, timeout);
      this.wake.add(look);
      look();
    });
    assert.ok(found, `${this.userId} never had ${what}; it had ${JSON.stringify(this.story())}`);
    return found;
  }

  /** Resolves with an event whose data has these fields. */
  event(name, match = {}) {
    const fits = ({ event, data = {} }) =>
      event === name && Object.entries(match).every(([field, value]) => JSON.stringify(data[field]) === JSON.stringify(value));
    return this.line(`${name} ${JSON.stringify(match)}`, fits);
  }

  /** Waits until it has seen so many pictures of somebody; resolves with the line that says so. */
  async seesFrames(userId, streamType = 0, count = 20) {
    const fits = ({ seen }) => seen?.userId === userId && seen.streamType === streamType && seen.frames >= count;
    return (await this.line(`${count} pictures of ${userId}`, fits)).seen;
  }

  /** Waits until somebody was louder than this, of 100. */
  hears(userId, volume = 20) {
    const loud = ({ event, data }) =>
      event === 'onUserVoiceVolume' && data.userVolumes.some((one) => one.userId === userId && one.volume >= volume);
    return this.line(`${userId} louder than ${volume}`, loud);
  }

  /** Its events but the periodic ones, as `name field…`, in order; only these names where some are given. */
  story(...names) {
    const periodic = ['onStatistics', 'onNetworkQuality', 'onUserVoiceVolume'];
    return this.lines
      .filter(({ event }) => event && !periodic.includes(event) && (names.length === 0 || names.includes(event)))
      .map(({ event, data = {} }) => [event, data.userId, data.reason, data.available].filter((field) => field !== undefined).join(' '));
  }

  async stop() {
    this.process.kill('SIGTERM');
    return this.exited;
  }
}
