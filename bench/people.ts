import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { round1 } from './beside.ts';
import { measureBackups } from './people-backup.ts';
import { measureSeal } from './people-seal.ts';
import { measurePeople } from './people-search.ts';
import { measureSignIns } from './people-sign-in.ts';
import { readEngine } from './scratch.ts';

const { values } = parseArgs({
  options: {
    /** A server on which databases may be created; without it the embedded engine. */
    database: { type: 'string' },
    people: { type: 'string', default: '50000' },
    /** Of the ledger that is backed up and restored; a million takes minutes. */
    events: { type: 'string', default: '100000' },
    /** Only these parts, with commas between. */
    only: { type: 'string' },
  },
});
const { database } = values;
const count = Number(values.people);

/** What each part is reached with, in the order of a run. */
const aims: Readonly<Record<string, number>> = {
  importMs: 15_000,
  searchP99Ms: 200,
  signInAllMs: 6_000,
  checkInP99Ms: 150,
};

/** Events a second, or more. */
const backupAim = 50_000;

/** Parts in their order; each tells about itself and gives its numbers for the last line. */
const parts: Readonly<Record<string, () => Promise<Record<string, number>>>> = {
  async seal() {
    const times = await measureSeal(database);
    const { sealPerSecond, sealReferencePerSecond } = times;
    console.log(
      `sealed and opened: ${sealPerSecond}/s, ${ratio(sealPerSecond, sealReferencePerSecond)} of bare AES-256-GCM (${sealReferencePerSecond}/s)`,
    );
    return { ...times };
  },
  async people() {
    const times = await measurePeople(database, count);
    console.log(
      `${count} people: imported in ${times.importMs} ms, ${ratio(times.importMs, times.importReferenceMs)} times ${count} bare rows (${times.importReferenceMs} ms); check-ins meanwhile p99 ${times.importCheckInP99Ms} ms, before ${times.aloneCheckInP99Ms} ms`,
    );
    console.log(
      `started with them: first answer after ${times.startMs} ms, first search complete after ${times.firstSearchMs} ms, check-ins meanwhile p99 ${times.firstSearchCheckInP99Ms} ms; ${times.indexBytesPerPerson} bytes of memory each`,
    );
    console.log(
      `search: p99 ${times.searchP99Ms} ms, ${ratio(times.searchP99Ms, times.searchReferenceP99Ms)} times a plain scan in memory (${times.searchReferenceP99Ms} ms); check-ins meanwhile p99 ${times.searchCheckInP99Ms} ms`,
    );
    return { ...times };
  },
  async 'sign-ins'() {
    const times = await measureSignIns(database);
    console.log(
      `300 sign-ins at once: all in ${times.signInAllMs} ms, ${ratio(times.signInAllMs, times.signInReferenceMs)} times 300 bare hashes (${times.signInReferenceMs} ms); check-ins meanwhile p99 ${times.checkInP99Ms} ms, before ${times.checkInAloneP99Ms} ms`,
    );
    return { ...times };
  },
  async backups() {
    const times = await measureBackups(database, Number(values.events));
    const { backupEvents, backupEventsPerSecond, restoreEventsPerSecond } = times;
    const isReached = backupEventsPerSecond >= backupAim ? 'reached' : 'not reached';
    console.log(
      `${backupEvents} events backed up and checked, ${backupEventsPerSecond}/s (aim ${backupAim}: ${isReached}), restored ${restoreEventsPerSecond}/s; ${times.backupBytesPerEvent} bytes each; processor time of each ${times.backupProcessorPerEvent} and ${times.restoreProcessorPerEvent} microseconds`,
    );
    return { ...times };
  },
};

const load = round1(loadavg()[0] ?? 0);
console.log(
  `${availableParallelism()} processors, which the database and the client share; load before the run ${load}`,
);
const wanted = values.only?.split(',') ?? Object.keys(parts);
let numbers: Record<string, number> = {};
for (const name of wanted) {
  const part = parts[name];
  if (!part) throw new Error(`there is no part ${name}: ${Object.keys(parts).join(', ')}`);
  numbers = { ...numbers, ...(await part()) };
}
for (const [name, aim] of Object.entries(aims)) {
  const value = numbers[name];
  if (value === undefined) continue;
  console.log(`${name} ${value}, aim ${aim}: ${value <= aim ? 'reached' : 'not reached'}`);
}
console.log(
  JSON.stringify({
    bench: 'people',
    engine: readEngine(database),
    people: count,
    load,
    ...numbers,
  }),
);

function ratio(value: number, reference: number): number {
  return Math.round((value / reference) * 100) / 100;
}
