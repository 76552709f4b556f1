import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyFolder } from './key-folder.ts';
import { peopleStream, type Store } from './store.ts';

const logName = 'destroyed.log';
/** A line is appended as one piece: several instances may share the folder. */
const peopleInLine = 50;

interface Line {
  readonly epoch: number;
  readonly people: readonly string[];
}

const pathOf = (keys: KeyFolder): string => join(keys.path, logName);

/**
 * Whose data were destroyed, by the epoch of their erasure: ids only. It lies with the keys, so that a restored backup
 * from before cannot bring anybody back.
 */
export async function readDestroyed(keys: KeyFolder): Promise<ReadonlyMap<string, number>> {
  const text = await readFile(pathOf(keys), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const destroyed = new Map<string, number>();
  for (const line of text.split('\n').filter(Boolean)) {
    const { epoch, people } = parse(line);
    for (const person of people) destroyed.set(person, epoch);
  }
  return destroyed;
}

/** A line that a full disk cut off says nothing: the ledger has it still, and the next erasure writes it again. */
function parse(line: string): Line {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return { epoch: 0, people: [] };
  }
}

/** Writes down who was erased and is not in the log yet, as the ledger tells. */
export async function logDestroyed({ engine, organisation, keys }: Store): Promise<void> {
  const rows = await engine.read
    .selectFrom('event')
    .select(['subject', 'facts'])
    .where('organisation', '=', organisation)
    .where('stream', '=', peopleStream)
    .where('type', '=', 'person.erased')
    .orderBy('seq')
    .execute();
  const known = await readDestroyed(keys);
  const fresh = new Map<number, string[]>();
  for (const { subject, facts } of rows) {
    if (subject === null || known.has(subject)) continue;
    const { epoch = 0 } = JSON.parse(facts) as Partial<Line>;
    fresh.set(epoch, [...(fresh.get(epoch) ?? []), subject]);
  }
  for (const [epoch, people] of fresh) {
    for (let start = 0; start < people.length; start += peopleInLine) {
      const line: Line = { epoch, people: people.slice(start, start + peopleInLine) };
      // a line of its own even behind one that was cut off
      const options = { mode: 0o600, flush: true };
      await appendFile(pathOf(keys), `\n${JSON.stringify(line)}\n`, options);
    }
  }
}
