import { listCheckIns, listFaults } from '../crash/ledger-audit.ts';
import { type Lecture, openClusterStore } from './lecture.ts';
import type { RushReport } from './rush.ts';

/** What the ledger holds of a rush, after a fault. */
export interface LedgerCount {
  /** Acknowledged attempts that the ledger has, with the hash that the receipt told. */
  readonly found: number;
  /** Acknowledged attempts that it has not. */
  readonly lost: readonly string[];
  /** Attempts with two check-ins, and people with two. */
  readonly doubled: readonly string[];
  /** Check-ins of attempts that nobody sent. */
  readonly strange: readonly string[];
  /** What is wrong with chains, payloads and records. */
  readonly faults: readonly unknown[];
  /** Numbers of all who have come, in order. */
  readonly present: readonly string[];
  /** The session's last sequence. */
  readonly seq: number;
}

/** Opens every check-in of the session with its person's key, and verifies every chain. */
export async function countLedger(
  folder: string,
  address: string,
  { session }: Lecture,
  report: RushReport,
): Promise<LedgerCount> {
  await using opened = await openClusterStore(folder, address);
  const { store } = opened;
  const checkIns = await listCheckIns(store, [session]);
  const byAttempt = Map.groupBy(checkIns, ({ attempt }) => attempt);
  const byPerson = Map.groupBy(checkIns, ({ event }) => event.subject ?? '');
  const lost = report.acknowledged.filter(
    ({ attempt, number, proof }) =>
      !byAttempt
        .get(attempt)
        ?.some((one) => one.number === number && one.event.hash.startsWith(proof)),
  );
  const twice = <T>(groups: Map<string, T[]>) =>
    [...groups].filter(([, found]) => found.length > 1).map(([key]) => key);
  const sent = new Set(report.sent);
  return {
    found: report.acknowledged.length - lost.length,
    lost: lost.map(({ attempt }) => attempt),
    doubled: [...new Set([...twice(byAttempt), ...twice(byPerson)])],
    strange: [...byAttempt.keys()].filter((attempt) => !sent.has(attempt)),
    faults: await listFaults(store),
    present: checkIns
      .filter(({ record }) => record?.status === 'present')
      .map(({ number }) => number)
      .sort(),
    seq: Math.max(0, ...checkIns.map(({ event }) => event.seq)),
  };
}
