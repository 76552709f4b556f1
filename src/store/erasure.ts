import type { Kysely } from 'kysely';
import type { PersonId, SessionId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { checkReplaceable } from './administrator.ts';
import { padded, type Tx } from './engine.ts';
import { beginEpoch, destroyUnusedEpochs, holdsEpoch } from './epoch.ts';
import { clearTraces } from './erasure-trace.ts';
import { isHeld } from './held.ts';
import { commit } from './ledger.ts';
import type { Schema } from './schema.ts';
import { organisationStream, peopleStream, type Store, sessionStream } from './store.ts';

const chunk = 200;
/** No check-in is under way for a session that was closed longer ago. */
const checkInMs = 2 * 60_000;

/** One erasure at a time, in this process and on the database: each makes the next epoch. */
const running = new WeakMap<Store, Promise<unknown>>();

/**
 * Erases a person and the guests that were merged into them. Their keys go for good: everybody else's key is
 * wrapped under a new epoch key and the older epoch keys are destroyed, so that no older copy of the database can
 * bring a name back. Records, and the chain with its hashes, stay. Refuses `not-found` for nobody, or an erased one,
 * `last-admin`, and `person-held`.
 */
export function erasePerson(
  store: Store,
  actor: string,
  person: PersonId,
): Promise<{ ok: true; erased: readonly PersonId[] } | Refusal> {
  const { engine } = store;
  const result = (running.get(store) ?? Promise.resolve()).then(() =>
    engine.alone(() => erase(store, actor, person)),
  );
  running.set(
    store,
    result.catch(() => {}),
  );
  return result;
}

async function erase(
  store: Store,
  actor: string,
  person: PersonId,
): Promise<{ ok: true; erased: readonly PersonId[] } | Refusal> {
  const { engine, vault } = store;
  if (!(await isThere(store, person))) return refuse('not-found');
  const replaceable = await checkErasable(store, engine.read, person);
  if (!replaceable.ok) return replaceable;
  const epoch = await beginEpoch(store);
  const guests = await mergedInto(store, engine.read, person);
  const leaving = new Set<string>([person, ...guests]);
  while ((await commit(store, ({ tx }) => rewrap(store, tx, epoch, leaving, chunk))) === chunk) {
    await new Promise(setImmediate);
  }
  const outcome = await commit(store, async ({ tx, now, lock, append }) => {
    // whatever is being written about them on other instances is waited for, and cleared too
    await lock([organisationStream, peopleStream, ...(await listBusyStreams(store, tx, now))]);
    const allowed = await checkErasable(store, tx, person);
    if (!allowed.ok) return allowed;
    const merged = await mergedInto(store, tx, person);
    if (merged.some((guest) => !leaving.has(guest))) return null;
    while ((await rewrap(store, tx, epoch, leaving, chunk)) === chunk);
    for (const id of leaving) await clearTraces(store, tx, id);
    await append(
      [...leaving].map((id) => ({
        stream: peopleStream,
        type: 'person.erased',
        occurredAt: now,
        actor,
        subject: id as PersonId,
        facts: { epoch },
      })),
    );
    return { ok: true as const, erased: [...leaving] as PersonId[] };
  });
  // a guest was merged into them meanwhile, whose key lies under the new epoch already
  if (outcome === null) return erase(store, actor, person);
  if (!outcome.ok) return outcome;
  for (const id of leaving) vault.forget(id);
  await destroyUnusedEpochs(store);
  return outcome;
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

/** Guests that turned out to be this person, and those that turned out to be them. */
async function mergedInto(
  { organisation }: Store,
  db: Kysely<Schema>,
  person: PersonId,
): Promise<string[]> {
  const found: string[] = [];
  let into: string[] = [person];
  while (into.length > 0) {
    const rows = await db
      .selectFrom('person')
      .select('person')
      .where('organisation', '=', organisation)
      .where('merged_into', 'in', into)
      .execute();
    into = rows.map((row) => row.person).filter((id) => !found.includes(id) && id !== person);
    found.push(...into);
  }
  return found;
}

/** Wraps some keys of older epochs anew; returns how many. */
async function rewrap(
  store: Store,
  tx: Tx,
  epoch: number,
  leaving: ReadonlySet<string>,
  limit: number,
): Promise<number> {
  const { engine, organisation, vault } = store;
  if (!(await holdsEpoch(store, tx, epoch))) {
    throw new Error('another instance has begun an erasure: this one is to be tried again');
  }
  const rows = await tx
    .selectFrom('person_key')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('epoch', '<', epoch)
    .where('person', 'not in', padded([...leaving]))
    .limit(limit)
    .execute();
  await engine.upsertMany(
    tx,
    'person_key',
    ['organisation', 'person'],
    rows.map(({ person, epoch: old, wrapped }) => ({
      organisation,
      person,
      ...vault.wrapPersonKey(person, vault.personKey(person, { epoch: old, wrapped })),
    })),
  );
  return rows.length;
}
