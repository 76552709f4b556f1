import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { WebSocket } from 'ws';
import { createSend, type Send } from '../client/request.ts';
import { CookieJar } from './cookie-jar.ts';

/** How a terminal speaks with a server: one sign-in, kept in memory only. */
export interface Visit {
  /** Such as `https://muster.example:8443`. */
  readonly origin: string;
  readonly send: Send;
  readonly liveUrl: string;
  /** Opens the live channel as whoever is signed in. */
  readonly open: (url: string) => globalThis.WebSocket;
  /** The text of a file; null where the server does not give it. */
  readonly fetchText: (path: string) => Promise<string | null>;
}

export interface VisitOptions {
  readonly origin: string;
  /** The certificate that this server's chain must hold; null: what the system trusts. */
  readonly pin: string | null;
  /** Stands for the operator of this machine. */
  readonly token?: string;
}

const answerMs = 30_000;

/** Begins to speak with a server. Nothing is sent before its certificate was found to be the one that is pinned. */
export function openVisit({ origin, pin, token }: VisitOptions): Visit {
  const jar = new CookieJar();
  const trust = pin === null ? {} : { ca: [pin], allowPartialTrustChain: true };
  const own = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headersNow = (): Record<string, string> => ({
    ...own,
    'user-agent': 'muster-terminal',
    ...(jar.header === '' ? {} : { cookie: jar.header }),
  });

  const fetch = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    const isSecure = String(url).startsWith('https:');
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const options = {
      method: init.method ?? 'GET',
      headers: { ...(init.headers as Record<string, string>), ...headersNow() },
      timeout: answerMs,
      ...(isSecure ? trust : {}),
    };
    const asking = isSecure
      ? requestSecure(String(url), options, resolve)
      : requestPlain(String(url), options, resolve);
    asking.on('error', reject);
    asking.on('timeout', () => asking.destroy(new Error('no answer')));
    asking.end(init.body ?? undefined);
    const answer = await promise;
    jar.take(answer.headers['set-cookie'] ?? []);
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const status = answer.statusCode ?? 500;
    return new Response(body.length === 0 ? null : body, { status });
  };

  return {
    origin,
    send: createSend({ fetch: fetch as typeof globalThis.fetch, base: origin }),
    liveUrl: `${origin.replace(/^http/, 'ws')}/live`,
    // the same interface; only this one can carry headers and a pinned certificate
    open: (url) =>
      new WebSocket(url, {
        headers: { ...headersNow(), origin },
        ...trust,
      }) as unknown as globalThis.WebSocket,
    async fetchText(path) {
      const answer = await fetch(origin + path).catch(() => null);
      return answer?.ok ? answer.text() : null;
    },
  };
}
