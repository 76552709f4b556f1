import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  STATUS_CODES,
} from 'node:http';
import { createServer as createHttps, Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { WebSocketServer } from 'ws';
import { reachOf } from '../core/permission.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { isLoopback } from './address.ts';
import type { App } from './app.ts';
import { parseCookies } from './cookies.ts';
import { nameRequest, noteRequest } from './request-log.ts';
import { isSameOrigin, judgeTrust } from './trust.ts';

export interface TlsFiles {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface Listener {
  readonly port: number;
  /** Takes no new connection, lets running answers finish, cuts what is left after `graceMs`. */
  stop(graceMs: number): Promise<void>;
  /** New certificate without a restart. */
  renew(tls: TlsFiles): void;
}

/**
 * As `listen`, and where `host` is one address of the network, on loopback too: the links that the terminal prints
 * and the command line on the machine itself come that way.
 */
export async function listenNearAndFar(
  app: App,
  http: FastifyInstance,
  { host, port, tls }: { host: string; port: number; tls: TlsFiles | null },
): Promise<Listener> {
  const far = await listen(app, http, { host, port, tls });
  const everywhere = host === '0.0.0.0' || host === '::';
  if (everywhere || host === 'localhost' || isLoopback(host)) return far;
  const near = await listen(app, http, { host: '127.0.0.1', port: far.port, tls }).catch(
    async (error: unknown) => {
      await far.stop(0);
      throw error;
    },
  );
  return {
    port: far.port,
    async stop(graceMs) {
      await Promise.all([far.stop(graceMs), near.stop(graceMs)]);
    },
    renew(next) {
      far.renew(next);
      near.renew(next);
    },
  };
}

/**
 * Listens for HTTP, or HTTPS where `tls` is given, and for the live channel on the same port.
 * @throws the system's error, such as EADDRINUSE
 */
async function listen(
  app: App,
  http: FastifyInstance,
  { host, port, tls }: { host: string; port: number; tls: TlsFiles | null },
): Promise<Listener> {
  const handler = (request: IncomingMessage, reply: never) => http.routing(request, reply);
  const server = tls
    ? createHttps(
        { cert: tls.certificatePem, key: tls.privateKeyPem, minVersion: 'TLSv1.2' },
        handler as never,
      )
    : createHttp(handler as never);
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 15_000;
  server.requestTimeout = 30_000;
  const live = new WebSocketServer({
    noServer: true,
    maxPayload: 4 * 1024,
    perMessageDeflate: false,
  });
  server.on('upgrade', (request, socket, head) => {
    // from here on nobody else listens: a connection that breaks now would otherwise end the process
    socket.on('error', () => socket.destroy());
    upgrade(app, live, request, socket, head).catch(() => socket.destroy());
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    renew: (next) => {
      if (server instanceof HttpsServer)
        server.setSecureContext({ cert: next.certificatePem, key: next.privateKeyPem });
    },
    stop: (graceMs) => stop(server, sockets, graceMs),
  };
}

async function stop(server: Server, sockets: Set<Socket>, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, graceMs);
  await closed;
  clearTimeout(cut);
}

/** The live channel opens only for a signed-in person, from our own page, on a connection that keeps secrets. */
async function upgrade(
  app: App,
  live: WebSocketServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const from = performance.now();
  const isLive = new URL(request.url ?? '/', 'http://localhost').pathname === '/live';
  const me = isLive ? await admit(app, request) : 404;
  const status = typeof me === 'number' ? me : 101;
  const requestId = nameRequest(app, request);
  noteRequest(app, {
    requestId,
    method: request.method ?? '',
    route: isLive ? '/live' : 'none',
    status,
    ms: performance.now() - from,
  });
  if (typeof me === 'number') return refuseUpgrade(socket, me, requestId);
  live.handleUpgrade(request, socket, head, (connection) => app.live.accept(connection, me));
}

/** Who asks for the live channel, or the status of the refusal. */
async function admit(app: App, request: IncomingMessage): Promise<SignedIn | number> {
  const trust = judgeTrust(request, app.config.trustedProxies);
  if (!trust.secure || !isSameOrigin(request, trust.origin)) return 403;
  if (!app.health.serves) return 503;
  const cookies = parseCookies(request.headers.cookie);
  try {
    const { headers, method } = request;
    const me = await app.authenticate({ headers, cookies, trust, method } as never);
    if (!me) return 401;
    return me.must || reachOf('session.read', me.roles) === 'never' ? 403 : me;
  } catch (error) {
    if (app.databaseAway.causes(error)) return 503;
    app.log.error({ err: error }, 'live channel');
    return 500;
  }
}

/** Says why and lets go: a client that never closes its side must not keep ours open. */
function refuseUpgrade(socket: Duplex, status: number, requestId: string): void {
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Connection: close',
      'Content-Length: 0',
      `X-Request-Id: ${requestId}`,
      ...(status === 503 ? ['Retry-After: 2'] : []),
      '\r\n',
    ].join('\r\n'),
  );
}
