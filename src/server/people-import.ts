import { z } from 'zod';
import type { PersonId } from '../core/brand.ts';
import { localDate } from '../core/local-time.ts';
import type {
  PeopleImport,
  PeopleImported,
  PeopleImportProgress,
  PeoplePreview,
  PeopleRow,
} from '../core/people.wire.ts';
import { guessPeopleColumns, type PeopleColumns } from '../core/people-heading.ts';
import { type CheckedPerson, PeopleCheck, presentRow } from '../core/people-import.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { guessColumnsByContent, isHeader } from '../core/roster-heading.ts';
import { commit, type Writing } from '../store/ledger.ts';
import { loadOwnFields } from '../store/own-field.ts';
import { applyPeople, listChangedPeople, planPeople } from '../store/people-import.ts';
import { loadSetting, saveSetting } from '../store/setting.ts';
import { organisationStream } from '../store/store.ts';
import type { App } from './app.ts';
import { Pace } from './pace.ts';
import { readTable } from './table.ts';

/** Rows in one transaction: some 20 ms, so that a check-in never waits long for its turn. */
const rowsAtOnce = 128;
const shownRows = 200;
/** An import that has told nothing for so long has lost its server. */
const silenceMs = 60_000;

const noCounts = { add: 0, change: 0, same: 0, wrong: 0 };

interface ReadPeople {
  readonly header: readonly string[];
  readonly hasHeader: boolean;
  readonly columns: PeopleColumns;
  readonly rows: readonly CheckedPerson[];
}

async function readPeople(app: App, request: PeopleImport): Promise<ReadPeople | Refusal> {
  const { text, columns: chosen, header } = request;
  const table = await readTable(text);
  if (isRefusal(table)) return table;
  const fields = await loadOwnFields(app.store);
  const first = table[0]?.cells ?? [];
  const hasHeader = header ?? isHeader(first);
  const body = hasHeader ? table.slice(1) : table;
  const guessed = hasHeader
    ? guessPeopleColumns(first, fields)
    : (guessColumnsByContent(body.slice(0, 50).map(({ cells }) => cells)) as PeopleColumns);
  const columns = chosen ?? guessed;
  const today = localDate(app.store.clock.now(), app.settings.current.zone);
  const check = new PeopleCheck(columns, fields, today);
  const pace = new Pace();
  const rows: CheckedPerson[] = [];
  for (const { line, cells } of body) {
    rows.push(check.next(line, cells));
    await pace.breathe();
  }
  return { header: first.map((cell) => cell.slice(0, 120)), hasHeader, columns, rows };
}

/** What an import would do; changes nothing. Refuses `import-unreadable`, `import-too-large`. */
export async function previewPeople(
  app: App,
  request: PeopleImport,
): Promise<PeoplePreview | Refusal> {
  const { store } = app;
  const read = await readPeople(app, request);
  if (isRefusal(read)) return read;
  const pace = new Pace();
  const counts = { ...noCounts };
  const wrong: PeopleRow[] = [];
  const others: PeopleRow[] = [];
  for (let start = 0; start < read.rows.length; start += rowsAtOnce) {
    const some = read.rows.slice(start, start + rowsAtOnce);
    for (const { row, decision, known } of await planPeople(store, store.engine.read, some)) {
      counts[decision.action] += 1;
      const list = decision.action === 'wrong' ? wrong : others;
      if (list.length < shownRows) list.push(presentRow(row, decision, known));
    }
    await pace.breathe();
  }
  const { header, hasHeader, columns } = read;
  const rows = [...wrong, ...others].slice(0, shownRows);
  return { header, hasHeader, columns, counts, rows, total: read.rows.length };
}

/**
 * Brings in what is right and leaves out what is wrong, in small pieces; repeating it changes nothing. How far it is
 * can be asked on every instance (`presentImport`). Refuses `import-unreadable`, `import-too-large`.
 */
export async function importPeople(
  app: App,
  actor: PersonId,
  request: PeopleImport,
): Promise<PeopleImported | Refusal> {
  const { store, directory } = app;
  const read = await readPeople(app, request);
  if (isRefusal(read)) return read;
  if (read.rows.length === 0) return refuse('import-unreadable', { line: 1 });
  const startedAt = store.clock.now();
  const total = read.rows.length;
  let counts = { ...noCounts };
  let done = 0;
  for (let start = 0; start < total; start += rowsAtOnce) {
    const some = read.rows.slice(start, start + rowsAtOnce);
    let sum = counts;
    const plan = await applyPeople(store, actor, some, async (writing, planned) => {
      // decided anew where the transaction is run again
      sum = { ...counts };
      for (const { decision } of planned) sum[decision.action] += 1;
      const at = writing.now;
      const progress = { done: done + some.length, total, counts: sum, startedAt, at };
      await saveSetting(store, writing, settingOf(actor), progress);
    });
    counts = sum;
    done += some.length;
    for (const person of listChangedPeople(plan)) directory.forget(person);
    // a turn for whoever came meanwhile
    await new Promise((resolve) => setImmediate(resolve));
  }
  await commit(store, (writing) => noteImport(writing, actor, counts));
  return counts;
}

async function noteImport(
  { now, lock, append }: Writing,
  actor: string,
  counts: PeopleImported,
): Promise<void> {
  const stream = organisationStream;
  await lock([stream]);
  const facts = { ...counts };
  await append([{ stream, type: 'people.imported', occurredAt: now, actor, subject: null, facts }]);
}

const settingOf = (actor: string): string => `people-import.${actor}`;

const count = z.int().min(0);
const stored = z.object({
  done: count,
  total: count,
  counts: z.object({ add: count, change: count, same: count, wrong: count }),
  startedAt: count,
  at: count,
});

/** How far this person's last import is, whichever instance runs it; null before the first. */
export async function presentImport(
  { store }: App,
  actor: PersonId,
): Promise<{ progress: PeopleImportProgress | null }> {
  const found = await loadSetting(store, settingOf(actor), stored.nullable(), null);
  if (!found) return { progress: null };
  const { at, ...progress } = found;
  const isSilent = store.clock.now() - at > silenceMs;
  const state = found.done === found.total ? 'done' : isSilent ? 'stopped' : 'running';
  return { progress: { state, ...progress } };
}
