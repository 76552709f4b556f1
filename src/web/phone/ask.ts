import type { RefusalCode, RefusalDetail } from '../../core/refusal.ts';

/** What came back for a question. `silent`: nothing that could be read as an answer of ours. */
export type Answer<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly detail?: RefusalDetail }
  | { readonly kind: 'silent'; readonly afterMs: number; readonly code?: RefusalCode };

const patienceMs = 8_000;
/** Answers that mean "later". */
const later = [429, 502, 503, 504];

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('retry-after'));
  return seconds > 0 ? Math.min(seconds, 60) * 1_000 : 0;
}

/** One try. `proof` names a field that our own answer has and a captive portal's has not. */
export async function ask<T>(path: string, proof: string, body?: unknown): Promise<Answer<T>> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), patienceMs);
  let afterMs = 0;
  try {
    const response = await fetch(path, {
      method: body ? 'POST' : 'GET',
      headers: body ? { 'content-type': 'application/json' } : {},
      body: body ? JSON.stringify(body) : null,
      cache: 'no-store',
      signal: limit.signal,
    });
    afterMs = retryAfterMs(response);
    const answer = await response.json();
    if (later.includes(response.status)) return { kind: 'silent', afterMs, code: answer.code };
    if (response.ok && answer[proof]) return { kind: 'value', value: answer };
    if (!response.ok && answer.code) {
      return { kind: 'refused', code: answer.code, detail: answer.detail };
    }
  } catch {
    // no network, no time, no JSON: all the same to the one who waits
  } finally {
    clearTimeout(timer);
  }
  return { kind: 'silent', afterMs };
}
