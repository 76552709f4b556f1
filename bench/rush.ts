import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { makeToken, slotAt } from '../src/core/code.ts';
import { measureBoards } from './boards-measure.ts';
import { askUsage, type Child, startChild, stopChild } from './child.ts';
import { getRequest, type Load, postRequest, quantile, sendAll } from './rush-client.ts';
import { measureMixed } from './rush-mixed.ts';
import { countArrivals, type Hall, numberOf, seedHalls } from './rush-seed.ts';
import { makeScratch, readEngine } from './scratch.ts';

const { values } = parseArgs({
  options: {
    /** A server on which databases may be created, such as `postgres://postgres@127.0.0.1/postgres`. */
    database: { type: 'string' },
    /** Server processes over the one database; the client spreads its connections over them. */
    instances: { type: 'string', default: '1' },
    people: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    /** `redis://...` between instances. */
    bus: { type: 'string' },
    /** Folder for processor profiles of the servers, one of each thread. */
    profile: { type: 'string' },
  },
});
const people = Number(values.people);
const rounds = Number(values.rounds);
const instances = Number(values.instances);
if (instances > 1 && readEngine(values.database) === 'sqlite')
  throw new Error('Several instances need a database server: name one with --database.');

/** Opens the code in so many browsers and prepares one check-in for each. */
async function prepare(
  ports: readonly number[],
  { secret, code, prefix }: Hall,
): Promise<string[]> {
  const token = makeToken(secret, code, slotAt(Date.now() as never, 60_000));
  const opened = await sendAll(
    ports,
    Array.from({ length: people }, () => getRequest(`/${token}`)),
    32,
  );
  return opened.responses.map(({ head, body }, index) => {
    const cookie = /set-cookie: ([^;]+)/i.exec(head)?.[1] ?? '';
    const ticket = /"ticket":"([^"]+)"/.exec(body)?.[1] ?? '';
    const attempt = `${ticket.slice(0, 20)}-${String(index).padStart(8, '0')}`;
    return postRequest(
      '/api/check-in',
      JSON.stringify({ attempt, ticket, number: prefix + numberOf(index) }),
      `Cookie: ${cookie}\r\n`,
    );
  });
}

interface Rush {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMs: number;
  readonly rssMb: number;
}

/** Sends the requests; processor time and peak memory are those of all servers together. */
async function rush(
  servers: readonly Child[],
  requests: readonly string[],
  connections: number,
): Promise<Rush> {
  const cpu = async (): Promise<{ cpuMs: number; rssMb: number }> => {
    const each = await Promise.all(servers.map((server) => askUsage(server)));
    return {
      cpuMs: each.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      rssMb: each.reduce((sum, { rssMb }) => sum + rssMb, 0),
    };
  };
  const before = await cpu();
  const load = await sendAll(portsOf(servers), requests, connections);
  const after = await cpu();
  checkAccepted(load);
  return {
    perSecond: (people / load.ms) * 1000,
    p50: quantile(load.latencies, 0.5),
    p99: quantile(load.latencies, 0.99),
    cpuMs: (after.cpuMs - before.cpuMs) / people,
    rssMb: after.rssMb,
  };
}

function checkAccepted({ statuses, responses }: Load): void {
  const accepted = statuses.get(200) ?? 0;
  if (accepted === people) return;
  throw new Error(
    `only ${accepted} of ${people} were accepted: ${JSON.stringify([...statuses])} ${responses.find(({ status }) => status !== 200)?.body}`,
  );
}

const portsOf = (servers: readonly Child[]): number[] => servers.map(({ port }) => port);
const round1 = (value: number): number => Math.round(value * 10) / 10;
const median = (list: Rush[]): Rush =>
  list.toSorted((a, b) => a.perSecond - b.perSecond)[Math.floor(list.length / 2)] as Rush;
