import type { PersonId } from '../core/brand.ts';
import type { Identity } from '../core/identity.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { commit } from './ledger.ts';
import { findTaken, insertPeople } from './person.ts';
import { peopleStream, type Store } from './store.ts';

/** Adds one person to the organisation. Refuses `number-taken`, `number-retired`, `email-taken`. */
export async function addMember(
  store: Store,
  actor: string,
  identity: Identity,
): Promise<{ person: PersonId } | Refusal> {
  try {
    return await commit(store, async (writing) => {
      await writing.lock([peopleStream]);
      const taken = await findTaken(store, writing.tx, null, identity);
      if (taken) return taken;
      const [person] = await insertPeople(store, writing, actor, [identity]);
      return { person: person as PersonId };
    });
  } catch (error) {
    if (!store.engine.isUniqueViolation(error)) throw error;
    // an account took it at the same moment
    return (await findTaken(store, store.engine.read, null, identity)) ?? refuse('number-taken');
  }
}
