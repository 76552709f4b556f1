// Runs by the rules of retention, on two instances, in the middle of what others do.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PersonId } from '../../src/core/brand.ts';
import { defaultRules } from '../../src/core/retention.ts';
import { changeHold } from '../../src/store/legal-hold.ts';
import { rebuildRecords } from '../../src/store/rebuild.ts';
import { runRetention } from '../../src/store/retention.ts';
import { saveRules } from '../../src/store/retention-rule.ts';
import type { Store } from '../../src/store/store.ts';
import { engineNames } from '../engines.ts';
import { openStores } from './open-store.ts';
import { RollCall, type Step } from './roll-call.ts';

const dayMs = 86_400_000;
const order = { actor: 'job', zone: 'Europe/Berlin' };
const aDay = { count: 1, unit: 'days' as const };
const rules = { ...defaultRules, evidence: aDay, notes: aDay, guests: aDay };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('check-in' as const),
    session: fc.nat(2),
    who: fc.nat(5),
    phone: fc.nat(7),
  }),
  fc.record({
    kind: fc.constant('mark' as const),
    session: fc.nat(2),
    who: fc.nat(5),
    status: fc.constantFrom('present' as const, 'absent' as const, null),
  }),
  fc.record({ kind: fc.constant('settle' as const), session: fc.nat(2), who: fc.nat(5) }),
  fc.record({
    kind: fc.constant('merge' as const),
    session: fc.nat(2),
    guest: fc.nat(2),
    who: fc.nat(2),
  }),
);
const closings: readonly Step[] = [0, 1, 2].map((session) => ({ kind: 'close', session }));

const listEvents = (store: Store, type: string) =>
  store.engine.read.selectFrom('event').selectAll().where('type', '=', type).execute();

const countSealed = async (store: Store) => {
  const rows = await store.engine.read
    .selectFrom('event')
    .select('type')
    .where('type', 'in', ['check-in', 'check-in.disputed', 'mark', 'note'])
    .where('payload', 'is not', null)
    .execute();
  return rows.length;
};

describe.each(engineNames)('retention on %s', (engine) => {
  test('two instances that begin at once destroy everything once, and say so once', async () => {
    await using stores = await openStores(engine);
    const { first, second, clock } = stores;
    const call = await RollCall.open(stores);
    const arrivals = Array.from({ length: 18 }, (_, index): Step => {
      return { kind: 'check-in', session: index % 3, who: index, phone: index };
    });
    await call.doAtOnce(arrivals);
    await call.doAtOnce(closings);
    await saveRules(first, 'operator', rules);
    clock.advance(3 * dayMs);
    expect(await countSealed(first)).toBeGreaterThan(0);
    const both = await Promise.all([runRetention(first, order), runRetention(second, order)]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await listEvents(first, 'retention.begun')).toHaveLength(1);
    expect(await listEvents(second, 'retention.run')).toHaveLength(1);
    expect(await countSealed(second)).toBe(0);
    expect(await runRetention(second, order)).toMatchObject({ counts: {}, ended: true });
    expect(await stores.faults()).toEqual([]);
  });

  test('whatever is done meanwhile, the ledger and the records hold, and the held keep theirs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.boolean(), async (steps, holds) => {
        await using stores = await openStores(engine);
        const { first, second, clock } = stores;
        const call = await RollCall.open(stores);
        await call.doAtOnce(steps);
        await call.doAtOnce(closings);
        await saveRules(first, 'operator', rules);
        const [held] = await first.engine.read
          .selectFrom('person')
          .select('person')
          .where('guest_of', 'is', null)
          .where('state', '=', 'active')
          .execute();
        const person = held?.person as PersonId;
        if (holds) await changeHold(first, 'operator', person, { held: true, reason: 'a case' });
        const sealed = () =>
          first.engine.read
            .selectFrom('event')
            .select('id')
            .where('subject', '=', person)
            .where('payload', 'is not', null)
            .execute();
        const before = await sealed();
        clock.advance(3 * dayMs);
        const reopenings: Step[] = [0, 1].map((session) => ({ kind: 'reopen', session }));
        await Promise.all([
          runRetention(second, order),
          call.doAtOnce([...reopenings, ...steps, ...closings]),
        ]);
        expect(await stores.faults()).toEqual([]);
        expect((await rebuildRecords(first, 'operator')).differences).toEqual([]);
        if (holds) expect((await sealed()).length).toBeGreaterThanOrEqual(before.length);
      }),
      { numRuns: 4 },
    );
    // each run has databases of its own: a slow machine is no failure
  }, 180_000);
});
