import { join } from 'node:path';
import { type BackupMade, backup } from '../src/store/backup.ts';
import { type RestorePlace, restore } from '../src/store/restore.ts';
import { systemRandom } from '../src/store/system-random.ts';
import { seedLedger } from './growth-seed.ts';
import { openBenchStore, systemClock } from './rush-seed.ts';
import { addressOf, makeScratch, type Place } from './scratch.ts';

const timeoutMs = 60_000;
/** The one in the middle counts. */
const rounds = 3;

export interface BackupTimes {
  readonly backupEvents: number;
  readonly backupEventsPerSecond: number;
  readonly restoreEventsPerSecond: number;
  readonly backupBytesPerEvent: number;
  /** Microseconds of this process on all processors. */
  readonly backupProcessorPerEvent: number;
  readonly restoreProcessorPerEvent: number;
}

interface Spent {
  readonly ms: number;
  readonly processorMs: number;
}

/** Backs up a ledger with its people, attempts and records to a file that is read back, and restores it elsewhere. */
export async function measureBackups(
  database: string | undefined,
  wanted: number,
): Promise<BackupTimes> {
  await using source = await makeScratch(database);
  await using opened = await openBenchStore(source.place);
  await seedLedger(opened.store, wanted, () => {});
  await source.settle();
  const { store, installation } = opened;
  const dataFolder = join(source.place.folder, 'data');
  const backups: Spent[] = [];
  const restores: Spent[] = [];
  let made: BackupMade | null = null;
  for (let round = 0; round < rounds; round += 1) {
    const target = join(source.place.folder, `${round}.backup`);
    const make = () => backup({ store, installation, dataFolder, target, actor: 'operator' });
    const [one, spent] = await spend(make);
    if (one.faults.length > 0) throw new Error('the ledger in the backup does not hold');
    made = one;
    backups.push(spent);
    await using there = await makeScratch(database);
    const keysFor = () => join(source.place.folder, 'keys');
    const given = { file: target, keysFor, clock: systemClock, random: systemRandom };
    const [found, took] = await spend(() => restore({ ...given, into: placeOf(there.place) }));
    if (found.events !== one.events) throw new Error('not all events were restored');
    restores.push(took);
  }
  if (!made) throw new Error('nothing was measured');
  const { events, bytes } = made;
  const [backedUp, restored] = [middle(backups), middle(restores)];
  const perSecond = ({ ms }: Spent) => Math.round((events / ms) * 1_000);
  const perEvent = ({ processorMs }: Spent) => Math.round((processorMs / events) * 10_000) / 10;
  return {
    backupEvents: events,
    backupEventsPerSecond: perSecond(backedUp),
    restoreEventsPerSecond: perSecond(restored),
    backupBytesPerEvent: Math.round(bytes / events),
    backupProcessorPerEvent: perEvent(backedUp),
    restoreProcessorPerEvent: perEvent(restored),
  };
}

function placeOf(place: Place): RestorePlace {
  const address = addressOf(place);
  if (address === undefined || address.engine === 'sqlite')
    return { folder: join(place.folder, 'data') };
  return { address, timeoutMs };
}

async function spend<T>(work: () => Promise<T>): Promise<[T, Spent]> {
  const started = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [result, { ms: performance.now() - started, processorMs: (user + system) / 1_000 }];
}

const middle = (times: readonly Spent[]): Spent =>
  times.toSorted((one, other) => one.ms - other.ms)[Math.floor(times.length / 2)] as Spent;
