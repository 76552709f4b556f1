import type { PersonId } from '../core/brand.ts';
import type { LegalHolds } from '../core/legal-hold.wire.ts';
import { listHolds } from '../store/legal-hold.ts';
import type { App } from './app.ts';

/** Whose data are kept, by name; with `person` only theirs. */
export async function presentHolds(
  { store, directory }: App,
  person: string | undefined,
): Promise<LegalHolds> {
  const holds = await listHolds(store, person);
  const people = await directory.get(holds.flatMap((hold) => [hold.person, hold.placedBy]));
  return {
    holds: holds.map(({ placedBy, ...hold }) => {
      const held = people.get(hold.person);
      const by = people.get(placedBy as PersonId);
      const byName = by && by.state !== 'erased' ? by.name : null;
      return {
        ...hold,
        number: held?.number ?? null,
        name: held?.name ?? '',
        placedBy: { id: placedBy, name: byName },
      };
    }),
  };
}
