// Transactions that commit in another order than they began: no reader skips what commits late.
import { expect, test } from 'vitest';
import type { SessionId } from '../src/core/brand.ts';
import { busOpener } from '../src/server/bus-choice.ts';
import { commit, type EventDraft } from '../src/store/ledger.ts';
import { loadOrganisation, updateOrganisation } from '../src/store/organisation.ts';
import { organisationStream, type Store, sessionStream } from '../src/store/store.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { serverNames } from './engines.ts';
import { openSiblings, Watching } from './siblings.ts';
import { until } from './until.ts';

const buses = serverNames.flatMap((engine) => [
  { engine, bus: 'none' as const },
  { engine, bus: 'database' as const },
]);

const note = (store: Store, session: SessionId): EventDraft => ({
  stream: sessionStream(session),
  type: 'session.changed',
  occurredAt: store.clock.now(),
  actor: 'operator',
  subject: null,
});

const headOf = async (store: Store, session: SessionId): Promise<number> => {
  const row = await store.engine.read
    .selectFrom('stream')
    .select('seq')
    .where('organisation', '=', store.organisation)
    .where('stream', '=', sessionStream(session))
    .executeTakeFirst();
  return row?.seq ?? 0;
};

/** A transaction that has appended and is not committed yet. */
async function hold(store: Store, work: Parameters<typeof commit<unknown>>[1]) {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const { promise: appended, resolve: tell } = Promise.withResolvers<void>();
  const done = commit(store, async (writing) => {
    await work(writing);
    tell();
    await gate;
  });
  await Promise.race([appended, done]);
  return { done, open };
}

test.each(buses)(
  '$engine, bus $bus: of two streams the first writer commits last',
  async ({ engine, bus }) => {
    await using siblings = await openSiblings(engine, {
      bus: (address) => busOpener(bus, address),
    });
    const { school, a, b } = siblings;
    const [first, second] = [await school.openSession(), await school.openSession()];
    const topics = [`session:${first}`, `session:${second}`];
    using atA = await Watching.open(school.admin, ...topics);
    using atB = await Watching.open(siblings.atB(school.admin), ...topics);
    const shows = (board: Watching, session: SessionId, seq: number) =>
      board.seq(sessionStream(session)) === seq;
    const [here, there] = [a.app.store, b.app.store];
    const before = [await headOf(here, first), await headOf(here, second)] as const;
    await until(() =>
      [atA, atB].every((board) => topics.every((topic) => board.seq(topic as never) > 0)),
    );

    const slow = await hold(here, async ({ append, tx }) => {
      await append([note(here, first)]);
      await updateOrganisation(here, tx, { zone: 'Asia/Tokyo' });
      await append([
        { ...note(here, first), stream: organisationStream, type: 'organisation.changed' },
      ]);
    });
    await commit(there, ({ append }) => append([note(there, second)]));
    await until(() => shows(atA, second, before[1] + 1) && shows(atB, second, before[1] + 1));
    // nobody is told what may never be
    expect(shows(atA, first, before[0]) && shows(atB, first, before[0])).toBe(true);
    expect(b.app.settings.current.zone).toBe('Europe/Berlin');
    const early = await finish(verifyLedger(there));
    expect(early.ok).toBe(true);

    slow.open();
    await slow.done;
    await until(() => shows(atA, first, before[0] + 1) && shows(atB, first, before[0] + 1));
    await until(() => b.app.settings.current.zone === 'Asia/Tokyo');
    const late = await finish(verifyLedger(there));
    expect(late).toMatchObject({ ok: true, events: early.events + 2 });
  },
);

test.each(buses)(
  '$engine, bus $bus: of one stream the second writer waits for its turn',
  async ({ engine, bus }) => {
    await using siblings = await openSiblings(engine, {
      bus: (address) => busOpener(bus, address),
    });
    const { school, a, b } = siblings;
    const session = await school.openSession();
    using atA = await Watching.open(school.admin, `session:${session}`);
    using atB = await Watching.open(siblings.atB(school.admin), `session:${session}`);
    const [here, there] = [a.app.store, b.app.store];
    const before = await headOf(here, session);
    const slow = await hold(here, ({ append }) => append([note(here, session)]));
    let isThrough = false;
    const next = commit(there, ({ append }) => append([note(there, session)])).then((events) => {
      isThrough = true;
      return events;
    });
    // what holds the stream is seen by nobody, and what waits for it neither
    await commit(there, async ({ tx }) => updateOrganisation(there, tx, { name: 'Elm School' }));
    expect((await loadOrganisation(here)).name).toBe('Elm School');
    expect(isThrough).toBe(false);
    expect(await headOf(there, session)).toBe(before);
    slow.open();
    await slow.done;
    expect((await next)[0]?.seq).toBe(before + 2);
    await until(() =>
      [atA, atB].every((board) => board.seq(sessionStream(session)) === before + 2),
    );
    // each event once, in order, whatever the frames were
    for (const board of [atA, atB]) {
      const seqs = board.frames.flatMap((frame) => (frame.kind === 'board' ? [frame.seq] : []));
      expect(seqs).toEqual([...seqs].sort((one, other) => one - other));
    }
    expect((await finish(verifyLedger(here))).ok).toBe(true);
  },
);
