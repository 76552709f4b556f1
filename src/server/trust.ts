import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { isLoopback, plainAddress } from './address.ts';

/** What is known of a connection before anything is read from the request. */
export interface Trust {
  /** TLS, loopback by a loopback name, or a trusted proxy that ends TLS. */
  readonly secure: boolean;
  readonly loopback: boolean;
  readonly address: string;
  /** Scheme, host and port as the client wrote them. */
  readonly origin: string;
}

const loopbackName = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;
const hostShape = /^[A-Za-z0-9.[\]:_-]{1,255}$/;

interface Peer {
  readonly remote: string;
  /** On this machine. */
  readonly near: boolean;
}

const peers = new WeakMap<Socket, Peer>();

/** Who is at the other end; the same for every request of a connection. */
function peerOf(socket: Socket): Peer {
  let peer = peers.get(socket);
  if (!peer) {
    const remote = plainAddress(socket.remoteAddress ?? '') ?? '';
    peer = { remote, near: isLoopback(remote) };
    peers.set(socket, peer);
  }
  return peer;
}

/** Whether a proxy that is trusted stands at the other end. */
export function comesFromProxy(
  { socket }: IncomingMessage,
  trustedProxies: ReadonlySet<string>,
): boolean {
  return trustedProxies.has(peerOf(socket).remote);
}

/**
 * Judges a request's connection. Forwarded headers count only from the addresses of trusted proxies. A loopback
 * connection with a foreign Host is not taken for loopback: it may be a rebound name in somebody's browser.
 */
export function judgeTrust(request: IncomingMessage, trustedProxies: ReadonlySet<string>): Trust {
  const { socket, headers } = request;
  const { remote, near } = peerOf(socket);
  const host = hostShape.test(headers.host ?? '') ? (headers.host as string) : 'invalid';
  const encrypted = (socket as TLSSocket).encrypted === true;
  if (trustedProxies.has(remote)) {
    const forwarded = String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .at(-1)
      ?.trim();
    const secure = encrypted || headers['x-forwarded-proto'] === 'https';
    const address = forwardedAddress(forwarded);
    return {
      secure,
      // a command of this machine, that came past the proxy
      loopback: near && isLoopback(address ?? '') && loopbackName.test(host),
      address: address ?? remote,
      origin: `${secure ? 'https' : 'http'}://${host}`,
    };
  }
  const loopback = near && loopbackName.test(host);
  return {
    secure: encrypted || loopback,
    loopback,
    address: remote,
    origin: `${encrypted ? 'https' : 'http'}://${host}`,
  };
}

/** Some proxies write the port too, and IPv4 as IPv6: one client must not look like many, nor many like one. */
function forwardedAddress(text: string | undefined): string | null {
  if (!text) return null;
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? text.replace(/^([\d.]+):\d+$/, '$1');
  return plainAddress(bare) ?? text;
}

/**
 * A state change must come from our own page. Browsers always send Origin with a POST; a client without one is no
 * browser and carries no cookie by itself.
 */
export function isSameOrigin(request: IncomingMessage, origin: string): boolean {
  const { origin: claimed, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return claimed === undefined || claimed.toLowerCase() === origin.toLowerCase();
}
