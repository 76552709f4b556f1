// Time that all instances agree on: codes of one are good at the other, however far their machines' clocks are apart.
import { expect, test } from 'vitest';
import type { SessionId } from '../src/core/brand.ts';
import type { Readiness } from '../src/core/health.wire.ts';
import type { CodeFrame } from '../src/core/live.wire.ts';
import { busOpener } from '../src/server/bus-choice.ts';
import { presentCode } from '../src/server/live-code.ts';
import { DatabaseClock } from '../src/store/database-clock.ts';
import { serverNames } from './engines.ts';
import { openSiblings, type Siblings, Watching } from './siblings.ts';
import { until } from './until.ts';
import { Visitor } from './visitor.ts';

const apart = serverNames.flatMap((engine) => [
  { engine, skews: [0, 600] as const },
  { engine, skews: [600, 0] as const },
]);

test.each(apart)(
  'on $engine, clocks $skews ms off: both say the same time, and are ready',
  async ({ engine, skews }) => {
    await using siblings = await openSiblings(engine, { skews });
    const { a, b } = siblings;
    await until(() => areTogether(a, b));
    for (const { app } of [a, b]) expect((await app.health.look()).checks.clock).toBe('ok');
  },
);

test.each(apart)(
  'on $engine, clocks $skews ms off: a code is good at the other from its first moment to its last',
  async ({ engine, skews }) => {
    await using siblings = await openSiblings(engine, {
      skews,
      bus: (address) => busOpener('database', address),
    });
    const { school, a, b } = siblings;
    const session = await school.openSession({
      settings: { stepMs: 2_000, codeGraceMs: 0 },
    });
    using board = await Watching.open(school.admin, `code:${session}`);
    // just begun at A, seen at once by B
    for (let slot = 0; slot < 3; slot += 1) {
      expect(await opensEarly(board, a, b)).toBe(200);
    }
    // about to end at the one, given to the other
    expect(await opensLate(session, a, b)).toBe(200);
    expect(await opensLate(session, b, a)).toBe(200);
  },
);

type Instance = Siblings['a'];

/** As far as answers under way let clocks be exact; each look at the database's may only make them better. */
const areTogether = (a: Instance, b: Instance): boolean =>
  Math.abs(a.app.store.clock.now() - b.app.store.clock.now()) < 200;

const opens = async ({ origin }: Instance, token: string | null): Promise<number> =>
  (await new Visitor(origin).get(`/${token}`)).status;

/**
 * How a code is answered as soon as a board shows it and the other's clock, which may be some milliseconds behind, is
 * there too; an answer that came after its slot tells nothing.
 */
async function opensEarly(board: Watching, from: Instance, to: Instance): Promise<number> {
  const clocks = [from, to].map(({ app }) => app.store.clock);
  for (;;) {
    const before = board.code;
    await until(() => board.code?.token !== before?.token);
    const { token, changesAt, stepMs } = board.code as CodeFrame;
    await until(() => clocks.every((clock) => clock.now() >= changesAt - stepMs));
    const status = await opens(to, token);
    if (clocks.every((clock) => clock.now() < changesAt)) return status;
  }
}

/** How a code is answered within the last moments of its slot; an answer that came after those tells nothing. */
async function opensLate(session: SessionId, from: Instance, to: Instance): Promise<number> {
  const clocks = [from, to].map(({ app }) => app.store.clock);
  for (;;) {
    const { token, changesAt } = await presentCode(from.app, session);
    await until(() => from.app.store.clock.now() >= changesAt - 400);
    const status = await opens(to, token);
    if (clocks.every((clock) => clock.now() < changesAt)) return status;
  }
}

test.each(serverNames)('on %s, an instance whose clock is 5 s off is not ready', async (engine) => {
  await using siblings = await openSiblings(engine, { skews: [0, -5_000] });
  const { a, b } = siblings;
  const readyAt = async ({ origin }: typeof a) => (await fetch(`${origin}/readyz`)).json();
  expect((await readyAt(a)) as Readiness).toMatchObject({ ready: true, checks: { clock: 'ok' } });
  await expect
    .poll(() => readyAt(b))
    .toMatchObject({
      ready: false,
      checks: { clock: expect.stringMatching(/^5\.0 s behind the database server’s: set both/) },
    });
  // its slots are right all the same
  await until(() => areTogether(a, b));
});

test.each(serverNames)(
  'on %s, the clock is as exact as the way to the server is short',
  async (engine) => {
    await using siblings = await openSiblings(engine);
    const { clock, engine: database } = siblings.b.app.store;
    expect(clock).toBeInstanceOf(DatabaseClock);
    for (let look = 0; look < 5; look += 1) {
      const from = clock.now();
      const told = (await database.serverTime()) ?? 0;
      const to = clock.now();
      expect(told).toBeGreaterThan(from - 200);
      expect(told).toBeLessThan(to + 200);
    }
  },
);
