import type { Kysely } from 'kysely';
import type { GroupId, LocalDate, PersonId } from '../core/brand.ts';
import type { Enrolment } from '../core/enrolment.ts';
import { type CheckedRow, decideRow, type RowDecision } from '../core/roster.ts';
import { foldText } from '../core/search.ts';
import { padded } from './engine.ts';
import { loadEnrolments, setEnrolments } from './enrolment.ts';
import { guardEnrolments, listGuarded, listStrangers } from './guarded-enrolment.ts';
import { commit, type Writing } from './ledger.ts';
import { insertPeople, loadPeople, type PersonRow, updatePeople } from './person.ts';
import { loadRetired } from './retired-number.ts';
import type { Schema } from './schema.ts';
import { groupStream, peopleStream, type Store } from './store.ts';

/** How rows are brought into a group. */
export interface RosterOrder {
  readonly group: GroupId;
  /** First day of those who are new; `named` where the host chose it. */
  readonly from: { readonly date: LocalDate; readonly named: boolean };
  /** An administrator's list may rename people who have accounts. */
  readonly mayRename: boolean;
  /**
   * The groups whose people the actor may see; null for everybody's. A number of somebody else is enrolled only under
   * the right name, and the rest about that person is neither told nor changed.
   */
  readonly knows: ReadonlySet<string> | null;
  /** An old file renames nobody and ends no absence: what is known is newer. It only adds, and draws dates earlier. */
  readonly onlyAdds?: boolean;
}

export type RowOutcome = RowDecision & { readonly person: PersonId | null };

interface Planned {
  readonly row: CheckedRow;
  readonly decision: RowDecision;
  readonly known: PersonRow | null;
  readonly before: Enrolment | null;
  /** The actor knows no more of them than they wrote. */
  readonly isStranger: boolean;
}

/** What these rows would do; changes nothing. One outcome for each, in order. */
export async function previewRoster(
  store: Store,
  order: RosterOrder,
  rows: readonly CheckedRow[],
): Promise<RowDecision[]> {
  const plan = await planRows(store, store.engine.read, order, rows);
  return plan.map(({ decision }) => decision);
}

/** Does it, in one transaction: give it a piece that takes some 20 ms (100 rows). Repeating it changes nothing. */
export function applyRoster(
  store: Store,
  order: RosterOrder,
  actor: string,
  rows: readonly CheckedRow[],
): Promise<RowOutcome[]> {
  return commit(store, (writing) => applyRows(store, writing, order, actor, rows));
}

async function applyRows(
  store: Store,
  writing: Writing,
  order: RosterOrder,
  actor: string,
  rows: readonly CheckedRow[],
): Promise<RowOutcome[]> {
  await writing.lock([peopleStream, groupStream(order.group)]);
  const plan = await planRows(store, writing.tx, order, rows);
  const fresh = plan.filter(({ decision }) => decision.action === 'add');
  const renamed = plan.flatMap(({ row, decision, known }) =>
    known && 'identity' in decision && decision.identity
      ? { from: known, to: { ...known, number: row.number, ...decision.identity } }
      : [],
  );
  // frees addresses before others take them
  if (renamed.length > 0) await updatePeople(store, writing, actor, renamed);
  const added = await insertPeople(
    store,
    writing,
    actor,
    fresh.map(({ row: { number, name, email } }) => ({ number, name, email })),
  );
  const ids = new Map(fresh.map((planned, index) => [planned, added[index] as PersonId]));
  const idOf = (planned: Planned) => planned.known?.person ?? ids.get(planned) ?? null;
  await setEnrolments(
    store,
    writing,
    actor,
    order.group,
    plan.flatMap((planned) => {
      const { decision, before } = planned;
      const person = idOf(planned);
      const after = 'enrolment' in decision ? decision.enrolment : undefined;
      return person && after ? { person, before, after } : [];
    }),
  );
  const strangers = plan.flatMap(({ known, decision, isStranger }) =>
    known && isStranger && 'enrolment' in decision && decision.enrolment ? known.person : [],
  );
  await guardEnrolments(store, writing, order.group, strangers);
  return plan.map((planned) => ({ ...planned.decision, person: idOf(planned) }));
}

/** Set-based: a handful of reads whatever the number of rows. */
async function planRows(
  store: Store,
  db: Kysely<Schema>,
  { group, from, mayRename, knows, onlyAdds = false }: RosterOrder,
  rows: readonly CheckedRow[],
): Promise<Planned[]> {
  const sound = rows.filter(({ problems }) => problems.length === 0);
  const found = await loadPeople(store, db, {
    number: sound.map(({ number }) => number),
    email: sound.flatMap(({ email }) => email ?? []),
  });
  const ids = found.map(({ person }) => person);
  const retired = await loadRetired(
    store,
    db,
    sound.map(({ number }) => number),
  );
  const [enrolments, locked, strangers, guarded] = await Promise.all([
    loadEnrolments(store, db, group, ids),
    mayRename ? new Set<string>() : loadAccounts(store, db, ids),
    knows === null ? new Set<string>() : listStrangers(store, db, ids, knows),
    knows === null ? new Set<string>() : listGuarded(store, db, group),
  ]);
  const byNumber = new Map(found.map((person) => [person.number, person]));
  const byEmail = new Map(found.map((person) => [person.email, person.person]));
  return rows.map((row) => {
    const known = (row.problems.length === 0 && byNumber.get(row.number)) || null;
    const before = (known && enrolments.get(known.person)) ?? null;
    const owner = row.email === null ? undefined : byEmail.get(row.email);
    const isStranger = known !== null && strangers.has(known.person);
    const isLocked =
      known !== null &&
      (onlyAdds || isStranger || locked.has(known.person) || guarded.has(known.person));
    const problems = [...row.problems];
    if (isStranger && foldText(row.name) !== foldText(known.name)) problems.push('number-taken');
    if (owner !== undefined && owner !== known?.person && !isLocked) problems.push('email-taken');
    if (known?.row.state === 'inactive') problems.push('person-inactive');
    if (known === null && row.problems.length === 0 && retired.has(row.number))
      problems.push('number-retired');
    const judged: CheckedRow = { ...row, problems };
    const standing = known && {
      name: known.name,
      email: known.email,
      enrolment: before,
      locked: isLocked,
    };
    return {
      row,
      known,
      before,
      isStranger,
      decision: decideRow(judged, standing, { ...from, reopens: !onlyAdds }),
    };
  });
}

/** Which of these people have an account: a password, or a role that was given to them. */
export async function loadAccounts(
  { organisation }: Store,
  db: Kysely<Schema>,
  people: readonly string[],
): Promise<Set<string>> {
  if (people.length === 0) return new Set();
  const of = (table: 'role' | 'credential') =>
    db
      .selectFrom(table)
      .select('person')
      .where('organisation', '=', organisation)
      .where('person', 'in', padded(people))
      .execute();
  const rows = await Promise.all([of('role'), of('credential')]);
  return new Set(rows.flat().map(({ person }) => person));
}
