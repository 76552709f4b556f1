import type { PersonId } from '../core/brand.ts';
import {
  type ErasureCertificate,
  type ErasurePage,
  erasurePageSize,
} from '../core/erasure.wire.ts';
import { oneLine } from '../core/person.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { type Erasure, listErasures } from '../store/erasure-list.ts';
import { commit } from '../store/ledger.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { organisationStream, type Store } from '../store/store.ts';
import type { App } from './app.ts';
import { erasePerson } from './person.ts';
import { loadMember } from './person-view.ts';

/**
 * Erases a person whose name was typed as it stands; an event keeps the reason. Refuses `not-found`, `not-allowed` for
 * oneself, `name-mismatch`, `person-held`, `last-admin`. A rehearsal only says who would be erased.
 */
export async function eraseByName(
  app: App,
  me: SignedIn,
  person: PersonId,
  { name, reason }: { readonly name: string; readonly reason?: string | undefined },
): Promise<ErasureCertificate | { readonly erased: readonly PersonId[] } | Refusal> {
  const { store } = app;
  if (me.person === person) return refuse('not-allowed');
  const known = await loadMember(app, person);
  if (!known) return refuse('not-found');
  if (oneLine(name) !== known.name) return refuse('name-mismatch');
  const erased = await erasePerson(app, me.person, person);
  if (!erased.ok || store.isRehearsal) return erased;
  const done = (await listErasures(store)).find((one) => one.erased.includes(person));
  if (!done) throw new Error('the ledger knows nothing of an erasure that was done');
  await keepReason(store, done, person, reason);
  const [certificate] = await certify(app, [done]);
  return certificate as ErasureCertificate;
}

/** The reason cannot lie under the key of the person, which is gone. It should name nobody. */
function keepReason(
  store: Store,
  { epoch, erased, actor }: Erasure,
  person: PersonId,
  reason: string | undefined,
): Promise<void> {
  return commit(store, async ({ now, lock, append }) => {
    await lock([organisationStream]);
    await append([
      {
        stream: organisationStream,
        type: 'erasure.certified',
        occurredAt: now,
        actor,
        subject: null,
        facts: { person, erased, epoch },
        ...(reason ? { data: { reason } } : {}),
      },
    ]);
  });
}

/** A page of all erasures, newest first. */
export async function presentErasures(
  app: App,
  { cursor }: Readonly<Record<string, string>>,
): Promise<ErasurePage> {
  const all = await listErasures(app.store);
  const below = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor);
  const rest = all.filter(({ seq }) => seq < below);
  const page = rest.slice(0, erasurePageSize);
  const isOver = rest.length === page.length;
  return {
    erasures: await certify(app, page),
    cursor: isOver ? null : String(page.at(-1)?.seq ?? ''),
  };
}

/** One certificate, for as long as the ledger stands. Refuses `not-found`. */
export async function presentErasure(
  app: App,
  number: string,
): Promise<ErasureCertificate | Refusal> {
  const all = await listErasures(app.store);
  const [certificate] = await certify(
    app,
    all.filter(({ epoch }) => String(epoch) === number).slice(-1),
  );
  return certificate ?? refuse('not-found');
}

async function certify(app: App, erasures: readonly Erasure[]): Promise<ErasureCertificate[]> {
  const people = await app.directory.get(erasures.map(({ actor }) => actor));
  return erasures.map(({ epoch, actor, ...rest }) => {
    const known = people.get(actor as PersonId);
    const name = known && known.state !== 'erased' ? known.name : null;
    return { ...rest, number: epoch, by: { id: actor, name } };
  });
}
