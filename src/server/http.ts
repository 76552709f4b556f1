import type { IncomingMessage } from 'node:http';
import cookie from '@fastify/cookie';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type App, actFor } from './app.ts';
import { checkRequirement } from './gate.ts';
import { plainHeaders } from './headers.ts';
import { checkMetricsToken } from './metrics-token.ts';
import { presentProblem, problems, retryAfter } from './problem.ts';
import { noteReading } from './reading.ts';
import { logRequests, nameRequest } from './request-log.ts';
import { Answer, type Context, dryRunHeader, type Route } from './route.ts';
import { isSameOrigin, judgeTrust, type Trust } from './trust.ts';

const defaultLimit = 16 * 1024;

/** Builds the HTTP side: every route passes the same gate in the same order. */
export async function buildHttp(app: App, routes: readonly Route[]): Promise<FastifyInstance> {
  const http = Fastify({
    loggerInstance: app.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: defaultLimit,
    genReqId: (raw) => nameRequest(app, raw),
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    requestTimeout: 30_000,
    // an address that cannot be read comes past every hook
    frameworkErrors: (_error, request, reply) => {
      begin(request, reply);
      sendRefusal(reply, request, refuse('not-found'));
    },
  });
  await http.register(cookie);
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => {
    try {
      done(null, JSON.parse(body as string));
    } catch {
      done(Object.assign(new Error('not JSON'), { refusal: refuse('not-json') }));
    }
  });
  http.decorateRequest('trust', null as unknown as Trust);
  http.addHook('onRequest', async (request, reply) => {
    request.trust = judgeTrust(request.raw, app.config.trustedProxies);
    begin(request, reply);
    if (app.health.serves || request.routeOptions.config.always) return;
    return sendRefusal(reply, request, refuse('busy', { retryAfter: 2 }));
  });
  // while the server stops, connections end with their answer, and clients go elsewhere
  http.addHook('onSend', (_request, reply, payload, done) => {
    if (app.health.phase !== 'serving') reply.header('connection', 'close');
    done(null, payload);
  });
  logRequests(http, app);
  http.setErrorHandler((error, request, reply) =>
    sendRefusal(reply, request, judgeError(app, request, error)),
  );
  http.setNotFoundHandler((request, reply) => sendRefusal(reply, request, refuse('not-found')));
  for (const definition of routes) {
    http.route({
      method: definition.method,
      url: definition.path,
      bodyLimit: definition.limit ?? defaultLimit,
      config: { always: definition.always ?? false },
      onRequest: async (request, reply) => {
        const refusal = checkConnection(definition, request.raw, request.trust);
        if (!refusal) return;
        const isPage = definition.method === 'GET' && definition.path.startsWith('/app');
        const there = refusal.code === 'secure-only' && isPage ? securePage(app, request) : null;
        if (there !== null) return reply.redirect(there, 307);
        return sendRefusal(reply, request, refusal);
      },
      handler: (request, reply) => answer(app, definition, request, reply),
    });
  }
  await http.ready();
  return http;
}

/** What every answer carries. */
function begin(request: FastifyRequest, reply: FastifyReply): void {
  for (const name in plainHeaders) reply.header(name, plainHeaders[name]);
  reply.header('x-request-id', request.id);
}

function checkConnection(definition: Route, raw: IncomingMessage, trust: Trust): Refusal | null {
  if (!trust.secure && !definition.plain) return refuse('secure-only');
  if (definition.method !== 'GET' && !isSameOrigin(raw, trust.origin))
    return refuse('origin-refused');
  return null;
}

/** The same page on the TLS listener; null where there is none, or where host or path make no address. */
function securePage(app: App, { trust, url }: FastifyRequest): string | null {
  if (!url.startsWith('/') || !URL.canParse(trust.origin)) return null;
  const origin = app.secureOrigin(trust.origin);
  return origin.startsWith('https:') ? origin + url : null;
}

