import type { GroupId, PersonId, SessionId } from '../src/core/brand.ts';
import type { Board } from '../src/core/session.wire.ts';
import { loadPersonHistory } from '../src/store/history.ts';
import type { Store } from '../src/store/store.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { askOperator } from './boards-measure.ts';
import type { Child } from './child.ts';
import { classSize } from './growth-seed.ts';
import { quantile } from './rush-client.ts';
import { prepareCheckIns, sendSteadily } from './steady.ts';

const perSecond = 200;
const openSessions = 5;
const boardSessions = 20;
const rounds = 3;

export interface GrowthTimes {
  /** From the server's first line of code to its readiness. */
  readonly startMs: number;
  /** Of a steady stream of check-ins, the round in the middle; the same below. */
  readonly checkInP50Ms: number;
  readonly checkInP99Ms: number;
  /** A board of 300 whose names the server knows. */
  readonly boardMs: number;
  /** The first opening of a class, names and keys unopened. */
  readonly firstBoardMs: number;
  readonly registerMs: number;
  readonly historyMs: number;
}

/** What people do every day, through a server over a ledger that has grown. */
export async function measureDays(server: Child, store: Store): Promise<GrowthTimes> {
  const sessions = await pickSessions(store);
  const ask = (path: string, body?: unknown) => askOperator(server, path, body);
  const first: number[] = [];
  const boards: number[] = [];
  const seen = new Set<GroupId>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { session, group } of sessions) {
      const ms = await time(() => ask(`/api/sessions/${session}`), checkBoard);
      (seen.has(group) ? boards : first).push(ms);
      seen.add(group);
    }
  }
  const groups = [...seen].slice(0, openSessions);
  const registers: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    for (const group of groups)
      registers.push(await time(() => ask(`/api/groups/${group}/register`)));
  const histories: number[] = [];
  const people = await pickPeople(store, groups);
  for (const person of people) histories.push(await time(() => loadPersonHistory(store, [person])));
  const arrivals: Float64Array[] = [];
  for (let round = 0; round < rounds; round += 1) arrivals.push(await checkIn(server, groups));
  return {
    startMs: server.readyMs,
    checkInP50Ms: middle(arrivals.map((took) => quantile(took, 0.5))),
    checkInP99Ms: middle(arrivals.map((took) => quantile(took, 0.99))),
    boardMs: middle(boards),
    firstBoardMs: middle(first),
    registerMs: middle(registers),
    historyMs: middle(histories),
  };
}

const middle = (list: readonly number[]): number => quantile(Float64Array.from(list), 0.5);

async function time<T>(
  work: () => Promise<T>,
  check: (value: T) => void = () => {},
): Promise<number> {
  const started = performance.now();
  const value = await work();
  const ms = performance.now() - started;
  check(value);
  return ms;
}

function checkBoard(board: unknown): void {
  const { people } = board as Board;
  if (people.length !== classSize) throw new Error(`a board of ${people.length}`);
}

/** Ended sessions of different classes, spread over the whole term. */
async function pickSessions(store: Store): Promise<{ session: SessionId; group: GroupId }[]> {
  const rows = await store.engine.read
    .selectFrom('session')
    .select(['session', 'group'])
    .where('organisation', '=', store.organisation)
    .where('state', '=', 'closed')
    .orderBy('session')
    .execute();
  const step = rows.length / boardSessions;
  return Array.from({ length: boardSessions }, (_, index) => {
    // one more each time, so that the picks do not all fall on one class
    const { session, group } = rows[Math.floor(index * step + (index % Math.max(1, step)))] ?? {};
    return { session: session as SessionId, group: group as GroupId };
  });
}

async function pickPeople(store: Store, groups: readonly GroupId[]): Promise<PersonId[]> {
  const rows = await store.engine.read
    .selectFrom('enrolment')
    .select('person')
    .where('organisation', '=', store.organisation)
    .where('group', 'in', groups)
    .orderBy('person')
    .execute();
  const step = Math.floor(rows.length / openSessions);
  return Array.from({ length: openSessions }, (_, index) => rows[index * step]?.person as PersonId);
}

/** A steady stream into new sessions of these classes, in which everybody checks in. */
async function checkIn(server: Child, groups: readonly GroupId[]): Promise<Float64Array> {
  const settings = { stepMs: 60_000, codeGraceMs: 60_000, rosterRule: 'closed' };
  const sessions: string[] = [];
  const lists: string[][] = [];
  for (let index = 0; index < openSessions; index += 1) {
    const group = groups[index % groups.length];
    const { id } = (await askOperator(server, '/api/sessions', { group, settings })) as {
      id: string;
    };
    const { people } = (await askOperator(server, `/api/sessions/${id}`)) as Board;
    const numbers = people.map(({ number }) => number);
    sessions.push(id);
    lists.push(await prepareCheckIns(server, id, numbers));
  }
  // the classes come at the same hour, not one after the other
  const requests = Array.from({ length: classSize }, (_, person) =>
    lists.map((list) => list[person] as string),
  ).flat();
  const started = performance.now() + 50;
  const { tookMs } = await sendSteadily(server.port, requests, { started, perSecond });
  for (const id of sessions) await askOperator(server, `/api/sessions/${id}/close`, {});
  return tookMs;
}

/** Seconds that checking the whole ledger takes, for a million events. */
export async function measureVerify(store: Store): Promise<number> {
  const started = performance.now();
  const report = await finish(verifyLedger(store));
  const seconds = (performance.now() - started) / 1_000;
  if (!report.ok)
    throw new Error(`the ledger does not verify: ${JSON.stringify(report.faults[0])}`);
  return (seconds / report.events) * 1e6;
}
