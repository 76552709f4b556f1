import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { WebSocket } from 'ws';
import { type Answer, createFetchText, createSend, type Send } from '../client/request.ts';
import { CookieJar } from './cookie-jar.ts';

/** How a terminal speaks with a server: one sign-in, kept in memory only. */
export interface Visit {
  /** Such as `https://muster.example:8443`. */
  readonly origin: string;
  /** Where nobody answers, waits for the server as the person wishes. */
  readonly send: Send;
  /** Where nobody answers, says so at once. */
  readonly sendOnce: Send;
  /** Asks what a call would do; nothing of it stays. */
  readonly rehearse: Send;
  readonly liveUrl: string;
  /** Opens the live channel as whoever is signed in. */
  readonly open: (url: string) => globalThis.WebSocket;
  /** The text of a file. */
  readonly fetchText: (path: string) => Promise<Answer<string>>;
}

export interface VisitOptions {
  readonly origin: string;
  /** The certificate that this server's chain must hold; null: what the system trusts. */
  readonly pin: string | null;
  /** Stands for the operator of this machine. */
  readonly token?: string;
  /** What happens while nobody answers; without it, nobody waits. */
  readonly away?: Away;
}

/** While the server is slow or away. */
export interface Away {
  /** Asks; the signal is aborted where the person does not want to wait for the answer. */
  readonly during: <T>(ask: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** Resolves when it is worth trying again; throws where the person does not want to wait. */
  readonly wait: () => Promise<void>;
  /** The server answers again. */
  readonly back: () => void;
}

/**
 * What a command on the server's own machine shows. Where a proxy on this machine is trusted, whatever comes from here
 * counts as forwarded: then it says by itself that it came no further way.
 */
export const operatorHeaders = (token: string) => ({
  authorization: `Bearer ${token}`,
  'x-forwarded-for': '127.0.0.1',
  'x-forwarded-proto': 'https',
});

const answerMs = 30_000;
/** Nobody listens, or the way is broken; what else goes wrong does not pass by itself. */
const awayCodes: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);
/** The server, or a proxy before it, takes nothing now. */
const later: ReadonlySet<number> = new Set([502, 503]);

/** Begins to speak with a server. Nothing is sent before its certificate was found to be the one that is pinned. */
export function openVisit({ origin, pin, token, away }: VisitOptions): Visit {
  const jar = new CookieJar();
  const trust = pin === null ? {} : { ca: [pin], allowPartialTrustChain: true };
  const own = token === undefined ? {} : operatorHeaders(token);
  const headersNow = (): Record<string, string> => ({
    ...own,
    'user-agent': 'muster-terminal',
    ...(jar.header === '' ? {} : { cookie: jar.header }),
  });

  const fetchOnce = async (
    url: unknown,
    init: RequestInit = {},
    begun = () => {},
  ): Promise<Response> => {
    const isSecure = String(url).startsWith('https:');
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const options = {
      method: init.method ?? 'GET',
      headers: { ...(init.headers as Record<string, string>), ...headersNow() },
      timeout: answerMs,
      ...(init.signal ? { signal: init.signal } : {}),
      // of a connection that stood idle nobody can say whether what broke on it was still heard
      ...(init.method === 'POST' ? { agent: false } : {}),
      ...(isSecure ? trust : {}),
    };
    const asking = isSecure
      ? requestSecure(String(url), options, resolve)
      : requestPlain(String(url), options, resolve);
    asking.on('error', reject);
    asking.on('socket', (socket) => {
      if (socket.connecting) socket.once(isSecure ? 'secureConnect' : 'connect', begun);
      else begun();
    });
    asking.on('timeout', () =>
      asking.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
    );
    asking.end(init.body ?? undefined);
    const answer = await promise;
    jar.take(answer.headers['set-cookie'] ?? []);
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const status = answer.statusCode ?? 500;
    return new Response(body.length === 0 ? null : body, { status });
  };

  /** Again until somebody answers; what may have been done already is not asked for twice. */
  async function fetchPatiently(url: unknown, init: RequestInit = {}): Promise<Response> {
    if (!away) return fetchOnce(url, init);
    for (let tries = 1; ; tries += 1) {
      let mayBeDone = false;
      let isBrokenOff = false;
      const answer = await away.during(async (signal) => {
        const outcome = await fetchOnce(url, { ...init, signal }, () => {
          mayBeDone = init.method === 'POST';
        }).catch((error: NodeJS.ErrnoException) => error);
        isBrokenOff = signal.aborted;
        return outcome;
      });
      const isAnswer = answer instanceof Response;
      if (isAnswer && !later.has(answer.status)) {
        if (tries > 1) away.back();
        return answer;
      }
      if (!isAnswer && (isBrokenOff || mayBeDone || !awayCodes.has(answer.code))) throw answer;
      await away.wait();
    }
  }
  const sender = (fetch: unknown) =>
    createSend({ fetch: fetch as typeof globalThis.fetch, base: origin });

  return {
    origin,
    send: sender(fetchPatiently),
    sendOnce: sender(fetchOnce),
    rehearse: createSend({
      fetch: fetchOnce as typeof globalThis.fetch,
      base: origin,
      headers: { 'muster-dry-run': '1' },
    }),
    liveUrl: `${origin.replace(/^http/, 'ws')}/live`,
    // the same interface; only this one can carry headers and a pinned certificate
    open: (url) =>
      new WebSocket(url, {
        headers: { ...headersNow(), ...(token === undefined ? { origin } : {}) },
        ...trust,
      }) as unknown as globalThis.WebSocket,
    fetchText: createFetchText({
      fetch: fetchPatiently as typeof globalThis.fetch,
      base: origin,
    }),
  };
}
