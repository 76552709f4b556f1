import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { SessionId } from '../src/core/brand.ts';
import { makeToken, slotAt } from '../src/core/code.ts';
import { measureBoards } from './rush-boards.ts';
import { getRequest, type Load, postRequest, quantile, sendAll } from './rush-client.ts';
import { measureMixed } from './rush-mixed.ts';
import { numberOf, openBenchStore, seedGroup } from './rush-seed.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    /** Folder for processor profiles of the server, one of each thread. */
    profile: { type: 'string' },
  },
});
const people = Number(values.people);
const rounds = Number(values.rounds);

export interface Child {
  readonly process: ChildProcess;
  readonly port: number;
  readonly token: string;
  readonly readyMs: number;
}

async function startChild(script: string, folder: string): Promise<Child> {
  const profile =
    values.profile !== undefined && script === 'rush-server.ts'
      ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`]
      : [];
  const child = fork(join(import.meta.dirname, script), [folder], {
    // the heap as `npm start` sets it
    execArgv: ['--max-semi-space-size=8', ...profile],
  });
  const [ready] = (await once(child, 'message')) as [
    { port: number; token: string; readyMs: number },
  ];
  return { process: child, ...ready };
}

async function ask(child: Child): Promise<{ cpuMs: number; rssMb: number }> {
  child.process.send('usage');
  const [{ usage, peakKb }] = (await once(child.process, 'message')) as [
    { usage: NodeJS.CpuUsage; peakKb: number },
  ];
  return { cpuMs: (usage.user + usage.system) / 1000, rssMb: peakKb / 2 ** 10 };
}

async function stop(child: Child): Promise<void> {
  child.process.send('stop');
  await once(child.process, 'exit');
}

/** Opens the code in so many browsers and prepares one check-in for each. */
async function prepare(child: Child, token: string, prefix: string): Promise<string[]> {
  const opened = await sendAll(
    child.port,
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

function summarise(load: Load, cpuMs: number, rssMb: number): Rush {
  const accepted = load.statuses.get(200) ?? 0;
  if (accepted !== people)
    throw new Error(
      `only ${accepted} of ${people} were accepted: ${JSON.stringify([...load.statuses])} ${load.responses.find(({ status }) => status !== 200)?.body}`,
    );
  return {
    perSecond: (people / load.ms) * 1000,
    p50: quantile(load.latencies, 0.5),
    p99: quantile(load.latencies, 0.99),
    cpuMs: cpuMs / people,
    rssMb,
  };
}

const median = (list: Rush[]): Rush =>
  list.sort((a, b) => a.perSecond - b.perSecond)[Math.floor(list.length / 2)] as Rush;
const show = (name: string, rush: Rush) =>
  console.log(
    `${name.padEnd(34)} ${rush.perSecond.toFixed(0).padStart(6)}/s  p50 ${rush.p50.toFixed(1)} ms  p99 ${rush.p99.toFixed(1)} ms  CPU ${rush.cpuMs.toFixed(3)} ms each  peak ${rush.rssMb.toFixed(0)} MB`,
  );

const folder = await mkdtemp(join(tmpdir(), 'muster-rush-'));
try {
  const connectionCounts = [64, 256];
  const codes = ['AAAA', 'BBBB', 'CCCC', 'DDDD', 'EEEE', 'FFFF', 'GGGG', 'HHHH'];
  const sessions: { session: SessionId; code: string; prefix: string; secret: Uint8Array }[] = [];
  {
    await using opened = await openBenchStore(folder);
    for (let index = 0; index < rounds * connectionCounts.length; index += 1) {
      const code = codes[index] as string;
      const prefix = `${code}-`;
      const { session } = await seedGroup(opened.store, people, code, prefix);
      sessions.push({
        session,
        code,
        prefix,
        secret: new Uint8Array(opened.store.vault.codeSecret(session, 1)),
      });
    }
  }

  const results = new Map<string, Rush[]>();
  let server = await startChild('rush-server.ts', folder);
  const reference = await startChild('rush-reference.ts', folder);
  let turn = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const connections of connectionCounts) {
      const { code, prefix, secret } = sessions[turn] as (typeof sessions)[number];
      turn += 1;
      const token = makeToken(secret, code, slotAt(Date.now() as never, 60_000));
      const requests = await prepare(server, token, prefix);
      const before = await ask(server);
      const load = await sendAll(server.port, requests, connections);
      const after = await ask(server);
      results.set(`muster/${connections}`, [
        ...(results.get(`muster/${connections}`) ?? []),
        summarise(load, after.cpuMs - before.cpuMs, after.rssMb),
      ]);

      const refBefore = await ask(reference);
      const refLoad = await sendAll(reference.port, requests, connections);
      const refAfter = await ask(reference);
      results.set(`reference/${connections}`, [
        ...(results.get(`reference/${connections}`) ?? []),
        summarise(refLoad, refAfter.cpuMs - refBefore.cpuMs, refAfter.rssMb),
      ]);
    }
  }
  await stop(reference).catch(() => {});
  const best = new Map([...results].map(([name, list]) => [name, median(list)]));
  console.log(
    `${people} enrolled people, one check-in each over HTTP, encrypted, synchronous=FULL; median of ${rounds} rounds`,
  );
  for (const connections of connectionCounts) {
    show(`Muster, ${connections} connections`, best.get(`muster/${connections}`) as Rush);
    show(`reference, ${connections} connections`, best.get(`reference/${connections}`) as Rush);
  }

  const boards1000Ms = values.quick
    ? 0
    : await measureBoards(server, sessions[0]?.session as SessionId);
  const mixed = values.quick ? null : await measureMixed(server, folder);
  await stop(server);

  server = await startChild('rush-server.ts', folder);
  const firstAnswer = performance.now();
  await sendAll(server.port, [getRequest('/in')], 1);
  const startMs = server.readyMs + (performance.now() - firstAnswer);
  await stop(server);

  let lost = 0;
  let doubled = 0;
  {
    await using opened = await openBenchStore(folder);
    for (const { session } of sessions) {
      const rows = await opened.store.engine.read
        .selectFrom('event')
        .select(({ fn }) => ['subject', fn.countAll<number>().as('count')])
        .where('stream', '=', `session:${session}`)
        .where('type', '=', 'check-in')
        .groupBy('subject')
        .execute();
      lost += people - rows.length;
      doubled += rows.filter(({ count }) => count > 1).length;
    }
  }
  const muster = best.get('muster/64') as Rush;
  const bare = best.get('reference/64') as Rush;
  const ratio = muster.perSecond / bare.perSecond;
  console.log(
    `ratio to the reference at 64 connections: ${ratio.toFixed(2)}; lost ${lost}, doubled ${doubled} after a restart; start to first answer ${startMs.toFixed(0)} ms`,
  );
  console.log(
    JSON.stringify({
      bench: 'rush',
      engine: 'sqlite',
      perSecond: Math.round(muster.perSecond),
      p50Ms: round1(muster.p50),
      p99Ms: round1(muster.p99),
      cpuMsPerCheckIn: Number(muster.cpuMs.toFixed(3)),
      rssMb: Math.round(muster.rssMb),
      referencePerSecond: Math.round(bare.perSecond),
      ratio: Number(ratio.toFixed(2)),
      lost,
      doubled,
      startMs: Math.round(startMs),
      boards1000Ms: round1(boards1000Ms),
      ...(mixed ?? {}),
    }),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}
