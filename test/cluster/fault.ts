import { expect } from 'vitest';
import { Visitor } from '../visitor.ts';
import type { Cluster } from './cluster.ts';
import { writeRow } from './fault-row.ts';
import type { Instance } from './instance.ts';
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
}

interface Trial {
  /** As the table has it. */
  readonly fault: string;
  readonly cluster: Cluster;
  /** Of the database, past the instances, when all is over. */
  readonly address: string;
  /** Attempts that are sent beside the rush. */
  readonly others?: readonly string[];
  /** Instances whose own boards are watched, besides one through the load balancer. */
  readonly watched?: readonly Instance[];
}

/**
 * Lets a fault happen in the middle of a rush, while boards look on, and checks what has to hold after every fault:
 * nothing acknowledged is lost or doubled, everybody was answered, and with nothing but "later", the boards have all of it, and the
 * chains verify.
 * @param happen ends when what was broken has been mended, or is gone for good
 */
export async function endure(
  { fault, cluster, address, others = [], watched = [] }: Trial,
  happen: (rush: Rush, boards: readonly WatchedBoard[]) => Promise<void>,
): Promise<Endured> {
  const { balancer, certificate, lecture, host, folder } = cluster;
  using boards = new DisposableStack();
  const all: WatchedBoard[] = [];
  for (const visitor of [host, ...watched.map((one) => hostAt(host, one))])
    all.push(boards.use(await WatchedBoard.open(visitor, lecture.session)));
  await using rush = new Rush({
    origin: balancer.origin,
    authority: certificate.authority,
    lecture,
    perSecond,
    atOnce,
  });
  await rush.more(before);
  await happen(rush, all);
  await rush.more(after);
  const report = await rush.finish();
  const count = await countLedger(folder, address, lecture, report);
  writeRow({
    fault,
    acknowledged: report.acknowledged.length,
    found: count.found,
    lost: count.lost.length,
    doubled: count.doubled.length,
    gapMs: report.gapMs,
  });
  const connections = all.map((board) => board.connections);
  process.stdout.write(
    `${fault}: ${JSON.stringify(report.refusals)}, connections of the boards ${connections}\n`,
  );

  expect(report.refusals).toMatchObject({ broken: {}, odd: {} });
  expect(count).toMatchObject({ lost: [], doubled: [], faults: [] });
  expect(count.strange.filter((attempt) => !others.includes(attempt))).toEqual([]);
  expect(report.acknowledged.length).toBeGreaterThanOrEqual(before + after);
  for (const board of all) {
    await expect.poll(() => board.seq, { timeout: 30_000 }).toBe(count.seq);
    expect(board.gaps).toBe(0);
    expect(board.present).toEqual(count.present);
  }
  return { report, count };
}

/** The same host, past the load balancer. */
function hostAt(host: Visitor, instance: Instance): Visitor {
  const direct = new Visitor(instance.origin);
  for (const [name, value] of host.cookies) direct.cookies.set(name, value);
  direct.headers['x-forwarded-proto'] = 'https';
  return direct;
}
