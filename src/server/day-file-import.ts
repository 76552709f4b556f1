import type { GroupId, Instant, LocalDate, SessionId } from '../core/brand.ts';
import {
  DayFileCheck,
  type DayFileRow,
  dateOfDayFile,
  instantOf,
} from '../core/day-file-import.ts';
import { dayBounds } from '../core/local-time.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { DayFileResult } from '../core/roster.wire.ts';
import {
  importedSession,
  insertImportedSession,
  recordImported,
} from '../store/day-file-import.ts';
import { type GroupRow, loadGroup } from '../store/group.ts';
import { applyRoster } from '../store/roster.ts';
import { loadSession } from '../store/session.ts';
import type { SignedIn } from '../store/sign-in.ts';
import type { App } from './app.ts';
import { listReachedGroups } from './gate.ts';
import { Pace } from './pace.ts';
import { readTable } from './table.ts';

const rowsAtOnce = 64;

type FileResult = DayFileResult['files'][number];

interface ReadDay {
  readonly result: FileResult;
  readonly day: {
    readonly date: LocalDate;
    readonly rows: readonly DayFileRow[];
    readonly session: SessionId;
  } | null;
}

/**
 * Day files of an earlier system (`attendance_YYYY-MM-DD.csv`, `Roll,Name,Time`): each becomes a closed session of
 * that date, in which its people are present. Whoever is unknown is added, and enrolled from the first day they
 * appear. Files brought in before change nothing. Without `apply` it only says what would happen.
 */
export async function importDayFiles(
  app: App,
  me: SignedIn,
  request: { group: GroupId; files: readonly { name: string; text: string }[]; apply: boolean },
): Promise<DayFileResult | Refusal> {
  const { store } = app;
  const group = await loadGroup(store, request.group);
  if (!group) return refuse('not-found');
  const days: ReadDay[] = [];
  const sessions = new Set<SessionId>();
  for (const file of request.files) {
    const read = await readDayFile(app, group.id, file);
    // the same file twice in one go
    const twin = read.day !== null && sessions.has(read.day.session);
    if (read.day) sessions.add(read.day.session);
    days.push(twin ? { day: null, result: { ...read.result, action: 'same' } } : read);
  }
  if (request.apply) {
    const inOrder = days.flatMap(({ day }) => day ?? []).sort((a, b) => (a.date < b.date ? -1 : 1));
    for (const day of inOrder) await applyDay(app, me, group, day);
  }
  return { files: days.map(({ result }) => result) };
}

async function readDayFile(
  app: App,
  group: GroupId,
  { name, text }: { name: string; text: string },
): Promise<ReadDay> {
  const { store } = app;
  const date = dateOfDayFile(name);
  const table = await readTable(text);
  if (date === null || isRefusal(table)) {
    const wrong = isRefusal(table)
      ? [{ line: Number(table.detail?.line ?? 0), problem: table.code }]
      : [];
    return { day: null, result: { name, date, rows: 0, wrong, action: 'wrong' } };
  }
  const first = table[0]?.cells ?? [];
  const hasHeader = DayFileCheck.isHeader(first);
  const check = new DayFileCheck(hasHeader ? first : null);
  const pace = new Pace();
  for (const { line, cells } of hasHeader ? table.slice(1) : table) {
    check.next(line, cells);
    await pace.breathe();
  }
  const { rows, wrong } = check;
  const result = { name, date, rows: rows.length, wrong };
  if (rows.length === 0) return { day: null, result: { ...result, action: 'wrong' } };
  const marker = rows.map(({ number, name: who, seconds }) => [number, who, seconds]);
  const session = importedSession(store, group, date, marker);
  const known = await loadSession(store, store.engine.read, session);
  return {
    day: { date, rows, session },
    result: { ...result, action: known ? 'same' : 'new' },
  };
}

const earlier = (left: Instant, right: Instant) => Math.min(left, right) as Instant;
const later = (left: Instant, right: Instant) => Math.max(left, right) as Instant;

/** The session first, then people and who was there: broken off anywhere, a repeat goes on where it stopped. */
async function applyDay(
  app: App,
  me: SignedIn,
  group: GroupRow,
  { date, rows, session }: NonNullable<ReadDay['day']>,
): Promise<void> {
  const { store } = app;
  const { zone } = app.settings.current;
  const starts = dayBounds(date, zone).from;
  const times = rows.map(({ seconds }) =>
    seconds === null ? null : instantOf(date, seconds, zone),
  );
  const known = times.filter((at) => at !== null);
  const startsAt = known.reduce(earlier, known[0] ?? starts);
  const endsAt = known.reduce(later, startsAt);
  const { settings } = group;
  const day = { group: group.id, date, startsAt, endsAt, settings };
  await insertImportedSession(store, me.person, session, day);
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const piece = rows.slice(start, start + rowsAtOnce);
    const enrolled = await enrol(app, me, group.id, date, piece);
    const present = piece.flatMap(({ number, name }, index) => {
      const person = enrolled[index];
      return person ? { person, number, name, at: times[start + index] ?? startsAt } : [];
    });
    await recordImported(store, me.person, session, present);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** An old file enrols from its day on, and never renames anybody. */
async function enrol(
  app: App,
  me: SignedIn,
  group: GroupId,
  date: LocalDate,
  rows: readonly DayFileRow[],
) {
  const knows = await listReachedGroups(app.store, 'group.read', me);
  const order = { group, from: { date, named: true }, mayRename: false, knows, onlyAdds: true };
  const outcomes = await applyRoster(
    app.store,
    order,
    me.person,
    rows.map(({ line, number, name }) => ({ line, number, name, email: null, problems: [] })),
  );
  return outcomes.map(({ person }) => person);
}
