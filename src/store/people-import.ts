import type { Kysely } from 'kysely';
import type { PersonId } from '../core/brand.ts';
import type { Identity } from '../core/identity.ts';
import { type CheckedPerson, decidePerson, type PersonDecision } from '../core/people-import.ts';
import { commit, type Writing } from './ledger.ts';
import { insertPeople, loadPeople, type PersonRow, updatePeople } from './person.ts';
import { loadRetired } from './retired-number.ts';
import type { Schema } from './schema.ts';
import { peopleStream, type Store } from './store.ts';

/** A row with what it does and whom it names. */
export interface PlannedPerson {
  readonly row: CheckedPerson;
  readonly known: PersonRow | null;
  readonly decision: PersonDecision;
}

/** What these rows do to the people of the organisation. Set-based: three reads whatever the number of rows. */
export async function planPeople(
  store: Store,
  db: Kysely<Schema>,
  rows: readonly CheckedPerson[],
): Promise<PlannedPerson[]> {
  const sound = rows.filter(({ problems }) => problems.length === 0);
  const numbers = sound.flatMap(({ number }) => number ?? []);
  const emails = sound.flatMap(({ email }) => email ?? []);
  const [found, retired] = await Promise.all([
    loadPeople(store, db, { number: numbers, email: emails }),
    loadRetired(store, db, numbers),
  ]);
  const byNumber = new Map(found.map((person) => [person.number, person]));
  const byEmail = new Map(found.map((person) => [person.email, person]));
  return rows.map((row) => {
    if (row.problems.length > 0) return { row, known: null, decision: decidePerson(row, null) };
    const owner = row.email === null ? undefined : byEmail.get(row.email);
    const known = (row.number === null ? owner : byNumber.get(row.number)) ?? null;
    const isTaken = owner !== undefined && owner.person !== known?.person;
    const isRetired = known === null && row.number !== null && retired.has(row.number);
    const problems = [
      ...(isTaken ? (['email-taken'] as const) : []),
      ...(isRetired ? (['number-retired'] as const) : []),
    ];
    return { row, known, decision: decidePerson({ ...row, problems }, known) };
  });
}

/**
 * Does what these rows say, in one transaction: give it a piece that takes some 20 ms (100 rows). Repeating it changes
 * nothing.
 * @param note writes how far the whole is, in the same transaction
 */
export function applyPeople(
  store: Store,
  actor: string,
  rows: readonly CheckedPerson[],
  note: (writing: Writing, plan: readonly PlannedPerson[]) => Promise<void>,
): Promise<PlannedPerson[]> {
  return commit(store, async (writing) => {
    await writing.lock([peopleStream]);
    const plan = await planPeople(store, writing.tx, rows);
    const changes: { from: PersonRow; to: Identity }[] = [];
    const fresh: Identity[] = [];
    for (const { known, decision } of plan) {
      if (!('identity' in decision)) continue;
      if (known) changes.push({ from: known, to: decision.identity });
      else fresh.push(decision.identity);
    }
    if (changes.length > 0) await updatePeople(store, writing, actor, changes);
    if (fresh.length > 0) await insertPeople(store, writing, actor, fresh);
    await note(writing, plan);
    return plan;
  });
}

/** Who was changed by these rows. */
export const listChangedPeople = (plan: readonly PlannedPerson[]): PersonId[] =>
  plan.flatMap(({ known, decision }) => (known && 'identity' in decision ? known.person : []));
