import type { Clock, Random } from '../core/clock.ts';
import type { Engine } from './engine.ts';
import { takeKeys } from './key-claim.ts';
import { copyTable, type MoveStep, sumTable } from './move-copy.ts';
import type { TableSum } from './move-digest.ts';
import { MoveError } from './move-error.ts';
import type { MoveSource } from './move-source.ts';
import { type MovedTable, movedTables } from './move-table.ts';
import type { MoveTarget } from './move-target.ts';
import { countRows } from './move-walk.ts';
import { openOrganisation } from './organisation.ts';
import { finish, type VerifyProgress, type VerifyReport, verifyLedger } from './verify.ts';

export interface MoveReport {
  /** Rows of each table that was moved. */
  readonly tables: Readonly<Record<string, number>>;
  readonly rows: number;
  /** Rows that an earlier move, which was stopped, had brought over. */
  readonly before: number;
  /** What a walk through the ledger found in the target; its faults are the source's, for the rows are the same. */
  readonly ledger: VerifyReport;
}

/**
 * Copies all data of an installation into another database. What an earlier move brought over is left as it is.
 * Complete is the target only when every row of every table has come back from it as it is in the source, and no
 * stream of the source has grown meanwhile. The keys stay where they are, and are the target's from then on.
 * @param chainsOnly at the end walks the chains only, not sealed data and records
 * @throws MoveError; the same move goes on later then
 */
export async function move({
  source,
  target,
  clock,
  random,
  chainsOnly = false,
  tell = () => {},
}: {
  source: MoveSource;
  target: MoveTarget;
  clock: Clock;
  random: Random;
  chainsOnly?: boolean;
  tell?: (step: MoveStep | VerifyProgress) => void;
}): Promise<MoveReport> {
  try {
    return await target.engine.alone(async () => {
      await target.begin();
      const { sums, before } = await copyAll(source, target, tell);
      await compareAll(source, target, sums, tell);
      const { keys, master } = source.installation;
      const place = { zone: 'UTC', dayFiles: false, wake: () => {} };
      const { engine } = target;
      const store = await openOrganisation({ engine, keys, master, clock, random, ...place });
      const ledger = await finish(verifyLedger(store, { chainsOnly }), tell);
      await target.finish(clock.now());
      await takeKeys(store, target.where);
      const tables = Object.fromEntries([...sums].map(([table, { rows }]) => [table, rows]));
      return { tables, rows: total(sums), before, ledger };
    });
  } catch (error) {
    throw explain(error, source, target);
  }
}

async function copyAll(
  source: MoveSource,
  target: MoveTarget,
  tell: (step: MoveStep) => void,
): Promise<{ sums: Map<MovedTable, TableSum>; before: number }> {
  const standing = new Map<MovedTable, number>();
  let ofRows = 0;
  let before = 0;
  for (const table of movedTables) {
    const there = await countRows(target.engine.read, table);
    standing.set(table, there);
    before += there;
    ofRows += await countRows(source.engine.read, table);
  }
  await checkOrganisation(source, target);
  const sums = new Map<MovedTable, TableSum>();
  let rows = 0;
  for (const table of movedTables) {
    const sum = await copyTable(
      source.engine,
      target.engine,
      table,
      standing.get(table) ?? 0,
      (page) => {
        rows += page;
        tell({ doing: 'copy', rows, ofRows });
      },
    );
    sums.set(table, sum);
  }
  return { sums, before };
}

/** What an earlier move left must be of the same data. */
async function checkOrganisation(source: MoveSource, target: MoveTarget): Promise<void> {
  const of = async ({ read }: Pick<Engine, 'read'>) => {
    const rows = await read.selectFrom('organisation').select('organisation').execute();
    return rows.map(({ organisation }) => organisation);
  };
  const mine = new Set(await of(source.engine));
  if (mine.size === 0) {
    throw new MoveError(`There is no organisation in ${source.where}: nothing is to be moved.`);
  }
  if ((await of(target.engine)).every((organisation) => mine.has(organisation))) return;
  throw new MoveError(
    `A move of other data into ${target.where} is not finished. Choose an empty database or a new folder; nothing was changed.`,
  );
}

async function compareAll(
  source: MoveSource,
  target: MoveTarget,
  sums: ReadonlyMap<MovedTable, TableSum>,
  tell: (step: MoveStep) => void,
): Promise<void> {
  const ofRows = total(sums);
  let rows = 0;
  for (const [table, sum] of sums) {
    const found = await sumTable(target.engine, table, (page) => {
      rows += page;
      tell({ doing: 'compare', rows, ofRows });
    });
    if (found.rows === sum.rows && found.sha256 === sum.sha256) continue;
    throw new MoveError(
      `What is in ${target.where} is not what is in ${source.where} (${table}: ${found.rows} of ${sum.rows} rows, or other ones): the source was used since the move began, or something else writes to the target. Empty the target and move again.`,
    );
  }
  const now = await sumTable(source.engine, 'stream');
  if (now.sha256 === sums.get('stream')?.sha256) return;
  throw new MoveError(
    `${source.where} was used while it was being moved. Stop every server on it, empty ${target.where} and move again.`,
  );
}

const total = (sums: ReadonlyMap<MovedTable, TableSum>): number =>
  [...sums.values()].reduce((all, { rows }) => all + rows, 0);

function explain(error: unknown, source: MoveSource, target: MoveTarget): unknown {
  const goesOn = 'The same muster move goes on where this one stopped.';
  if (target.engine.isDiskFull(error)) {
    return new MoveError(`The disk of ${target.where} is full. Make room. ${goesOn}`);
  }
  if (target.engine.isAway(error)) {
    return new MoveError(`${target.where} does not answer any more. ${goesOn}`);
  }
  if (source.engine.isAway(error)) {
    return new MoveError(`${source.where} does not answer any more. ${goesOn}`);
  }
  return error;
}
