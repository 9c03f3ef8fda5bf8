// Network namespaces: an engine's, and a client's with two ways to it, as a phone has Wi-Fi and a mobile network. They vanish with
// the test; the machine's own network is not touched. Namespaces are root's.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binary as chromium } from './browser.mjs';

/** The engine's address, the same by either way. */
const ENGINE = '10.231.0.1';

export class Networks {
  static open() {
    const networks = new Networks();
    networks.engine = { host: ENGINE, namespace: `rtc-e2e-engine-${process.pid}` };
    networks.client = `rtc-e2e-client-${process.pid}`;
    networks.folder = mkdtempSync(path.join(tmpdir(), 'rtc-e2e-networks-'));
    const { namespace } = networks.engine;
    for (const name of [namespace, networks.client]) {
      ip('netns', 'add', name);
      ip('-n', name, 'link', 'set', 'lo', 'up');
    }
    ip('-n', namespace, 'address', 'add', `${ENGINE}/32`, 'dev', 'lo');
    for (const way of [1, 2]) {
      ip('-n', namespace, 'link', 'add', `way${way}`, 'type', 'veth', 'peer', 'name', `way${way}`, 'netns', networks.client);
      for (const [name, host] of [[namespace, 1], [networks.client, 2]]) {
        ip('-n', name, 'address', 'add', `10.231.${way}.${host}/24`, 'dev', `way${way}`);
        ip('-n', name, 'link', 'set', `way${way}`, 'up');
      }
      ip('-n', networks.client, 'route', 'add', 'default', 'via', `10.231.${way}.1`, 'metric', String(way));
    }
    return networks;
  }

  /** What is put before a program of the engine's side. */
  get command() {
    return ['ip', 'netns', 'exec', this.engine.namespace];
  }

  /** The path of a browser in one of the namespaces. */
  browser(namespace) {
    const file = path.join(this.folder, namespace);
    writeFileSync(file, `#!/bin/sh\nexec ip netns exec ${namespace} ${chromium} "$@"\n`, { mode: 0o700 });
    return file;
  }

  /** The client loses the first way, and the address it has there. The second is there. */
  loseFirst() {
    ip('-n', this.client, 'address', 'delete', '10.231.1.2/24', 'dev', 'way1');
    ip('-n', this.client, 'link', 'set', 'way1', 'down');
  }

  close() {
    for (const name of [this.engine.namespace, this.client]) ip('netns', 'delete', name);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function ip(...args) {
  const command = process.getuid() === 0 ? ['ip', ...args] : ['sudo', 'ip', ...args];
  return execFileSync(command[0], command.slice(1));
}
