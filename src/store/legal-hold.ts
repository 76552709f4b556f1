import type { Instant, PersonId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { isHeld } from './held.ts';
import { commit } from './ledger.ts';
import { loadPeople } from './person.ts';
import { peopleStream, type Store } from './store.ts';

const identityOf = (person: string) => `legal_hold/${person}`;

interface Hold {
  readonly person: PersonId;
  readonly placedAt: Instant;
  /** A person's id, or `operator`. */
  readonly placedBy: string;
  readonly reason: string;
}

/** Who is held, and why; the oldest first. With `person` only that person's hold. */
export async function listHolds(
  { engine, organisation, vault }: Store,
  person?: string,
): Promise<Hold[]> {
  let query = engine.read
    .selectFrom('legal_hold')
    .selectAll()
    .where('organisation', '=', organisation)
    .orderBy('placed_at');
  if (person !== undefined) query = query.where('person', '=', person);
  const rows = await query.execute();
  return rows.map(({ person: held, placed_at, placed_by, sealed }) => ({
    person: held as PersonId,
    placedAt: placed_at as Instant,
    placedBy: placed_by,
    reason: vault.openOwn<{ reason: string }>(identityOf(held), sealed).reason,
  }));
}

/**
 * Places a hold on a person's data, or lifts it: while it stands they are neither erased nor merged away. An erasure
 * looks under the same lock. As it is already changes nothing. Refuses `not-found` for nobody, a guest and the erased.
 */
export function changeHold(
  store: Store,
  actor: string,
  person: PersonId,
  { held, reason }: { readonly held: boolean; readonly reason: string },
): Promise<{ ok: true } | Refusal> {
  const { engine, organisation, vault } = store;
  return commit(store, async ({ tx, now, lock, append }) => {
    await lock([peopleStream]);
    const [known] = await loadPeople(store, tx, { person: [person] });
    if (!known || known.row.guest_of !== null) return refuse('not-found');
    if ((await isHeld(store, tx, person)) === held) return { ok: true };
    if (held) {
      const sealed = vault.sealOwn(identityOf(person), { reason });
      const row = { organisation, person, placed_at: now, placed_by: actor, sealed };
      await engine.insertMany(tx, 'legal_hold', [row]);
    } else {
      await tx
        .deleteFrom('legal_hold')
        .where('organisation', '=', organisation)
        .where('person', '=', person)
        .execute();
    }
    await append([
      {
        stream: peopleStream,
        type: held ? 'hold.placed' : 'hold.lifted',
        occurredAt: now,
        actor,
        subject: person,
        data: { reason },
        key: known.key,
      },
    ]);
    return { ok: true };
  });
}
