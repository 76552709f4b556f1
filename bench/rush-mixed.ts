import { setTimeout as sleep } from 'node:timers/promises';
import type { Board } from '../src/core/session.wire.ts';
import { askOperator } from './boards-measure.ts';
import type { Child } from './child.ts';
import { quantile } from './rush-client.ts';
import { prepareCheckIns, sendSteadily } from './steady.ts';

const perSecond = 500;
const seconds = 8;
const importAfterMs = 1_500;
/** While the list is still being brought in. */
const closeAfterMs = 2_000;
const imported = 10_000;
const closing = 300;

/**
 * A steady stream of check-ins by enrolled people, each sent when it is due and not when the one before was answered;
 * in the midst of it a list of 10,000 people is brought in, and a session with 300 of another group is closed.
 */
export async function measureMixed(server: Child): Promise<Record<string, number>> {
  const count = perSecond * seconds;
  const session = await openSession(server, 'Steady', 'M', count);
  const other = await openSession(server, 'Other', 'O', closing);
  const { id: group } = (await askOperator(server, '/api/groups', { name: 'Imported' })) as Made;
  const numbers = Array.from({ length: count }, (_, index) => numberOf('M', index));
  const requests = await prepareCheckIns(server, session, numbers);

  const started = performance.now() + 50;
  const [{ due, tookMs }, roster, close] = await Promise.all([
    sendSteadily(server.port, requests, { started, perSecond }),
    timed(started + importAfterMs, () =>
      askOperator(server, `/api/groups/${group}/roster/apply`, { text: rosterText('I', imported) }),
    ),
    timed(started + closeAfterMs, () => askOperator(server, `/api/sessions/${other}/close`, {})),
  ]);

  await checkCounts(server, { session, other, added: (roster.value as { added: number }).added });
  const pick = (from: number, until: number): Float64Array =>
    tookMs.filter(
      (took, index) => (due[index] as number) + took >= from && (due[index] as number) <= until,
    );
  const before = pick(0, roster.from);
  const during = pick(roster.from, roster.until);
  const closed = pick(close.from, close.until);
  const show = (name: string, list: Float64Array) =>
    `${name} p50 ${quantile(list, 0.5).toFixed(1)} ms, p99 ${quantile(list, 0.99).toFixed(1)} ms, max ${Math.max(...list).toFixed(1)} ms`;
  console.log(
    `${perSecond} check-ins/s for ${seconds} s meanwhile importing ${imported} people (${roster.ms.toFixed(0)} ms) and closing a session of ${closing} (${close.ms.toFixed(0)} ms)`,
  );
  console.log(`  ${show('all check-ins:', tookMs)}`);
  console.log(
    `  ${show('before the import:', before)}; ${show('during it:', during)}; ${show('during the closing:', closed)}`,
  );
  return {
    mixedP99Ms: round1(quantile(tookMs, 0.99)),
    importMs: Math.round(roster.ms),
    importCheckInMaxMs: round1(Math.max(...during)),
    closeMs: Math.round(close.ms),
  };
}

interface Made {
  readonly id: string;
}

const numberOf = (prefix: string, index: number): string =>
  `${prefix}${String(index).padStart(6, '0')}`;

const rosterText = (prefix: string, count: number): string =>
  `number,name,email\n${Array.from({ length: count }, (_, index) => {
    const number = numberOf(prefix, index);
    return `${number},Person ${number},${number.toLowerCase()}@example.org`;
  }).join('\n')}\n`;

/** An open session of a new group with so many people, who come by the same way as any list. */
async function openSession(
  server: Child,
  name: string,
  prefix: string,
  count: number,
): Promise<string> {
  const { id: group } = (await askOperator(server, '/api/groups', { name })) as Made;
  await askOperator(server, `/api/groups/${group}/roster/apply`, {
    text: rosterText(prefix, count),
  });
  const settings = { stepMs: 60_000, codeGraceMs: 60_000, rosterRule: 'closed' };
  const { id } = (await askOperator(server, '/api/sessions', { group, settings })) as Made;
  return id;
}

interface Timed {
  readonly value: unknown;
  readonly from: number;
  readonly until: number;
  readonly ms: number;
}

/** Does the work at this time of `performance.now`. */
async function timed(at: number, work: () => Promise<unknown>): Promise<Timed> {
  await sleep(at - performance.now());
  const from = performance.now();
  const value = await work();
  const until = performance.now();
  return { value, from, until, ms: until - from };
}

/** Fast is nothing where something is missing. */
async function checkCounts(
  server: Child,
  { session, other, added }: { session: string; other: string; added: number },
): Promise<void> {
  const countOn = async (id: string, status: string): Promise<number> => {
    const { people } = (await askOperator(server, `/api/sessions/${id}`)) as Board;
    return people.filter(({ record }) => record.status === status).length;
  };
  const counts = [added, await countOn(session, 'present'), await countOn(other, 'absent')];
  if (counts.join() !== [imported, perSecond * seconds, closing].join()) {
    throw new Error(`imported, present and absent: ${counts.join()}`);
  }
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}
