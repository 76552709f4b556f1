import type { PersonId, SessionId } from '../core/brand.ts';
import { checkNumber } from '../core/person.ts';
import type { Store } from './store.ts';

const chunk = 500;

/**
 * The people an id or a number names: the person of the organisation, and the guests of any session who gave that
 * number. Numbers are looked up through their blind indexes.
 */
export async function findPeople(store: Store, text: string): Promise<PersonId[]> {
  const byId = await store.engine.read
    .selectFrom('person')
    .select('person')
    .where('organisation', '=', store.organisation)
    .where('person', '=', text)
    .executeTakeFirst();
  if (byId) return [byId.person as PersonId];
  const number = checkNumber(text);
  return number.ok ? findByNumber(store, number.number) : [];
}

async function findByNumber(store: Store, number: string): Promise<PersonId[]> {
  const { engine, organisation, vault } = store;
  const sessions = await engine.read
    .selectFrom('session')
    .select('session')
    .where('organisation', '=', organisation)
    .execute();
  const indexes = [
    vault.numberIndex(number),
    ...sessions.map(({ session }) => vault.guestIndex(session as SessionId, number)),
  ];
  const found: PersonId[] = [];
  for (let start = 0; start < indexes.length; start += chunk) {
    const rows = await engine.read
      .selectFrom('person')
      .select('person')
      .where('organisation', '=', organisation)
      .where('number_index', 'in', indexes.slice(start, start + chunk))
      .execute();
    found.push(...rows.map(({ person }) => person as PersonId));
  }
  return found;
}
