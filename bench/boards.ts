import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type BoardTimes, measureBoards } from './boards-measure.ts';
import { type Child, startChild, stopChild } from './child.ts';
import { openBenchStore, seedGroup } from './rush-seed.ts';
import { makeScratch, readEngine } from './scratch.ts';

const { values } = parseArgs({
  options: {
    /** A server on which databases may be created; without it the embedded engine, which serves one instance. */
    database: { type: 'string' },
    /** Numbers of instances, one after the other. */
    instances: { type: 'string' },
    boards: { type: 'string', default: '1000,5000' },
    events: { type: 'string', default: '9' },
    /** `redis://...` between instances. */
    bus: { type: 'string' },
  },
});
const numbers = (text: string): number[] => text.split(',').map(Number);
const isEmbedded = readEngine(values.database) === 'sqlite';
const instances = numbers(values.instances ?? (isEmbedded ? '1' : '1,2'));
const boards = numbers(values.boards);
const events = Number(values.events);
if (isEmbedded && Math.max(...instances) > 1)
  throw new Error('Several instances need a database server: name one with --database.');
checkFiles(Math.max(...boards));

/** Milliseconds for so many boards, all of them. */
const aimMs = (count: number): number => (count <= 1_000 ? 100 : 300);
const round1 = (value: number): number => Math.round(value * 10) / 10;

await using scratch = await makeScratch(values.database);
const { place } = scratch;
const opened = await openBenchStore(place);
const { session } = await seedGroup(opened.store, 300, 'AAAA');
await opened[Symbol.asyncDispose]();
console.log(
  `one mark of a session of 300 to all its boards, median of ${events} marks; ${scratch.durability}; ${availableParallelism()} processors for servers, database and boards`,
);
const rows: Record<string, number>[] = [];
for (const count of instances) {
  const servers: Child[] = [];
  try {
    for (let index = 0; index < count; index += 1)
      servers.push(await startChild('rush-server.ts', { place, bus: values.bus ?? null }));
    for (const watching of boards) {
      const times = await measureBoards(servers as [Child, ...Child[]], session, {
        boards: watching,
        events,
      });
      show(count, watching, times);
      rows.push({
        instances: count,
        boards: watching,
        answerMs: round1(times.answerMs),
        boardMs: round1(times.boardMs),
        lastMs: round1(times.lastMs),
        slowestMs: round1(times.slowestMs),
        aimMs: aimMs(watching),
      });
    }
  } finally {
    for (const server of servers) await stopChild(server);
  }
}
console.log(JSON.stringify({ bench: 'boards', engine: scratch.engine, events, rows }));

function show(count: number, watching: number, times: BoardTimes): void {
  const { answerMs, boardMs, lastMs, slowestMs } = times;
  console.log(
    `${count} ${count === 1 ? 'instance ' : 'instances'} ${String(watching).padStart(5)} boards: answered ${answerMs.toFixed(1)} ms, a board ${boardMs.toFixed(1)} ms, the last board ${lastMs.toFixed(1)} ms (slowest mark ${slowestMs.toFixed(1)} ms); aim ${aimMs(watching)} ms: ${lastMs <= aimMs(watching) ? 'reached' : 'not reached'}`,
  );
}

/** Every board is an open file on both sides. */
function checkFiles(count: number): void {
  let limits = '';
  try {
    limits = readFileSync('/proc/self/limits', 'utf8');
  } catch {
    // another system: it says so itself when there are too few
  }
  const allowed = Number(/^Max open files\s+\d+\s+(\d+)/m.exec(limits)?.[1] ?? Infinity);
  if (allowed < count + 500)
    throw new Error(`${count} boards need more open files than ${allowed}: raise it (ulimit -n).`);
}
