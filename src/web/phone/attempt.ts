import type { CheckInRequest } from '../../core/check-in.wire.ts';
import { forget, keep, recall } from './memory.ts';

/** An attempt that has had no answer yet: it outlives a reload and is sent again unchanged. */
export interface Waiting {
  readonly request: CheckInRequest;
  readonly session: string;
  /** When it was first sent, and when its ticket runs out; by the phone's clock. */
  readonly since: number;
  readonly until: number;
}

/** An attempt older than this is not taken up again by a page that is opened anew. */
const oldestMs = 10 * 60_000;

/** `randomUUID` does not exist on plain HTTP. */
function makeAttempt(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join('');
}

function sameBody(left: CheckInRequest, right: Omit<CheckInRequest, 'attempt'>): boolean {
  return left.ticket === right.ticket && left.number === right.number && left.name === right.name;
}

/** The same body keeps its attempt id, so that a repeat is known as one; a changed body gets a new id. */
export function attemptFor(
  body: Omit<CheckInRequest, 'attempt'>,
  session: string,
  until: number,
): Waiting {
  const before = recall<Waiting>('attempt');
  const request =
    before && sameBody(before.request, body) ? before.request : { attempt: makeAttempt(), ...body };
  const waiting = { request, session, since: Date.now(), until };
  keep('attempt', waiting);
  return waiting;
}

/** What a reload found unanswered, if it is not too old. */
export function unanswered(): Waiting | undefined {
  const waiting = recall<Waiting>('attempt');
  return waiting && Math.abs(Date.now() - waiting.since) < oldestMs ? waiting : undefined;
}

/** The reader gave up waiting: a reload leaves it alone, but the same body is still the same attempt. */
export function restAttempt(waiting: Waiting): void {
  keep('attempt', { ...waiting, since: 0 });
}

/** It was answered. */
export function dropAttempt(): void {
  forget('attempt');
}
