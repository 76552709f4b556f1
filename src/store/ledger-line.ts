import { createHash } from 'node:crypto';
import type { ChainedEvent } from '../core/ledger.ts';

/**
 * The lines of an exported ledger: JSON objects with their keys in this order, one a line, UTF-8, ended by LF.
 * First the head line, then the events stream by stream, then each stream's head, then the end line. `facts` and
 * `data` are JSON kept as text, exactly as it was hashed.
 */
export interface FirstLine {
  readonly muster: 'ledger';
  readonly version: 1;
  readonly organisation: string;
  /** Epoch milliseconds. */
  readonly exportedAt: number;
  readonly payloads: 'opened' | 'left-out';
}

/** `salt` and `data` only where the payload was opened. */
export type EventLine = Omit<ChainedEvent, 'organisation'> & {
  readonly salt?: string;
  readonly data?: string;
};

export interface HeadLine {
  readonly head: string;
  readonly seq: number;
  readonly hash: string;
}

export interface EndLine {
  readonly end: true;
  readonly events: number;
  readonly streams: number;
}

/** SHA-256 in hex. */
export const sha256 = (text: string | Uint8Array): string =>
  createHash('sha256').update(text).digest('hex');

export function writeFirst({
  organisation,
  exportedAt,
  payloads,
}: Omit<FirstLine, 'muster' | 'version'>) {
  return withCheck({ muster: 'ledger', version: 1, organisation, exportedAt, payloads }, '');
}

export function writeEvent(event: EventLine): string {
  const { stream, seq, id, type, occurredAt, receivedAt, actor, subject, facts, digest, hash } =
    event;
  const header = { stream, seq, id, type, occurredAt, receivedAt, actor, subject, facts };
  const payload = event.salt === undefined ? {} : { salt: event.salt, data: event.data };
  return JSON.stringify({ ...header, digest, hash, ...payload });
}

export const writeHead = ({ head, seq, hash }: HeadLine): string =>
  JSON.stringify({ head, seq, hash });

/** @param digest SHA-256 of all lines before, with their ends */
export const writeEnd = ({ events, streams }: Omit<EndLine, 'end'>, digest: string): string =>
  withCheck({ end: true, events, streams }, digest);

/** Closes a line with a check of its own, for what no chain covers. */
function withCheck(line: object, before: string): string {
  const text = JSON.stringify(line);
  return JSON.stringify({ ...line, check: sha256(before + text) });
}
