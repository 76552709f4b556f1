import { type RefusalCode, type RefusalDetail, refusalCodes } from '../core/refusal.ts';

/** A refusal of the server, or `offline`: nobody answered. */
export type ProblemCode = RefusalCode | 'offline';

/** Why a call did not succeed, as a value. */
export interface Problem {
  readonly code: ProblemCode;
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** Names the request in the server's log. */
  readonly requestId: string | null;
  readonly detail: RefusalDetail;
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/** Sends one call of the HTTP contract. Refusals and a dead network come back as values. */
export type Send = <T>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Answer<T>>;

/** What a page or a terminal sends with: the page has the browser's own, a test its own. */
export interface Wire {
  readonly fetch: typeof globalThis.fetch;
  /** Origin of the server; empty for the page's own. */
  readonly base?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes the one function through which every call goes. */
export function createSend(wire: Wire): Send {
  return async <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer<T>> => {
    const headers = { 'content-type': 'application/json' };
    const sent = method === 'POST' ? { headers, body: JSON.stringify(body ?? {}) } : {};
    const answer = await ask(wire, path, { method, ...sent });
    return answer.ok ? { ok: true, value: parseBody(answer.value) as T } : answer;
  };
}

/** Makes the function that takes what lies at a path as text, for a file. */
export const createFetchText =
  (wire: Wire) =>
  (path: string): Promise<Answer<string>> =>
    ask(wire, path, {});

async function ask(
  { fetch, base = '', headers }: Wire,
  path: string,
  { headers: own, ...init }: RequestInit & Pick<Wire, 'headers'>,
): Promise<Answer<string>> {
  try {
    const response = await fetch(base + path, {
      ...init,
      credentials: 'same-origin',
      headers: { ...headers, ...own },
    });
    const text = await response.text();
    if (response.ok) return { ok: true, value: text };
    return { ok: false, problem: readProblem(parseBody(text), response.status) };
  } catch {
    return { ok: false, problem: makeProblem('offline') };
  }
}

function makeProblem(code: ProblemCode, status = 0): Problem {
  return { code, status, requestId: null, detail: {} };
}

function parseBody(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What a proxy says where no server stands behind it. */
const ofProxy: ReadonlySet<number> = new Set([502, 503, 504]);
const passing: ReadonlySet<ProblemCode> = new Set(['offline', 'busy', 'database-away']);

/** Whether a problem passes by itself: the same call is to be made again a moment later. */
export function passesByItself({ code }: Problem): boolean {
  return passing.has(code);
}

/** Reads problem+json; what is not ours (a proxy's page, a newer server's code) counts as a fault of the server. */
function readProblem(value: unknown, status: number): Problem {
  const body = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const known = refusalCodes.find((code) => code === body.code);
  return {
    ...makeProblem(known ?? (ofProxy.has(status) ? 'offline' : 'internal'), status),
    requestId: typeof body.requestId === 'string' ? body.requestId : null,
    detail: (typeof body.detail === 'object' && body.detail !== null
      ? body.detail
      : {}) as RefusalDetail,
  };
}

/** `?a=1&b=2` from the values that are there. */
export function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) query.set(name, value);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
