import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Arrival, enrolledComer, guestComer } from './arrival.ts';
import {
  type AnswerCall,
  type LoggedCommit,
  listAnswers,
  listCommits,
  listEarlyAnswers,
} from './durability.ts';
import { type Hall, openHall } from './hall.ts';
import { listCheckIns } from './ledger-audit.ts';
import { isLinux } from './linux-only.ts';
import { ServerProcess } from './server-process.ts';
import { parseTrace, readTrace, type Syscall, traceTo } from './syscall-trace.ts';
import { noon } from './ticking-clock.ts';

/** So many phones send at once, wave after wave; the last ones come one by one. */
const waves = [6, 6, 6, 6, 1, 1, 1, 1];
const phones = waves.reduce((sum, size) => sum + size, 0);

let hall: Hall;

interface Watched {
  readonly calls: readonly Syscall[];
  readonly answers: readonly AnswerCall[];
  readonly commits: readonly LoggedCommit[];
  /** Attempt -> place of its transaction, by the one time that a transaction gives all its events. */
  readonly batchOf: ReadonlyMap<string, number>;
  readonly batches: number;
  readonly attempts: readonly string[];
}

/** Lets everybody check in at a server whose system calls are written down. */
async function watch(synchronous: 'FULL' | 'OFF'): Promise<Watched> {
  const file = join(hall.folder, `trace-${synchronous}`);
  const options = { ...hall.options, dayFolder: null, synchronous };
  const attempts: string[] = [];
  {
    await using server = await ServerProcess.start(options, traceTo(file));
    let index = 0;
    for (const size of waves) {
      const arrivals = await Promise.all(
        Array.from({ length: size }, () => {
          const comer =
            index % 2 === 0 ? enrolledComer(hall.lecture, index) : guestComer(hall.roll, index);
          index += 1;
          return Arrival.scan(server.origin, comer, noon);
        }),
      );
      for (const reply of await Promise.all(arrivals.map((one) => one.send(server.origin)))) {
        expect(reply.status).toBe(200);
        attempts.push(reply.value.attempt);
      }
    }
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  }
  await using opened = await hall.open();
  const sessions = [hall.lecture.session, hall.roll.session];
  const checkIns = await listCheckIns(opened.store, sessions);
  const times = [...new Set(checkIns.map(({ event }) => event.receivedAt))].sort((a, b) => a - b);
  const batchOf = new Map(
    checkIns.map(({ attempt, event }) => [attempt, times.indexOf(event.receivedAt)]),
  );
  const calls = await readTrace(file);
  const ready = calls.find(({ text }) => text.includes('\\"ready\\":true'))?.begin;
  if (ready === undefined) throw new Error('the trace does not show the start');
  const served = calls.filter(({ begin }) => begin > ready);
  return {
    calls: served,
    answers: listAnswers(served),
    commits: listCommits(served),
    batchOf,
    batches: times.length,
    attempts,
  };
}

describe('what leaves the server', () => {
  beforeEach(async () => {
    hall = await openHall(phones);
  });
  afterEach(() => hall[Symbol.asyncDispose]());

  test('is durable: no answer goes out before the sync of its own batch has come back', async () => {
    if (!isLinux('That no answer leaves before its sync')) return;
    const { answers, commits, batchOf, batches, attempts } = await watch('FULL');
    expect(answers.map(({ attempt }) => attempt).sort()).toEqual([...attempts].sort());
    expect(commits, 'one sync for each transaction').toHaveLength(batches);
    expect(listEarlyAnswers(answers, commits, batchOf)).toEqual([]);
  });

  test('would be seen to be early with synchronous switched off', async () => {
    if (!isLinux('That a missing sync is seen')) return;
    const { calls, answers, commits, batchOf } = await watch('OFF');
    expect(answers).toHaveLength(phones);
    expect(commits.flatMap(({ writes }) => writes).length).toBeGreaterThan(0);
    expect(calls.filter(({ name, target }) => /sync/.test(name) && /wal$/.test(target))).toEqual(
      [],
    );
    expect(listEarlyAnswers(answers, commits, batchOf)).toHaveLength(phones);
  });
});

describe('listEarlyAnswers', () => {
  const wal = '9</data/muster.db-wal>';
  const socket = '20<TCP:[127.0.0.1:80->127.0.0.1:5000]>';
  const sent = (attempt: string) =>
    `1 1.0 write(${socket}, "HTTP/1.1 200 OK\\r\\n\\r\\n{\\"attempt\\":\\"${attempt}\\"}", 60) = 60`;
  const first = 'attempt-number-0001';
  const second = 'attempt-number-0002';
  const head = [`2 1.0 pwrite64(${wal}, "head", 32, 0) = 32`, `2 1.0 fdatasync(${wal}) = 0`];
  const page = `2 1.0 pwrite64(${wal}, "page", 4096, 56) = 4096`;
  const synced = `2 1.0 fdatasync(${wal}) = 0`;
  const judge = (...lines: string[]) => {
    const calls = parseTrace(lines.join('\n'));
    const batchOf = new Map([first, second].map((attempt, index) => [attempt, index]));
    return listEarlyAnswers(listAnswers(calls), listCommits(calls), batchOf);
  };

  test('takes an answer after its own sync, also where the next batch is in the log', () => {
    expect(judge(...head, page, synced, sent(first), page, synced, sent(second))).toEqual([]);
    expect(judge(...head, page, synced, page, sent(first), synced, sent(second))).toEqual([]);
  });

  test.each([
    [
      'before the sync ends',
      [
        page,
        `2 1.0 fdatasync(${wal} <unfinished ...>`,
        sent(first),
        '2 1.0 <... fdatasync resumed>) = 0',
      ],
    ],
    [
      'after a sync that failed',
      [page, `2 1.0 fdatasync(${wal}) = -1 EIO (Input/output error)`, sent(first)],
    ],
    ['without a sync', [page, sent(first)]],
    ['after the sync of the log head alone', [...head, page, sent(first)]],
    ['before anything was written', [sent(first), page, synced]],
    ['after the sync of the batch before', [page, synced, sent(first), page, sent(second), synced]],
    [
      'after a sync that began too early',
      [
        `3 1.0 pwrite64(${wal}, "page", 4096, 56 <unfinished ...>`,
        synced,
        '3 1.0 <... pwrite64 resumed>) = 4096',
        sent(first),
      ],
    ],
  ])('names an answer %s', (_, lines) => {
    expect(judge(...lines)).toHaveLength(1);
  });
});
