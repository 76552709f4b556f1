import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startChild, stopChild } from './child.ts';
import { type AuditTimes, measureAudit } from './growth-audit.ts';
import { type GrowthTimes, measureDays, measureVerify } from './growth-measure.ts';
import { seedLedger } from './growth-seed.ts';
import { openBenchStore } from './rush-seed.ts';
import { inDatabase, type KeptScratch, makeScratch, openScratch, readEngine } from './scratch.ts';

const { values } = parseArgs({
  options: {
    /** A server on which databases may be created; without it the embedded engine. */
    database: { type: 'string' },
    events: { type: 'string', default: '10000,1000000' },
    /** Ten million events besides: a quarter of an hour to write, and some ten gigabytes. */
    huge: { type: 'boolean', default: false },
    /** Leaves the ledgers for the next run, keys and embedded databases in this folder. */
    keep: { type: 'string' },
    'without-verify': { type: 'boolean', default: false },
  },
});
const { database, keep } = values;
const sizes = [...values.events.split(',').map(Number), ...(values.huge ? [10_000_000] : [])];
const mostTimes = 1.5;

interface Row extends GrowthTimes, AuditTimes {
  readonly events: number;
  readonly verifySecondsPerMillion: number | null;
  readonly bytesPerEvent: number;
}

const rows: Row[] = [];
for (const size of sizes) rows.push(await measure(size));
const [smallest, largest] = [rows[0] as Row, rows.at(-1) as Row];
const times = (pick: (row: Row) => number): number => round(pick(largest) / pick(smallest), 2);
const checkInTimes = times(({ checkInP99Ms }) => checkInP99Ms);
const boardTimes = times(({ boardMs }) => boardMs);
console.log(
  `from ${smallest.events} to ${largest.events} events: check-in p99 x${checkInTimes}, board x${boardTimes}; flat within x${mostTimes}: ${Math.max(checkInTimes, boardTimes) <= mostTimes ? 'yes' : 'no'}`,
);
console.log(
  JSON.stringify({ bench: 'growth', engine: readEngine(database), checkInTimes, boardTimes, rows }),
);

async function measure(size: number): Promise<Row> {
  await using scratch = keep === undefined ? await makeScratch(database) : await keptScratch(size);
  const { place } = scratch;
  await using opened = await openBenchStore(place);
  const { store } = opened;
  const count = async (): Promise<number> => {
    const { heads } = await store.engine.read
      .selectFrom('stream')
      .select(({ fn }) => fn.sum<number>('seq').as('heads'))
      .executeTakeFirstOrThrow();
    return Number(heads);
  };
  if (((await count()) || 0) === 0) await seed(size);
  const events = await count();
  const bytesPerEvent = Math.round((await scratch.size()) / events);
  const audit = await measureAudit(store);
  const server = await startChild('rush-server.ts', { place });
  let days: GrowthTimes;
  try {
    days = await measureDays(server, store);
  } finally {
    await stopChild(server);
  }
  const verify = values['without-verify'] ? null : await measureVerify(store);
  show(events, { ...days, ...audit }, verify, bytesPerEvent);
  return {
    events,
    startMs: Math.round(days.startMs),
    checkInP50Ms: round(days.checkInP50Ms),
    checkInP99Ms: round(days.checkInP99Ms),
    boardMs: round(days.boardMs),
    firstBoardMs: round(days.firstBoardMs),
    registerMs: round(days.registerMs),
    historyMs: round(days.historyMs),
    followSeconds: round(audit.followSeconds),
    auditMs: round(audit.auditMs),
    auditDeepMs: round(audit.auditDeepMs),
    followedMs: round(audit.followedMs),
    verifySecondsPerMillion: verify === null ? null : round(verify),
    bytesPerEvent,
  };

  async function seed(wanted: number): Promise<void> {
    if (rows.length === 0)
      console.log(`${scratch.durability}; ${availableParallelism()} processors`);
    const started = performance.now();
    let told = 0;
    const written = await seedLedger(store, wanted, (done) => {
      const tenth = Math.floor((done / wanted) * 10);
      if (tenth > told && process.stderr.isTTY) process.stderr.write(`${tenth * 10} % `);
      told = tenth;
    });
    await scratch.settle();
    const seconds = (performance.now() - started) / 1_000;
    console.log(`wrote ${written} events in ${seconds.toFixed(1)} s`);
  }
}

function show(
  events: number,
  days: GrowthTimes & AuditTimes,
  verify: number | null,
  bytes: number,
): void {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  console.log(
    `${events} events: check-in p50 ${ms(days.checkInP50Ms)}, p99 ${ms(days.checkInP99Ms)}; board of 300 ${ms(days.boardMs)} (first of a class ${ms(days.firstBoardMs)}); a class's term ${ms(days.registerMs)}; a person's history ${ms(days.historyMs)}; a page of the audit of everything ${ms(days.auditMs)}, far back ${ms(days.auditDeepMs)} (followed in ${days.followSeconds.toFixed(1)} s, nothing new ${ms(days.followedMs)}); verify ${verify === null ? 'left out' : `${verify.toFixed(1)} s`} per million events; ${bytes} bytes per event on disk; start ${ms(days.startMs)}`,
  );
}

/** A ledger that stays; on a database server it is found again by the name that its keys lie beside. */
async function keptScratch(size: number): Promise<KeptScratch & AsyncDisposable> {
  const engine = readEngine(database);
  const folder = join(keep as string, `${engine}-${size}`);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'database');
  const known = await readFile(file, 'utf8').catch(() => `muster_growth_${Date.now()}`);
  await writeFile(file, known);
  const place = {
    folder,
    database: engine === 'sqlite' ? null : inDatabase(database as string, known),
  };
  return { ...(await openScratch(place)), [Symbol.asyncDispose]: async () => {} };
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
