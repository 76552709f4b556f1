import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Both ends of one connection. */
interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  stalled: boolean;
}

/**
 * Forwards connections to a port of loopback, and can be told to stop forwarding while every connection stays open:
 * a network that swallows what is sent, without a word.
 */
export class StallingProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #stalled = false;
  readonly port: number;

  private constructor(server: Server, to: number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (near) => this.#join(near, to));
  }

  static async start(to: number, port = 0): Promise<StallingProxy> {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new StallingProxy(server, to);
  }

  get connections(): number {
    return this.#pairs.size;
  }

  /** Nothing goes through any more, in either direction; who connects now is taken and hears nothing. */
  stall(): void {
    this.#stalled = true;
    for (const pair of this.#pairs) this.#hold(pair, true);
  }

  /** What was held is delivered, and everything goes on. */
  flow(): void {
    this.#stalled = false;
    for (const pair of this.#pairs) this.#hold(pair, false);
  }

  /** Stalls the one connection that comes to the server from this port. */
  stallFrom(port: number): boolean {
    for (const pair of this.#pairs) {
      if (pair.far.localPort !== port) continue;
      this.#hold(pair, true);
      return true;
    }
    return false;
  }

  /** Cuts all connections; new ones are taken as before. */
  cut(): void {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  #hold(pair: Pair, stalled: boolean): void {
    pair.stalled = stalled;
    for (const socket of [pair.near, pair.far]) {
      if (stalled) socket.pause();
      else socket.resume();
    }
  }

  #join(near: Socket, to: number): void {
    const far = connect({ port: to, host: '127.0.0.1', noDelay: true });
    near.setNoDelay(true);
    const pair: Pair = { near, far, stalled: false };
    this.#pairs.add(pair);
    this.#forward(pair, near, far);
    this.#forward(pair, far, near);
    if (this.#stalled) this.#hold(pair, true);
  }

  #forward(pair: Pair, from: Socket, to: Socket): void {
    from.on('data', (data) => {
      if (to.write(data)) return;
      from.pause();
      to.once('drain', () => {
        if (!pair.stalled) from.resume();
      });
    });
    from.on('end', () => to.end());
    from.on('error', () => from.destroy());
    from.on('close', () => {
      this.#pairs.delete(pair);
      to.destroySoon();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }
}
