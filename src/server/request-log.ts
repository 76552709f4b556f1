import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { App } from './app.ts';
import { comesFromProxy } from './trust.ts';

/** What a proxy of ours may name a request: enough for every usual one, and nothing that could break a log line. */
const idShape = /^[\w.:-]{8,64}$/;

/** The id of a request: the trusted proxy's where it gave one, so that both logs tell of the same; else a new one. */
export function nameRequest(
  { config, store }: Pick<App, 'config' | 'store'>,
  request: IncomingMessage,
): string {
  const given = request.headers['x-request-id'];
  if (
    typeof given === 'string' &&
    idShape.test(given) &&
    comesFromProxy(request, config.trustedProxies)
  ) {
    return given;
  }
  return Buffer.from(store.random.bytes(9)).toString('base64url');
}

/** One answered request. */
export interface RequestLine {
  readonly requestId: string;
  readonly method: string;
  /** The pattern of the route, never the address: that may hold a token. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

/** Counts an answered request, and writes its line where that was asked for. */
export function noteRequest(
  { metrics, log, config }: Pick<App, 'metrics' | 'log' | 'config'>,
  line: RequestLine,
): void {
  metrics.countRequest({ ...line, seconds: line.ms / 1_000 });
  if (config.logRequests) log.info({ ...line, ms: Math.round(line.ms * 10) / 10 }, 'request');
}

/** Notes every request that HTTP answers. */
export function logRequests(http: FastifyInstance, app: App): void {
  http.addHook('onResponse', (request, reply, done) => {
    noteRequest(app, {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: reply.elapsedTime,
    });
    done();
  });
}
