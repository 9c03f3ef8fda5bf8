// A relay before the engine's media port, as a network address translation is: it can lose everything, and forget under which
// addresses its clients are known.
import dgram from 'node:dgram';

export class MediaRelay {
  /** On this port of loopback, which the engine advertises. `engine` gives it once it has started. */
  static async open(port, engine) {
    const relay = new MediaRelay();
    relay.isCut = false;
    relay.near = dgram.createSocket('udp4');
    /** What stands for each client towards the engine, by the client's own address. */
    relay.far = new Map();
    relay.near.on('message', (datagram, client) => {
      if (!relay.isCut) relay.#behalf(client).send(datagram, engine().mediaPort, engine().host);
    });
    await new Promise((resolve) => relay.near.bind(port, '127.0.0.1', resolve));
    return relay;
  }

  cut() {
    this.isCut = true;
  }

  mend() {
    this.isCut = false;
  }

  /** Every client is known by another address from now on, and what is sent to the old ones is lost. */
  rebind() {
    for (const socket of this.far.values()) socket.close();
    this.far.clear();
  }

  async close() {
    this.rebind();
    await new Promise((resolve) => this.near.close(resolve));
  }

  #behalf({ address, port }) {
    const client = `${address}:${port}`;
    let socket = this.far.get(client);
    if (!socket) {
      socket = dgram.createSocket('udp4');
      socket.on('message', (datagram) => this.isCut || this.near.send(datagram, port, address));
      this.far.set(client, socket);
    }
    return socket;
  }
}
