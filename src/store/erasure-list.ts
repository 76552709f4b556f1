import { peopleStream, type Store } from './store.ts';

/** An erasure as the ledger keeps it: ids, and no name. */
export interface Erasure {
  readonly epoch: number;
  readonly erasedAt: number;
  readonly actor: string;
  readonly erased: readonly string[];
  readonly restored: boolean;
  readonly seq: number;
  readonly hash: string;
}

/** Every erasure, the newest first. One that was done again after a restore is one of its own. */
export async function listErasures({ engine, organisation }: Store): Promise<Erasure[]> {
  const rows = await engine.read
    .selectFrom('event')
    .select(['seq', 'occurred_at', 'actor', 'subject', 'facts', 'hash'])
    .where('organisation', '=', organisation)
    .where('stream', '=', peopleStream)
    .where('type', '=', 'person.erased')
    .orderBy('seq', 'desc')
    .execute();
  const found = new Map<string, Erasure & { readonly erased: string[] }>();
  for (const { seq, occurred_at, actor, subject, facts, hash } of rows) {
    const { epoch = 0, restored = false } = JSON.parse(facts) as Partial<Erasure>;
    const name = `${epoch} ${restored}`;
    const known = found.get(name) ?? {
      epoch,
      erasedAt: occurred_at,
      actor,
      erased: [],
      restored,
      seq,
      hash,
    };
    if (subject !== null) known.erased.push(subject);
    found.set(name, known);
  }
  return [...found.values()];
}
