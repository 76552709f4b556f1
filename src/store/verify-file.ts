import { createHash, type Hash } from 'node:crypto';
import type { OrganisationId, StreamName } from '../core/brand.ts';
import { ChainCheck, type ChainFault, digestPayload } from '../core/ledger.ts';
import { hashText } from './hash-text.ts';
import {
  type EndLine,
  type EventLine,
  type FirstLine,
  type HeadLine,
  writeEnd,
  writeEvent,
  writeFirst,
  writeHead,
} from './ledger-line.ts';

/** What does not hold in an exported ledger, and where. */
export interface FileFault {
  /**
   * `line`: not a line of an export as it was written; `payload`: data are not what was hashed; `cut`: the file ends
   * too early or goes on after its end; else as in the database.
   */
  readonly kind: 'line' | 'gap' | 'hash' | 'head' | 'payload' | 'cut';
  /** Counted from 1. */
  readonly line: number;
  /** null where no event is meant. */
  readonly stream: StreamName | null;
  readonly seq: number | null;
}

export interface FileReport {
  readonly ok: boolean;
  readonly organisation: string | null;
  readonly exportedAt: number | null;
  readonly streams: number;
  readonly events: number;
  /** Payloads that are in the file and are what was hashed. */
  readonly payloads: number;
  /** In order of lines; at most 1,000. */
  readonly faults: readonly FileFault[];
}

const maxFaults = 1_000;

/** Verifies an exported ledger as it streams by, without a database or keys. A changed byte is named. */
export async function verifyFile(bytes: AsyncIterable<Uint8Array>): Promise<FileReport> {
  const check = new FileCheck();
  let rest = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const text = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, start)) {
      check.line(text.subarray(start, end), true);
      start = end + 1;
    }
    rest = text.subarray(start);
  }
  if (rest.length > 0) check.line(rest, false);
  return check.end();
}

class FileCheck {
  readonly #faults: FileFault[] = [];
  readonly #chains = new Map<StreamName, ChainCheck>();
  readonly #headed = new Set<string>();
  /** Streams with an unreadable line: what follows in them cannot be judged. */
  readonly #broken = new Set<string>();
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #all: Hash = createHash('sha256');
  #first: FirstLine | null = null;
  #line = 0;
  #events = 0;
  #payloads = 0;
  #ended = false;
  /** The event before, to name the one that a broken line held. */
  #stream: StreamName | null = null;
  #seq = 0;

  line(bytes: Uint8Array, terminated: boolean): void {
    this.#line += 1;
    if (this.#ended || !terminated) {
      this.#blame('cut');
      return;
    }
    let text = '';
    try {
      text = this.#utf8.decode(bytes);
      this.#take(text, JSON.parse(text) as Record<string, unknown>);
    } catch {
      this.#blameBroken(text || Buffer.from(bytes).toString('latin1'));
    }
    this.#all.update(bytes).update('\n');
  }

  #take(text: string, value: Record<string, unknown>): void {
    if (this.#line === 1) this.#takeFirst(text, value as unknown as FirstLine);
    else if ('end' in value) this.#takeEnd(text, value as unknown as EndLine);
    else if ('head' in value) this.#takeHead(text, value as unknown as HeadLine);
    else this.#takeEvent(text, value as unknown as EventLine);
  }

  end(): FileReport {
    if (!this.#ended && this.#faults.length === 0) {
      this.#line += 1;
      this.#blame('cut');
    }
    return {
      ok: this.#faults.length === 0,
      organisation: this.#first?.organisation ?? null,
      exportedAt: this.#first?.exportedAt ?? null,
      streams: this.#chains.size,
      events: this.#events,
      payloads: this.#payloads,
      faults: this.#faults,
    };
  }

  #takeFirst(text: string, value: FirstLine): void {
    this.#first = value;
    if (writeFirst(value) !== text) this.#blame('line');
  }

  #takeEvent(text: string, event: EventLine): void {
    if (writeEvent(event) !== text) {
      this.#blameBroken(text);
      return;
    }
    const { stream, seq, salt, data, digest } = event;
    this.#events += 1;
    this.#stream = stream;
    this.#seq = seq;
    const organisation = (this.#first?.organisation ?? '') as OrganisationId;
    this.#judge(stream, seq, (chain) => chain.next({ ...event, organisation }));
    if (salt === undefined) return;
    if (data !== undefined && digestPayload(salt, data, hashText) === digest) this.#payloads += 1;
    else this.#blame('payload', stream, seq);
  }

  #takeHead(text: string, head: HeadLine): void {
    if (writeHead(head) !== text) {
      this.#blame('line');
      return;
    }
    const stream = head.head as StreamName;
    this.#headed.add(stream);
    this.#judge(stream, head.seq, (chain) => chain.end(stream, head));
  }

  /** Tells a chain's first fault, once. */
  #judge(stream: StreamName, seq: number, step: (chain: ChainCheck) => void): void {
    const chain = this.#chains.get(stream) ?? new ChainCheck(hashText);
    this.#chains.set(stream, chain);
    if (chain.fault || this.#broken.has(stream)) return;
    step(chain);
    if (chain.fault) this.#blame((chain.fault as ChainFault).kind, stream, seq);
  }

  #takeEnd(text: string, end: EndLine): void {
    this.#ended = true;
    for (const stream of this.#chains.keys()) {
      if (this.#headed.has(stream) || this.#broken.has(stream)) continue;
      this.#blame('head', stream, this.#chains.get(stream)?.seq);
    }
    // what the chains do not cover: whole streams left out, and this line itself
    if (writeEnd(end, this.#all.copy().digest('hex')) !== text && this.#faults.length === 0) {
      this.#blame('line');
    }
  }

  #blame(
    kind: FileFault['kind'],
    stream: StreamName | null = null,
    seq: number | null = null,
  ): void {
    if (this.#faults.length < maxFaults) this.#faults.push({ kind, line: this.#line, stream, seq });
  }

  /** A line that is none: named by what can still be read of it, else by the event before. */
  #blameBroken(text: string): void {
    const read = /^\{"stream":"([^"\\]+)","seq":(\d+),/.exec(text);
    const stream = (read?.[1] as StreamName | undefined) ?? this.#stream;
    const seq = read ? Number(read[2]) : stream === null ? null : this.#seq + 1;
    if (stream !== null) this.#broken.add(stream);
    this.#blame('line', stream, seq);
  }
}
