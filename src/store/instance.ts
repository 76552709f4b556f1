import type { Instant } from '../core/brand.ts';
import type { Store } from './store.ts';

/** Whoever was not seen for so long is gone: killed, or cut off from the database. */
export const goneMs = 60_000;

/** A server that works on this database. */
export interface RunningInstance {
  readonly id: string;
  /** Name of its machine. */
  readonly machine: string;
  readonly version: string;
  readonly startedAt: Instant;
  readonly seenAt: Instant;
}

/** Writes down that this instance runs, seen now, and forgets those that are gone. */
export async function noteInstance(
  { engine, organisation, vault, clock }: Store,
  { id, machine, version, startedAt }: Omit<RunningInstance, 'seenAt'>,
): Promise<void> {
  await engine.write(async (tx) => {
    const now = clock.now();
    const row = {
      organisation,
      instance: id,
      started_at: startedAt,
      seen_at: now,
      sealed: vault.sealOwn(`instance/${id}`, { machine, version }),
    };
    await engine.upsertMany(tx, 'instance', ['organisation', 'instance'], [row]);
    await tx
      .deleteFrom('instance')
      .where('organisation', '=', organisation)
      .where('seen_at', '<=', now - goneMs)
      .execute();
  });
}

export async function deleteInstance({ engine, organisation }: Store, id: string): Promise<void> {
  await engine.write((tx) =>
    tx
      .deleteFrom('instance')
      .where('organisation', '=', organisation)
      .where('instance', '=', id)
      .execute(),
  );
}

/** Those that run now, the oldest first. */
export async function listInstances({
  engine,
  organisation,
  vault,
  clock,
}: Store): Promise<RunningInstance[]> {
  const rows = await engine.read
    .selectFrom('instance')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('seen_at', '>', clock.now() - goneMs)
    .orderBy('started_at')
    .orderBy('instance')
    .execute();
  return rows.map(({ instance: id, started_at, seen_at, sealed }) => ({
    ...vault.openOwn<{ machine: string; version: string }>(`instance/${id}`, sealed),
    id,
    startedAt: started_at as Instant,
    seenAt: seen_at as Instant,
  }));
}
