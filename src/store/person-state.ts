import type { PersonId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { checkReplaceable } from './administrator.ts';
import { commit } from './ledger.ts';
import { loadPeople } from './person.ts';
import { organisationStream, peopleStream, type Store } from './store.ts';

/**
 * Deactivates a person, or brings one back. Whoever is deactivated cannot sign in or check in, keeps everything else,
 * and stays in registers. Doing it twice changes nothing. Refuses `not-found`, `last-admin`.
 */
export function setPersonState(
  store: Store,
  actor: string,
  person: PersonId,
  state: 'active' | 'inactive',
  reason: string | undefined,
): Promise<{ ok: true } | Refusal> {
  const { organisation } = store;
  return commit(store, async ({ tx, now, lock, append }) => {
    await lock([organisationStream, peopleStream]);
    const [known] = await loadPeople(store, tx, { person: [person] });
    if (!known || known.row.guest_of !== null) return refuse('not-found');
    if (known.row.state === state) return { ok: true };
    if (state === 'inactive') {
      const allowed = await checkReplaceable(store, tx, person);
      if (!allowed.ok) return allowed;
      for (const table of ['sign_in', 'sign_in_link', 'mailed_link'] as const) {
        await tx
          .deleteFrom(table)
          .where('organisation', '=', organisation)
          .where('person', '=', person)
          .execute();
      }
    }
    await tx
      .updateTable('person')
      .set({ state })
      .where('organisation', '=', organisation)
      .where('person', '=', person)
      .execute();
    await append([
      {
        stream: peopleStream,
        type: state === 'inactive' ? 'person.deactivated' : 'person.reactivated',
        occurredAt: now,
        actor,
        subject: person,
        ...(reason ? { key: known.key, data: { reason } } : {}),
      },
    ]);
    return { ok: true };
  });
}
