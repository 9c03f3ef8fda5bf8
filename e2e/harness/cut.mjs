// Ways to cut a member off: a TCP relay that can be broken, and firewall rules on the media port.
import { execFileSync } from 'node:child_process';
import net from 'node:net';

/** A relay to the engine's HTTP port. While it is cut it resets what is open and refuses what is new. */
export class Relay {
  static async open(engine) {
    const relay = new Relay();
    relay.sockets = new Set();
    relay.isCut = false;
    relay.server = net.createServer((near) => {
      if (relay.isCut) return near.resetAndDestroy();
      const far = net.connect(engine.httpPort, engine.host);
      for (const [socket, peer] of [[near, far], [far, near]]) {
        relay.sockets.add(socket);
        socket.on('error', () => peer.destroy());
        socket.on('close', () => {
          relay.sockets.delete(socket);
          peer.destroy();
        });
        socket.pipe(peer);
      }
    });
    await new Promise((resolve) => relay.server.listen(0, '127.0.0.1', resolve));
    relay.url = `http://127.0.0.1:${relay.server.address().port}`;
    return relay;
  }

  cut() {
    this.isCut = true;
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  mend() {
    this.isCut = false;
  }

  async close() {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Firewall rules are root's. */
function nft(args, options) {
  const command = process.getuid() === 0 ? ['nft', ...args] : ['sudo', 'nft', ...args];
  return execFileSync(command[0], command.slice(1), options);
}

/** Of this process alone: others may cut networks of their own at the same time. */
const TABLE = ['inet', `rtc_engine_e2e_${process.pid}`];

/** Drops every packet to and from the media port, of these protocols, until `mendMedia`. */
export function cutMedia(port, protocols = ['udp', 'tcp']) {
  const rules = protocols.map((protocol) => `${protocol} dport ${port} drop\n${protocol} sport ${port} drop\n`).join('');
  nft(['-f', '-'], { input: `table ${TABLE.join(' ')} { chain cut { type filter hook input priority 0;\n${rules} }\n}\n` });
}

/** Drops every packet to and from these ports, until `mendMedia`. */
export function cutPorts(ports) {
  const rules = ports.flatMap((port) => ['udp', 'tcp'].map((protocol) => `${protocol} dport ${port} drop\n${protocol} sport ${port} drop\n`));
  nft(['-f', '-'], { input: `table ${TABLE.join(' ')} { chain cut { type filter hook input priority 0;\n${rules.join('')} }\n}\n` });
}

/** Loses so many percent of the datagrams to (`dport`) and from (`sport`) the media port, until `mendMedia`. */
export function loseMedia(port, percent, sides = ['dport', 'sport']) {
  const rules = sides.map((side) => `udp ${side} ${port} numgen random mod 100 < ${percent} drop\n`).join('');
  nft(['-f', '-'], { input: `table ${TABLE.join(' ')} { chain lose { type filter hook input priority 0;\n${rules} }\n}\n` });
}

/** Lets TCP connections to the port pass that begin like TLS, and nothing else, until `mendMedia`: what a firewall does that
 *  knows protocols. Of what is none the first bytes never arrive. */
export function letOnlyTlsThrough(port) {
  const rules = [
    `udp dport ${port} drop`,
    `tcp dport ${port} ct mark 0x71 accept`,
    // A handshake record (RFC 8446 section 5.1).
    `tcp dport ${port} @ih,0,8 0x16 ct mark set 0x71 accept`,
    `tcp dport ${port} @ih,0,8 0-255 drop`,
  ];
  nft(['-f', '-'], { input: `table ${TABLE.join(' ')} { chain tls { type filter hook input priority 0;\n${rules.join('\n')}\n }\n}\n` });
}

export function mendMedia() {
  try {
    nft(['delete', 'table', ...TABLE], { stdio: 'ignore' });
  } catch {
    // There was nothing to mend.
  }
}
