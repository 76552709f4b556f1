import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GroupCommit } from './group-commit.ts';

interface Attempt {
  readonly id: number;
  readonly isBad: boolean;
}

const good = (id: number): Attempt => ({ id, isBad: false });
const bad = (id: number): Attempt => ({ id, isBad: true });
const why = (id: number) => `attempt ${id} is bad`;

/** Stands for the transactions of a database: a batch with a bad attempt throws and leaves nothing. */
class Ledger {
  readonly batches: number[][] = [];
  readonly committed: number[] = [];

  readonly decide = async (attempts: readonly Attempt[]): Promise<string[]> => {
    this.batches.push(attempts.map(({ id }) => id));
    await new Promise((resolve) => setImmediate(resolve));
    const spoiler = attempts.find(({ isBad }) => isBad);
    if (spoiler) throw new Error(why(spoiler.id));
    this.committed.push(...attempts.map(({ id }) => id));
    return attempts.map(({ id }) => `outcome ${id}`);
  };
}

/** A decision that waits until it is let go. */
function heldDecision() {
  let letGo: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const decide = async (attempts: readonly Attempt[]) => {
    await held;
    return attempts.map(({ id }) => `outcome ${id}`);
  };
  return { decide, letGo };
}

describe('GroupCommit', () => {
  test('puts those who come together into one batch and answers each with its own outcome', async () => {
    const ledger = new Ledger();
    const commit = new GroupCommit(ledger.decide);
    const outcomes = await Promise.all([3, 1, 2].map((id) => commit.submit(good(id))));
    expect(outcomes).toEqual(['outcome 3', 'outcome 1', 'outcome 2']);
    expect(ledger.batches).toEqual([[3, 1, 2]]);
  });

  test('answers nobody before the batch has been decided', async () => {
    const { decide, letGo } = heldDecision();
    const commit = new GroupCommit(decide);
    let isAnswered = false;
    const answer = commit.submit(good(1)).then((outcome) => {
      isAnswered = true;
      return outcome;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isAnswered).toBe(false);
    letGo();
    expect(await answer).toBe('outcome 1');
  });

  test('lets a bad attempt spoil only itself', async () => {
    const ledger = new Ledger();
    const commit = new GroupCommit(ledger.decide);
    const results = await Promise.allSettled(
      [good(1), bad(2), good(3), bad(4)].map((attempt) => commit.submit(attempt)),
    );
    expect(results).toEqual([
      { status: 'fulfilled', value: 'outcome 1' },
      { status: 'rejected', reason: new Error(why(2)) },
      { status: 'fulfilled', value: 'outcome 3' },
      { status: 'rejected', reason: new Error(why(4)) },
    ]);
    expect(ledger.committed).toEqual([1, 3]);
    expect(await commit.submit(good(5)), 'goes on after it').toBe('outcome 5');
  });

  test('takes no more at once than it was told, in the order of coming', async () => {
    const ledger = new Ledger();
    const commit = new GroupCommit(ledger.decide, { maxBatch: 2 });
    await Promise.all([1, 2, 3, 4, 5].map((id) => commit.submit(good(id))));
    expect(ledger.batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  test('a failure of the database is told at once to the whole batch and to who waits behind it', async () => {
    const away = new Error('away');
    const tries: number[][] = [];
    const { decide, letGo } = heldDecision();
    const commit = new GroupCommit(
      async (attempts: readonly Attempt[]) => {
        tries.push(attempts.map(({ id }) => id));
        await decide(attempts);
        throw away;
      },
      { maxBatch: 3, isShared: (error) => error === away },
    );
    const answers = [1, 2, 3].map((id) => commit.submit(good(id)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    // two lanes are held, so these wait
    answers.push(...[4, 5, 6, 7, 8].map((id) => commit.submit(good(id))));
    await new Promise((resolve) => setTimeout(resolve, 20));
    letGo();
    const results = await Promise.allSettled(answers);
    expect(results).toEqual(answers.map(() => ({ status: 'rejected', reason: away })));
    expect(tries).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  test('a database that goes away during the singles ends them', async () => {
    const away = new Error('away');
    const tries: number[][] = [];
    const commit = new GroupCommit(
      async (attempts: readonly Attempt[]) => {
        tries.push(attempts.map(({ id }) => id));
        if (attempts.length > 1) throw new Error('one of them is bad');
        if (attempts[0]?.id === 2) throw away;
        return ['outcome'];
      },
      { isShared: (error) => error === away },
    );
    const answers = [1, 2, 3, 4].map((id) => commit.submit(good(id)));
    expect(await Promise.allSettled(answers)).toEqual([
      { status: 'fulfilled', value: 'outcome' },
      ...[2, 3, 4].map(() => ({ status: 'rejected', reason: away })),
    ]);
    expect(tries).toEqual([[1, 2, 3, 4], [1], [2]]);
  });

  test('is as good as new after the database came back', async () => {
    let isAway = true;
    const commit = new GroupCommit(
      async (attempts: readonly Attempt[]) => {
        if (isAway) throw new Error('away');
        return attempts.map(({ id }) => `outcome ${id}`);
      },
      { isShared: () => true },
    );
    await expect(commit.submit(good(1))).rejects.toThrow('away');
    isAway = false;
    expect(await commit.submit(good(1))).toBe('outcome 1');
    await commit.drain();
  });

  test('says that it is full while too many wait, and not afterwards', async () => {
    const { decide, letGo } = heldDecision();
    const commit = new GroupCommit(decide, { maxWaiting: 2 });
    const first = commit.submit(good(1));
    expect(commit.full).toBe(false);
    const second = commit.submit(good(2));
    expect(commit.full).toBe(true);
    letGo();
    await Promise.all([first, second]);
    expect(commit.full).toBe(false);
  });

  test('is drained when everybody is answered, also those who came meanwhile', async () => {
    const ledger = new Ledger();
    const commit = new GroupCommit(ledger.decide, { maxBatch: 1 });
    await commit.drain();
    const answers: string[] = [];
    const submit = (id: number) => commit.submit(good(id)).then((answer) => answers.push(answer));
    void submit(1).then(() => submit(2));
    void submit(3);
    await commit.drain();
    expect(answers.sort()).toEqual(['outcome 1', 'outcome 2', 'outcome 3']);
  });

  test('loses, doubles and swaps nothing, whoever comes when', async () => {
    const waves = fc.array(fc.array(fc.boolean(), { maxLength: 8 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(waves, fc.integer({ min: 1, max: 5 }), async (list, maxBatch) => {
        const ledger = new Ledger();
        const commit = new GroupCommit(ledger.decide, { maxBatch, lingerMs: 0 });
        const attempts: Attempt[] = [];
        const answers: Promise<string>[] = [];
        for (const wave of list) {
          for (const isBad of wave) {
            const attempt = { id: attempts.length, isBad };
            attempts.push(attempt);
            answers.push(commit.submit(attempt));
            answers.at(-1)?.catch(() => {});
          }
          await new Promise((resolve) => setImmediate(resolve));
        }
        await commit.drain();
        const results = await Promise.allSettled(answers);
        expect(
          results.map((result) =>
            result.status === 'fulfilled' ? result.value : result.reason.message,
          ),
        ).toEqual(attempts.map(({ id, isBad }) => (isBad ? why(id) : `outcome ${id}`)));
        // two batches may be under way: which of them commits first is the database's order
        expect(ledger.committed.toSorted((left, right) => left - right)).toEqual(
          attempts.filter(({ isBad }) => !isBad).map(({ id }) => id),
        );
      }),
      { numRuns: 60 },
    );
  });
});
