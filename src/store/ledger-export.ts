import { createHash } from 'node:crypto';
import type { ChainedEvent } from '../core/ledger.ts';
import { readEvent } from './event.ts';
import { loadPersonKeys } from './key.ts';
import { type HeadLine, writeEnd, writeEvent, writeFirst, writeHead } from './ledger-line.ts';
import type { EventTable } from './schema.ts';
import type { Store } from './store.ts';
import { listStreams, walkStream } from './stream-walk.ts';

/**
 * The whole ledger as text that can be verified without the database and its keys (`verifyFile`), in pieces of whole
 * lines. Others may write meanwhile: every stream is exported up to its head of the moment.
 * @param open opens the payloads, so that the file holds names; else digests alone are exported
 */
export async function* exportLedger(
  store: Store,
  { open }: { open: boolean },
): AsyncGenerator<string, void> {
  const hash = createHash('sha256');
  const seal = (lines: readonly string[]): string => {
    const text = lines.map((line) => `${line}\n`).join('');
    hash.update(text);
    return text;
  };
  const { organisation, clock, engine } = store;
  const payloads = open ? 'opened' : 'left-out';
  yield seal([writeFirst({ organisation, exportedAt: clock.now(), payloads })]);
  const heads: HeadLine[] = [];
  let events = 0;
  for (const stream of await listStreams(store, engine.read)) {
    const pages = walkStream(store, engine.read, stream);
    for (;;) {
      const step = await pages.next();
      if (step.done) {
        heads.push({ head: stream, seq: step.value.seq, hash: step.value.hash });
        break;
      }
      events += step.value.length;
      yield seal(await writeEvents(store, step.value, open));
    }
  }
  yield seal(heads.map(writeHead));
  yield `${writeEnd({ events, streams: heads.length }, hash.digest('hex'))}\n`;
}

async function writeEvents(
  store: Store,
  rows: readonly EventTable[],
  open: boolean,
): Promise<string[]> {
  if (!open) return rows.map((row) => writeEvent(readEvent(row)));
  const subjects = rows.flatMap(({ subject, payload }) => (payload ? (subject ?? []) : []));
  const keys = await loadPersonKeys(store, store.engine.read, subjects);
  return rows.map((row) => writeEvent({ ...readEvent(row), ...openPayload(store, row, keys) }));
}

/** A payload that was destroyed, or does not open, is left out; its digest stays. */
function openPayload(
  store: Store,
  { id, subject, payload }: EventTable,
  keys: ReadonlyMap<string, Uint8Array>,
): { salt: string; data: string } | Partial<ChainedEvent> {
  const key = subject === null ? null : keys.get(subject);
  if (!payload || key === undefined) return {};
  try {
    return store.vault.openPayload(id, key, payload);
  } catch {
    return {};
  }
}
