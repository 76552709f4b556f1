import type { Kysely } from 'kysely';
import type { PersonId, SessionId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { checkReplaceable } from './administrator.ts';
import { type Engine, padded, type Tx } from './engine.ts';
import { beginEpoch, destroyUnusedEpochs, keepEpoch } from './epoch.ts';
import { clearTraces } from './erasure-trace.ts';
import { isHeld } from './held.ts';
import { findOtherOwner } from './key-claim.ts';
import { commit } from './ledger.ts';
import { rewrapKeys } from './rewrap.ts';
import type { Schema } from './schema.ts';
import { organisationStream, peopleStream, type Store, sessionStream } from './store.ts';

/** People who are erased in one transaction: some milliseconds. */
const peopleAtOnce = 20;
const chunk = 500;
/** No check-in is under way for a session that was closed longer ago. */
const checkInMs = 2 * 60_000;

/** One erasure at a time, in this process and on the database: each makes the next epoch. */
const running = new WeakMap<Engine, Promise<unknown>>();

/**
 * Erases a person and the guests that were merged into them. Their keys go for good: everybody else's key is
 * wrapped under a new epoch key and the older epoch keys are destroyed, so that no older copy of the database can
 * bring a name back. Records, and the chain with its hashes, stay. Refuses `not-found` for nobody, or an erased one,
 * `last-admin`, `person-held`, and `keys-taken` where the keys are those of another database.
 */
export function erasePerson(
  store: Store,
  actor: string,
  person: PersonId,
): Promise<{ ok: true; erased: readonly PersonId[] } | Refusal> {
  return oneAtATime(store, async () => {
    const { engine } = store;
    if (!(await isThere(store, person))) return refuse('not-found');
    if (await findOtherOwner(store)) return refuse('keys-taken');
    const erasable = await checkErasable(store, engine.read, person);
    if (!erasable.ok) return erasable;
    if (store.isRehearsal) {
      const merged = (await listMerged(store, engine.read, [person])).get(person) ?? [];
      return { ok: true, erased: [person, ...merged] as PersonId[] };
    }
    const [outcome] = await erase(store, actor, [person], {});
    return outcome ?? refuse('not-found');
  });
}

/**
 * Erases people whose time is over, as `erasePerson` does, all under one new epoch. Who may not be erased is passed over.
 * @param rule the kind of data whose rule says so: it stands in the events
 * @param done told after each transaction who went, with the guests that were merged into them; where it throws, the
 *   others stay
 * @returns who was erased, with the guests that were merged into them
 * @throws KeysTaken where the keys are those of another database; nobody is erased then
 */
export function erasePeople(
  store: Store,
  actor: string,
  people: readonly PersonId[],
  rule: string,
  done: (erased: readonly PersonId[]) => Promise<void>,
): Promise<PersonId[]> {
  return oneAtATime(store, async () => {
    const due: PersonId[] = [];
    for (const person of people) {
      const isDue =
        (await isThere(store, person)) &&
        (await checkErasable(store, store.engine.read, person)).ok;
      if (isDue) due.push(person);
    }
    if (due.length === 0) return [];
    const outcomes = await erase(store, actor, due, { rule }, done);
    return outcomes.flatMap((outcome) => (outcome.ok ? outcome.erased : []));
  });
}

function oneAtATime<T>({ engine }: Store, work: () => Promise<T>): Promise<T> {
  const result = (running.get(engine) ?? Promise.resolve()).then(() => engine.alone(work));
  running.set(
    engine,
    result.catch(() => {}),
  );
  return result;
}

type Outcome = { ok: true; erased: readonly PersonId[] } | Refusal;

async function erase(
  store: Store,
  actor: string,
  people: readonly PersonId[],
  facts: { readonly rule?: string },
  done: (erased: readonly PersonId[]) => Promise<void> = async () => {},
): Promise<Outcome[]> {
  const { engine, vault } = store;
  const epoch = await beginEpoch(store);
  const guests = await listMerged(store, engine.read, people);
  const leaving = new Set<string>([...people, ...[...guests.values()].flat()]);
  await rewrapKeys(store, epoch, leaving);
  const outcomes: Outcome[] = [];
  const again: PersonId[] = [];
  try {
    for (let start = 0; start < people.length; start += peopleAtOnce) {
      const some = people.slice(start, start + peopleAtOnce);
      const order = { actor, people: some, guests, epoch, facts };
      const { again: more, outcomes: found } = await eraseSome(store, order);
      again.push(...more);
      outcomes.push(...found);
      const erased = found.flatMap((outcome) => (outcome.ok ? outcome.erased : []));
      for (const id of erased) {
        leaving.delete(id);
        vault.forget(id);
      }
      await done(erased);
    }
  } finally {
    // whoever stays after all must not lie under an epoch that goes
    if (leaving.size > 0) await rewrapKeys(store, epoch, new Set());
    await destroyUnusedEpochs(store);
  }
  // a guest was merged into them meanwhile, whose key lies under the new epoch already
  if (again.length > 0) outcomes.push(...(await erase(store, actor, again, facts, done)));
  return outcomes;
}

interface Order {
  readonly actor: string;
  readonly people: readonly PersonId[];
  /** Who turned out to be each of them, as it was when the epoch began. */
  readonly guests: ReadonlyMap<PersonId, readonly string[]>;
  readonly epoch: number;
  readonly facts: { readonly rule?: string };
}

/** In one transaction. Again come those who somebody turned out to be since the epoch began. */
function eraseSome(
  store: Store,
  { actor, people, guests, epoch, facts }: Order,
): Promise<{ outcomes: Outcome[]; again: PersonId[] }> {
  return commit(store, async ({ tx, now, lock, append }) => {
    // whatever is being written about them on other instances is waited for, and cleared too
    await lock([organisationStream, peopleStream, ...(await listBusyStreams(store, tx, now))]);
    await keepEpoch(store, tx, epoch);
    const standing = await listMerged(store, tx, people);
    const outcomes: Outcome[] = [];
    const again: PersonId[] = [];
    for (const person of people) {
      const allowed = await checkErasable(store, tx, person);
      const merged = guests.get(person) ?? [];
      if (!allowed.ok) outcomes.push(allowed);
      else if (standing.get(person)?.some((guest) => !merged.includes(guest))) again.push(person);
      else outcomes.push({ ok: true, erased: [person, ...merged] as PersonId[] });
    }
    const erased = outcomes.flatMap((outcome) => (outcome.ok ? outcome.erased : []));
    if (erased.length > 0) await clearTraces(store, tx, erased);
    await append(
      erased.map((id) => ({
        stream: peopleStream,
        type: 'person.erased',
        occurredAt: now,
        actor,
        subject: id,
        facts: { epoch, ...facts },
      })),
    );
    return { outcomes, again };
  });
}

async function checkErasable(
  store: Store,
  db: Kysely<Schema>,
  person: PersonId,
): Promise<{ ok: true } | Refusal> {
  if (await isHeld(store, db, person)) return refuse('person-held');
  return checkReplaceable(store, db, person);
}

/** Streams of the sessions for which check-ins may be under way; none where transactions never overlap. */
async function listBusyStreams({ engine, organisation }: Store, tx: Tx, now: number) {
  if (engine.exclusive) return [];
  const rows = await tx
    .selectFrom('session')
    .select('session')
    .where('organisation', '=', organisation)
    .where((where) =>
      where.or([where('state', '=', 'open'), where('closed_at', '>', now - checkInMs)]),
    )
    .execute();
  return rows.map(({ session }) => sessionStream(session as SessionId));
}

async function isThere({ engine, organisation }: Store, person: PersonId): Promise<boolean> {
  const row = await engine.read
    .selectFrom('person')
    .select('state')
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .executeTakeFirst();
  return row !== undefined && row.state !== 'erased';
}

/** Of each the guests that turned out to be this person, and those that turned out to be them. */
async function listMerged(
  { organisation }: Store,
  db: Kysely<Schema>,
  people: readonly PersonId[],
): Promise<Map<PersonId, string[]>> {
  const found = new Map(people.map((person) => [person, [] as string[]]));
  // whose they are in the end
  let into = new Map<string, PersonId>(people.map((person) => [person, person]));
  const seen = new Set<string>(people);
  while (into.size > 0) {
    const next = new Map<string, PersonId>();
    const ids = [...into.keys()];
    for (let start = 0; start < ids.length; start += chunk) {
      const rows = await db
        .selectFrom('person')
        .select(['person', 'merged_into'])
        .where('organisation', '=', organisation)
        .where('merged_into', 'in', padded(ids.slice(start, start + chunk)))
        .execute();
      for (const { person, merged_into } of rows) {
        const whose = into.get(merged_into as string);
        if (whose === undefined || seen.has(person)) continue;
        seen.add(person);
        next.set(person, whose);
        found.get(whose)?.push(person);
      }
    }
    into = next;
  }
  return found;
}
