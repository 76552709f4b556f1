import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { StreamName } from '../../src/core/brand.ts';
import type { Engine, Tx } from '../../src/store/engine.ts';
import { commit } from '../../src/store/ledger.ts';
import type { Store } from '../../src/store/store.ts';

type Starters = readonly (() => Promise<unknown>)[];
type Answers<T extends Starters> = { [K in keyof T]: Awaited<ReturnType<T[K]>> };

/**
 * Holds a stream while those are started who want it, one after the other; then lets them go. Their answers, in order.
 */
export async function holdingStream<const T extends Starters>(
  store: Store,
  stream: StreamName,
  starters: T,
): Promise<Answers<T>> {
  const started: Promise<unknown>[] = [];
  await commit(store, async ({ tx, lock }) => {
    await lock([stream]);
    await startAll(store.engine, tx, started, starters);
  });
  return Promise.all(started) as never;
}

/** The same with what a transaction of one's own has changed and not yet committed. */
export async function beforeCommit<const T extends Starters>(
  { engine }: Store,
  change: (tx: Tx) => Promise<unknown>,
  starters: T,
): Promise<Answers<T>> {
  const started: Promise<unknown>[] = [];
  await engine.write(async (tx) => {
    await change(tx);
    await startAll(engine, tx, started, starters);
  });
  return Promise.all(started) as never;
}

/** Each is started when the one before waits for a lock, or has answered. */
async function startAll(
  engine: Engine,
  tx: Tx,
  started: Promise<unknown>[],
  starters: Starters,
): Promise<void> {
  let underWay = 0;
  for (const start of starters) {
    underWay += 1;
    const ended = () => {
      underWay -= 1;
    };
    const running = start();
    running.then(ended, ended);
    started.push(running);
    while ((await countWaiting(engine)) < underWay) {
      // the server ends a transaction that does nothing for long
      await sql`select 1`.execute(tx);
      // MariaDB looks anew only where nobody has looked for a tenth of a second
      await pause(engine.name === 'mariadb' ? 150 : 10);
    }
  }
}

/** How many of this database's transactions wait for a lock. */
async function countWaiting({ name, read }: Engine): Promise<number> {
  const query =
    name === 'postgres'
      ? sql<{ count: number }>`select count(*)::int as count from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`
      : sql<{ count: number }>`select count(*) as count from information_schema.innodb_trx t
          join information_schema.processlist p on p.id = t.trx_mysql_thread_id
          where p.db = database() and t.trx_state = 'LOCK WAIT'`;
  const { rows } = await query.execute(read);
  return Number(rows[0]?.count);
}
