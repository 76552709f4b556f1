import { expect } from 'vitest';
import type { Cluster } from './cluster.ts';
import { writeRow } from './fault-row.ts';
import { countLedger, type LedgerCount } from './ledger-count.ts';
import { Rush, type RushReport } from './rush.ts';
import { WatchedBoard } from './watched-board.ts';

/** So many are acknowledged before the fault, and after it. */
const before = 300;
const after = 600;
const perSecond = 200;
const atOnce = 200;

export interface Endured {
  readonly report: RushReport;
  readonly count: LedgerCount;
  readonly board: WatchedBoard;
}

/**
 * Lets a fault happen in the middle of a rush, while a board looks on, and checks what has to hold after every
 * fault: nothing acknowledged is lost or doubled, nobody was told anything but "later", the board has all of it, and
 * the chains verify.
 * @param name as the table has it
 * @param address of the database, past the instances
 * @param happen ends when what was broken has been mended, or is gone for good
 * @param others attempts that were sent beside the rush
 */
export async function endure(
  name: string,
  cluster: Cluster,
  address: () => string,
  happen: (rush: Rush) => Promise<void>,
  others: readonly string[] = [],
): Promise<Endured> {
  const { balancer, certificate, lecture, host, folder } = cluster;
  using board = await WatchedBoard.open(host, lecture.session);
  await using rush = new Rush({
    origin: balancer.origin,
    authority: certificate.authority,
    lecture,
    perSecond,
    atOnce,
  });
  await rush.more(before);
  await happen(rush);
  await rush.more(after);
  const report = await rush.finish();
  const count = await countLedger(folder, address(), lecture, report);
  writeRow({
    fault: name,
    acknowledged: report.acknowledged.length,
    found: count.found,
    lost: count.lost.length,
    doubled: count.doubled.length,
    gapMs: report.gapMs,
  });
  process.stdout.write(
    `${name}: told to come later ${report.refusals.later}, broken ${JSON.stringify(report.refusals.broken)}, connections of the board ${board.connections}\n`,
  );

  expect(report.refusals.odd).toEqual({});
  expect(count).toMatchObject({ lost: [], doubled: [], faults: [] });
  expect(count.strange.filter((attempt) => !others.includes(attempt))).toEqual([]);
  expect(report.acknowledged.length).toBeGreaterThanOrEqual(before + after);
  await expect.poll(() => board.seq, { timeout: 30_000 }).toBeGreaterThanOrEqual(count.seq);
  expect(board.gaps).toBe(0);
  expect(board.present).toEqual(count.present);
  return { report, count, board };
}