const show = (name: string, { perSecond, p50, p99, cpuMs, rssMb }: Rush) =>
  console.log(
    `${name.padEnd(34)} ${perSecond.toFixed(0).padStart(6)}/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  CPU ${cpuMs.toFixed(3)} ms each  peak ${rssMb.toFixed(0)} MB`,
  );

const connectionCounts = [64, 256];
await using scratch = await makeScratch(values.database);
await using bare = await makeScratch(values.database);
const { place } = scratch;
const halls = await seedHalls(place, rounds * connectionCounts.length, people);
await scratch.settle();

const startServers = async (): Promise<Child[]> => {
  const servers: Child[] = [];
  for (let index = 0; index < instances; index += 1) {
    const { bus = null, profile } = values;
    servers.push(await startChild('rush-server.ts', { place, bus, profile }));
  }
  return servers;
};
let servers = await startServers();
const reference = await startChild('rush-reference.ts', { place: bare.place });
const own = new Map<number, Rush[]>();
const bareOnes = new Map<number, Rush[]>();
const left = [...halls];
for (let round = 0; round < rounds; round += 1) {
  for (const connections of connectionCounts) {
    const requests = await prepare(portsOf(servers), left.shift() as Hall);
    const list = own.get(connections) ?? [];
    own.set(connections, [...list, await rush(servers, requests, connections)]);
    const others = bareOnes.get(connections) ?? [];
    bareOnes.set(connections, [...others, await rush([reference], requests, connections)]);
  }
}
await stopChild(reference);
console.log(
  `${people} enrolled people, one check-in each over HTTP, ${instances} ${instances === 1 ? 'instance' : 'instances'}; ${scratch.durability}; median of ${rounds} rounds; ${availableParallelism()} processors for servers, database and client`,
);
for (const connections of connectionCounts) {
  show(`Muster, ${connections} connections`, median(own.get(connections) as Rush[]));
  show(`reference, ${connections} connections`, median(bareOnes.get(connections) as Rush[]));
}

let boards1000Ms = 0;
let mixed = {};
if (!values.quick) {
  const [hall] = halls as [Hall, ...Hall[]];
  const boards = { boards: 1_000, events: 5 };
  const times = await measureBoards(servers as [Child, ...Child[]], hall.session, boards);
  boards1000Ms = times.lastMs;
  console.log(
    `one event to 1000 watching boards: a board ${times.boardMs.toFixed(1)} ms, the last board p50 ${times.lastMs.toFixed(1)} ms, max ${times.slowestMs.toFixed(1)} ms over ${boards.events} events`,
  );
  mixed = await measureMixed(servers[0] as Child);
}
for (const server of servers) await stopChild(server);

servers = await startServers();
const [first] = servers as [Child, ...Child[]];
const firstAnswer = performance.now();
await sendAll([first.port], [getRequest('/in')], 1);
const startMs = first.readyMs + (performance.now() - firstAnswer);
for (const server of servers) await stopChild(server);

const { lost, doubled } = await countArrivals(place, halls, people);
const best = median(own.get(64) as Rush[]);
const bareBest = median(bareOnes.get(64) as Rush[]);
const ratio = best.perSecond / bareBest.perSecond;
console.log(
  `ratio to the reference at 64 connections: ${ratio.toFixed(2)}; lost ${lost}, doubled ${doubled} after a restart; start to first answer ${startMs.toFixed(0)} ms`,
);
console.log(
  JSON.stringify({
    bench: 'rush',
    engine: scratch.engine,
    instances,
    perSecond: Math.round(best.perSecond),
    p50Ms: round1(best.p50),
    p99Ms: round1(best.p99),
    cpuMsPerCheckIn: Number(best.cpuMs.toFixed(3)),
    rssMb: Math.round(best.rssMb),
    referencePerSecond: Math.round(bareBest.perSecond),
    ratio: Number(ratio.toFixed(2)),
    lost,
    doubled,
    startMs: Math.round(startMs),
    boards1000Ms: round1(boards1000Ms),
    ...mixed,
  }),
);
