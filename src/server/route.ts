import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { GroupId, SessionId } from '../core/brand.ts';
import type { Permission } from '../core/permission.ts';
import type { Must } from '../core/sign-in.wire.ts';
import type { SignedIn } from '../store/sign-in.ts';
import type { App } from './app.ts';
import type { Reading } from './reading.ts';

/**
 * Who may use a route: whoever has the permission (`src/core/permission.ts`), for the `:session`, `:group` or `:person`
 * of its path. `anyone` needs no sign-in; `metrics` is a program with the token for them, where no sign-in counts.
 * There is no default: a route without a requirement does not compile.
 */
export type Requirement = Permission | 'anyone' | 'metrics';

export interface Context<Body> {
  readonly app: App;
  /** Who asks; null only where the requirement is `anyone` or `metrics`. */
  readonly me: SignedIn | null;
  readonly body: Body;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly cookies: Readonly<Record<string, string | undefined>>;
  /** The client's address, from trusted proxies only. */
  readonly address: string;
  /** Whether the connection keeps secrets: TLS, or loopback. */
  readonly secure: boolean;
  /** Such as `https://muster.local:8443`. */
  readonly origin: string;
  readonly requestId: string;
}

/** An answer that is not JSON, or that sets cookies. */
export class Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  constructor(body: unknown, { status = 200, headers = {} as Answer['headers'] } = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export interface Route<Body = unknown> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly needs: Requirement;
  /** Served on plain HTTP beyond loopback too: only what needs no account. */
  readonly plain?: true;
  /** Open to somebody who has to do this first: it is how they do it, or how they leave. */
  readonly despite?: readonly Must[];
  /** Answered while starting and stopping too. */
  readonly always?: true;
  readonly body?: z.ZodType<Body>;
  /** It does all it does in one transaction and nothing beside it, so it can be rehearsed (see `isRehearsal`). */
  readonly rehearsable?: true;
  /** What whoever gets the answer has read, where that is sensitive: it is written down before they get it. */
  readonly reads?: Reading;
  /** Largest body in bytes; 16 KiB unless told. */
  readonly limit?: number;
  /** A value (JSON), a refusal (problem+json) or an Answer. */
  handle(context: Context<Body>): Promise<unknown> | unknown;
}

/** Asks to be told what a request would do, by the same checks, without its being done. */
export const dryRunHeader = 'muster-dry-run';

/** Keeps the body's type between contract and handler. */
export const route = <Body = undefined>(definition: Route<Body>): Route =>
  definition as unknown as Route;

/** The signed-in person of a route that needs one. */
export function signedIn({ me }: Pick<Context<unknown>, 'me'>): SignedIn {
  if (!me) throw new Error('a route without a requirement asks who is signed in');
  return me;
}

export const groupOf = ({ params }: { params: Readonly<Record<string, string>> }) =>
  params.group as GroupId;
export const sessionOf = ({ params }: { params: Readonly<Record<string, string>> }) =>
  params.session as SessionId;
