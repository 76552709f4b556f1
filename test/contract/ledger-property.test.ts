// Whatever phones and hosts do at once on two instances, the ledger says it once, in order, and the records follow.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statuses } from '../../src/core/status.ts';
import { rebuildRecords } from '../../src/store/rebuild.ts';
import { engineNames } from '../engines.ts';
import { openStores, type Stores } from './open-store.ts';
import { RollCall, type Step } from './roll-call.ts';

const few = fc.nat({ max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('check-in' as const),
      session: few,
      who: few,
      phone: fc.nat({ max: 7 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('repeat' as const), attempt: fc.nat({ max: 40 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('mark' as const),
      session: few,
      who: few,
      status: fc.constantFrom(...statuses, null),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('undo' as const, 'settle' as const),
      session: few,
      who: few,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      session: few,
      guest: few,
      who: few,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('close' as const, 'reopen' as const),
      session: few,
    }),
  },
);
const rounds = fc.array(fc.array(step, { minLength: 2, maxLength: 8 }), {
  minLength: 2,
  maxLength: 6,
});

describe.each(engineNames)('the ledger on %s', (name) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await openStores(name);
  });
  afterAll(() => stores[Symbol.asyncDispose]());

  test('holds whatever happens at once', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, async (list) => {
        const call = await RollCall.open(stores);
        for (const steps of list) {
          stores.clock.advance(1_000);
          await call.doAtOnce(steps);
        }
        // every place was given once
        expect(new Set(call.places).size).toBe(call.places.length);
        for (const [attempt, outcomes] of call.outcomes) {
          const rows = await stores.first.engine.read
            .selectFrom('attempt')
            .selectAll()
            .where('attempt', '=', attempt)
            .execute();
          const accepted = outcomes.filter((outcome) => outcome.ok && outcome.kind !== 'already');
          expect(rows.length).toBe(accepted.length > 0 ? 1 : 0);
          const people = new Set(accepted.map((outcome) => outcome.ok && outcome.person));
          expect(people.size).toBeLessThanOrEqual(
            1 + Number(list.flat().some(({ kind }) => kind === 'merge')),
          );
        }
        // chains, heads, payloads and records; then the records all over again
        expect(await stores.faults()).toEqual([]);
        expect((await rebuildRecords(stores.second, 'operator')).differences).toEqual([]);
      }),
      { numRuns: 6, endOnFailure: true },
    );
  });
});
