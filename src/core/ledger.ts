import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { EventId, Instant, OrganisationId, StreamName } from './brand.ts';

/** The part of an event that is hashed in the clear: opaque ids, times, and facts that name nobody. */
export interface EventHeader {
  readonly organisation: OrganisationId;
  readonly stream: StreamName;
  /** 1, 2, 3 ... within the stream, without gaps. */
  readonly seq: number;
  readonly id: EventId;
  readonly type: string;
  /** When it happened, as claimed by whoever reports it. */
  readonly occurredAt: Instant;
  /** When the server received it. */
  readonly receivedAt: Instant;
  /** Who did it: a person's id, `phone`, `job`, or `operator` (the command line on the machine itself). */
  readonly actor: string;
  /** Whom it is about: a person's id, or null. */
  readonly subject: string | null;
  /** Canonical JSON of facts that name nobody. */
  readonly facts: string;
}

/** SHA-256 of a text's UTF-8 bytes, as 64 hex characters. A platform that hashes faster may bring its own. */
export type HashText = (text: string) => string;

const hashText: HashText = (text) => bytesToHex(sha256(utf8ToBytes(text)));

/** The hash before the first event of a stream. */
export const genesis = '0'.repeat(64);

/**
 * Digest of what the sealed payload holds. The salt lies inside the payload and is destroyed with it, so that a
 * digest cannot be tried against guessed names.
 * @param salt at least 128 random bits, as text
 * @param data canonical JSON
 */
export function digestPayload(salt: string, data: string, hash: HashText = hashText): string {
  return hash(`${salt}\n${data}`);
}

/** The digest of an event that never held anything sealed. */
export const noData = digestPayload('', '');

/** The header as the one text that is hashed: a JSON array, so that no field can flow into the next. */
function canonicalHeader(header: EventHeader): string {
  return JSON.stringify([
    1,
    header.organisation,
    header.stream,
    header.seq,
    header.id,
    header.type,
    header.occurredAt,
    header.receivedAt,
    header.actor,
    header.subject,
    header.facts,
  ]);
}

/** SHA-256 over previous hash, canonical header and payload digest, as 64 hex characters. */
export function hashEvent(
  previous: string,
  header: EventHeader,
  digest: string,
  hash: HashText = hashText,
): string {
  return hash(`${previous}
${canonicalHeader(header)}
${digest}`);
}

export interface ChainedEvent extends EventHeader {
  readonly digest: string;
  readonly hash: string;
}

export type ChainFault =
  | { readonly kind: 'gap'; readonly stream: StreamName; readonly seq: number }
  | {
      readonly kind: 'hash';
      readonly stream: StreamName;
      readonly seq: number;
      readonly id: EventId;
    }
  | { readonly kind: 'head'; readonly stream: StreamName; readonly seq: number };

/** Walks one stream in order of `seq`; feed it events one by one and ask for the fault at the end. */
export class ChainCheck {
  readonly #hashText: HashText;
  #hash = genesis;
  #seq = 0;
  #fault: ChainFault | null = null;

  constructor(hash: HashText = hashText) {
    this.#hashText = hash;
  }

  get seq(): number {
    return this.#seq;
  }

  get hash(): string {
    return this.#hash;
  }

  /** The first thing that does not hold, or null. */
  get fault(): ChainFault | null {
    return this.#fault;
  }

  next(event: ChainedEvent): void {
    if (this.#fault) return;
    const { stream, seq, id } = event;
    if (seq !== this.#seq + 1) {
      this.#fault = { kind: 'gap', stream, seq: this.#seq + 1 };
      return;
    }
    if (hashEvent(this.#hash, event, event.digest, this.#hashText) !== event.hash) {
      this.#fault = { kind: 'hash', stream, seq, id };
      return;
    }
    this.#seq = seq;
    this.#hash = event.hash;
  }

  /** The stream's stored head must be the last event's hash. */
  end(stream: StreamName, head: { seq: number; hash: string }): ChainFault | null {
    if (!this.#fault && (head.seq !== this.#seq || head.hash !== this.#hash)) {
      this.#fault = { kind: 'head', stream, seq: this.#seq };
    }
    return this.#fault;
  }
}

/** JSON with sorted keys and without undefined: the same facts always give the same text. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value))
    return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const entry = (value as Record<string, unknown>)[key];
    if (entry === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(entry)}`;
  }
  return `{${text}}`;
}
