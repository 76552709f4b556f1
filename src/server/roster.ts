import type { GroupId } from '../core/brand.ts';
import { localDate } from '../core/local-time.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type CheckedRow, RosterCheck, type RowDecision } from '../core/roster.ts';
import type { RosterApplied, RosterImport, RosterPreview, RosterRow } from '../core/roster.wire.ts';
import {
  type Columns,
  guessColumns,
  guessColumnsByContent,
  isHeader,
} from '../core/roster-heading.ts';
import { applyRoster, previewRoster, type RosterOrder } from '../store/roster.ts';
import type { SignedIn } from '../store/sign-in.ts';
import type { App } from './app.ts';
import { listReachedGroups } from './gate.ts';
import { Pace } from './pace.ts';
import { readTable } from './table.ts';

/** Rows in one transaction: some 20 ms, so that a check-in never waits long for its turn. */
const rowsAtOnce = 128;
const shownRows = 200;

interface ReadRoster {
  readonly header: readonly string[];
  readonly hasHeader: boolean;
  readonly columns: Columns;
  readonly rows: readonly CheckedRow[];
}

/** Reads the text and judges each row by itself. Refuses `import-unreadable`, `import-too-large`. */
async function readRoster({
  text,
  columns: chosen,
  header,
}: RosterImport): Promise<ReadRoster | Refusal> {
  const table = await readTable(text);
  if (isRefusal(table)) return table;
  const first = table[0]?.cells ?? [];
  const hasHeader = header ?? isHeader(first);
  const body = hasHeader ? table.slice(1) : table;
  const guessed = hasHeader
    ? guessColumns(first)
    : guessColumnsByContent(body.slice(0, 50).map(({ cells }) => cells));
  const columns = (chosen as Columns | undefined) ?? guessed;
  const check = new RosterCheck(columns);
  const pace = new Pace();
  const rows: CheckedRow[] = [];
  for (const { line, cells } of body) {
    rows.push(check.next(line, cells));
    await pace.breathe();
  }
  return { header: first.map((cell) => cell.slice(0, 120)), hasHeader, columns, rows };
}

async function orderOf(
  app: App,
  me: SignedIn,
  group: GroupId,
  { from }: RosterImport,
): Promise<RosterOrder> {
  const today = localDate(app.store.clock.now(), app.settings.current.zone);
  return {
    group,
    from: { date: from ?? today, named: from !== undefined },
    mayRename: me.roles.has('admin'),
    knows: await listReachedGroups(app.store, 'group.read', me),
  };
}

/** What an import would do; changes nothing. */
export async function previewImport(
  app: App,
  me: SignedIn,
  group: GroupId,
  request: RosterImport,
): Promise<RosterPreview | Refusal> {
  const read = await readRoster(request);
  if (isRefusal(read)) return read;
  const order = await orderOf(app, me, group, request);
  const pace = new Pace();
  const counts = { add: 0, enrol: 0, change: 0, same: 0, wrong: 0 };
  const wrong: RosterRow[] = [];
  const others: RosterRow[] = [];
  for (let start = 0; start < read.rows.length; start += rowsAtOnce) {
    const rows = read.rows.slice(start, start + rowsAtOnce);
    const decisions = await previewRoster(app.store, order, rows);
    for (const [index, decision] of decisions.entries()) {
      counts[decision.action] += 1;
      const list = decision.action === 'wrong' ? wrong : others;
      if (list.length < shownRows) list.push(presentRow(rows[index] as CheckedRow, decision));
    }
    await pace.breathe();
  }
  const { header, hasHeader, columns } = read;
  return {
    header,
    hasHeader,
    columns,
    counts,
    rows: [...wrong, ...others].slice(0, shownRows),
    total: read.rows.length,
  };
}

function presentRow({ line, number, name, email }: CheckedRow, decision: RowDecision): RosterRow {
  const problems = decision.action === 'wrong' ? decision.problems : [];
  return { line, number, name, email, action: decision.action, problems };
}

/** Brings in what is right and leaves out what is wrong; repeating it changes nothing. */
export async function applyImport(
  app: App,
  me: SignedIn,
  group: GroupId,
  request: RosterImport,
): Promise<RosterApplied | Refusal> {
  const read = await readRoster(request);
  if (isRefusal(read)) return read;
  if (read.rows.length === 0) return refuse('import-unreadable', { line: 1 });
  const order = await orderOf(app, me, group, request);
  const counts = { add: 0, enrol: 0, change: 0, same: 0, wrong: 0 };
  for (let start = 0; start < read.rows.length; start += rowsAtOnce) {
    const rows = read.rows.slice(start, start + rowsAtOnce);
    for (const outcome of await applyRoster(app.store, order, me.person, rows)) {
      counts[outcome.action] += 1;
      const isRenamed = 'identity' in outcome && outcome.action !== 'add';
      if (isRenamed && outcome.person) app.directory.forget(outcome.person);
    }
    // a turn for whoever came meanwhile
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    added: counts.add,
    enrolled: counts.enrol,
    changed: counts.change,
    same: counts.same,
    wrong: counts.wrong,
  };
}