async function answer(
  app: App,
  definition: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const params = (request.params ?? {}) as Record<string, string>;
  // no id has it, and PostgreSQL takes no text with it
  if (Object.values(params).some((value) => value.includes('\0'))) {
    return sendRefusal(reply, request, refuse('not-found'));
  }
  const { needs } = definition;
  const noPerson = needs === 'anyone' || needs === 'metrics';
  const me = noPerson ? null : await app.authenticate(request);
  const allowed =
    needs === 'metrics'
      ? checkMetricsToken(app, request.headers.authorization, request.trust)
      : await checkRequirement(app.store, needs, me, params);
  if (!allowed.ok) return sendRefusal(reply, request, allowed);
  const first = me?.must;
  if (first !== undefined && !definition.despite?.includes(first)) {
    const code = first === 'password' ? 'password-change-needed' : 'second-step-needed';
    return sendRefusal(reply, request, refuse(code));
  }

  const query = request.query as Record<string, unknown>;
  for (const field in query) {
    const value = query[field];
    if (typeof value === 'string' && !value.includes('\0')) continue;
    const problem = typeof value === 'string' ? 'nul' : 'repeated';
    return sendRefusal(reply, request, refuse('input-invalid', { field, problem }));
  }
  // reading is done all the same: the ledger keeps who took what out
  const isRehearsal = request.headers[dryRunHeader] !== undefined && definition.method !== 'GET';
  // what cannot be rehearsed is not done instead
  if (isRehearsal && !definition.rehearsable)
    return sendRefusal(reply, request, refuse('input-invalid', { field: dryRunHeader }));
  let body: unknown;
  if (definition.body) {
    const parsed = definition.body.safeParse(request.body ?? {});
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const field = issue?.path.join('.') ?? '';
      return sendRefusal(
        reply,
        request,
        refuse('input-invalid', { field, problem: issue?.code ?? '' }),
      );
    }
    body = parsed.data;
  }
  const context: Context<unknown> = {
    app: isRehearsal ? rehearse(actFor(app, me)) : actFor(app, me),
    me,
    body,
    params,
    query: query as Record<string, string>,
    headers: request.headers,
    cookies: request.cookies,
    address: request.trust.address,
    secure: request.trust.secure,
    origin: request.trust.origin,
    requestId: request.id,
  };
  const result = await definition.handle(context);
  if (isRefusal(result)) return sendRefusal(reply, request, result);
  if (definition.reads && me) {
    await noteReading(context.app, me.person, definition.reads, context);
  }
  if (result instanceof Answer) {
    for (const [name, value] of Object.entries(result.headers)) reply.header(name, value);
    return reply.status(result.status).send(result.body);
  }
  return reply
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify(result ?? {}));
}

/** The same app, of which nothing stays. */
const rehearse = (app: App): App => ({ ...app, store: { ...app.store, isRehearsal: true } });

function sendRefusal(reply: FastifyReply, request: FastifyRequest, refusal: Refusal): FastifyReply {
  const seconds = retryAfter(refusal);
  if (seconds !== undefined) reply.header('retry-after', String(seconds));
  return reply
    .status(problems[refusal.code][0])
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(presentProblem(refusal, request.id)));
}

/** What was thrown becomes a refusal without detail; a true surprise is logged once, with the request's id. */
function judgeError(app: App, request: FastifyRequest, error: unknown): Refusal {
  const { refusal, code, statusCode } = error as {
    refusal?: Refusal;
    code?: string;
    statusCode?: number;
  };
  if (refusal) return refusal;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return refuse('too-large');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || code === 'FST_ERR_CTP_EMPTY_JSON_BODY')
    return refuse('not-json');
  if (app.store.engine.isDiskFull(error)) {
    app.warnings.raise('disk-full', {});
    return refuse('disk-full');
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return refuse('input-invalid');
  if (app.databaseAway.causes(error)) return refuse('database-away');
  app.log.error(
    { requestId: request.id, route: request.routeOptions.url, err: error },
    'request failed',
  );
  return refuse('internal');
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered while starting and stopping too. */
    always?: boolean;
  }
  interface FastifyRequest {
    trust: Trust;
  }
}
