import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  decideHost,
  decideReturn,
  HostChoice,
  type HostState,
  NoHostReady,
} from './host-choice.ts';

const good = (rank = 0): HostState => ({ kind: 'good', rank });
const notReady: HostState = { kind: 'not-ready', why: 'it is a standby' };
const away: HostState = { kind: 'unreachable', error: new Error('refused') };
const lowest = Number.NEGATIVE_INFINITY;

describe('the host that work goes to', () => {
  test.each<[string, HostState[], number, number | null]>([
    ['is the first in the list', [good(), good()], lowest, 0],
    ['is the next where the first is away', [away, good(), good()], lowest, 1],
    ['is the next where the first is not ready', [notReady, away, good()], lowest, 2],
    ['is the one with the highest rank', [good(1), good(3), good(2)], lowest, 1],
    ['is the first of those with the same rank', [good(1), good(2), good(2)], lowest, 1],
    ['is none that was left behind', [good(1), away], 2, null],
    ['is none where none is good', [notReady, away], lowest, null],
  ])('%s', (_, states, floor, index) => {
    expect(decideHost(states, floor)?.index ?? null).toBe(index);
  });
});

describe('the host that work returns to', () => {
  test.each<[string, number, (number | null)[], number | null]>([
    ['is an earlier one that has been good for long enough', 1, [1_000, null], 0],
    ['is none that has only just come back', 1, [1_001, null], null],
    ['is none that is not good', 1, [null, null], null],
    ['is the first of several', 2, [null, 500, 0], 1],
    ['is no later one', 1, [null, null, 0], null],
  ])('%s', (_, current, goodSince, index) => {
    expect(decideReturn(current, goodSince, 6_000, 5_000)).toBe(index);
  });
});

describe('a choice', () => {
  const states = new Map<string, HostState>();
  let looks: string[] = [];
  const open: HostChoice<string>[] = [];
  const choiceOf = (
    hosts: readonly string[],
    options: { returnAfterMs?: number; ranked?: boolean } = {},
  ) => {
    const probe = async (host: string) => {
      looks.push(host);
      return states.get(host) ?? away;
    };
    const choice = new HostChoice({ hosts, probe, ...options });
    open.push(choice);
    return choice;
  };
  beforeEach(() => {
    vi.useFakeTimers();
    states.clear();
    looks = [];
  });
  afterEach(() => {
    for (const choice of open.splice(0)) choice[Symbol.dispose]();
    vi.useRealTimers();
  });

  test('of one host asks nobody, whatever fails', async () => {
    const choice = choiceOf(['one']);
    expect(await choice.choose()).toBe('one');
    choice.failed('one');
    expect(await choice.choose()).toBe('one');
    expect(choice.isCurrent('one')).toBe(true);
    expect(looks).toEqual([]);
  });

  test('stays as it is until work fails', async () => {
    states.set('one', good()).set('two', good());
    const choice = choiceOf(['one', 'two']);
    expect(await choice.choose()).toBe('one');
    states.set('one', away);
    expect(await choice.choose()).toBe('one');
    await vi.advanceTimersByTimeAsync(1_000);
    choice.failed('one');
    expect(await choice.choose()).toBe('two');
    expect(choice.isCurrent('one')).toBe(false);
    expect(choice.isCurrent('two')).toBe(true);
  });

  test('is made again by one look for a hundred callers', async () => {
    states.set('one', good()).set('two', good());
    const choice = choiceOf(['one', 'two']);
    await choice.choose();
    await vi.advanceTimersByTimeAsync(1_000);
    states.set('one', away);
    looks = [];
    const hosts = Array.from({ length: 100 }, () => {
      choice.failed('one');
      return choice.choose();
    });
    expect(new Set(await Promise.all(hosts))).toEqual(new Set(['two']));
    expect(looks).toEqual(['one', 'two']);
  });

  test('is not made again because of a host that it left already', async () => {
    states.set('two', good());
    const choice = choiceOf(['one', 'two']);
    await choice.choose();
    looks = [];
    choice.failed('one');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(looks).toEqual([]);
  });

  test('says why there is none, and looks again no sooner than after a pause', async () => {
    states.set('two', notReady);
    const choice = choiceOf(['one', 'two']);
    const refused = await choice.choose().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NoHostReady);
    expect((refused as NoHostReady).states).toEqual([away, notReady]);
    expect((refused as Error).message).toContain('refused; it is a standby');
    looks = [];
    states.set('two', good());
    const next = choice.choose();
    await vi.advanceTimersByTimeAsync(150);
    expect(looks).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(await next).toBe('two');
  });

  test('returns to an earlier host that has been good for a while without a break', async () => {
    states.set('two', good());
    const choice = choiceOf(['one', 'two'], { returnAfterMs: 5_000 });
    expect(await choice.choose()).toBe('two');
    states.set('one', good());
    await vi.advanceTimersByTimeAsync(4_000);
    states.set('one', notReady);
    await vi.advanceTimersByTimeAsync(2_000);
    states.set('one', good());
    await vi.advanceTimersByTimeAsync(4_000);
    expect(choice.isCurrent('two')).toBe(true);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(choice.isCurrent('one')).toBe(true);
    looks = [];
    await vi.advanceTimersByTimeAsync(10_000);
    expect(looks).toEqual([]);
  });

  test('among hosts with ranks looks at all of them and never returns by itself', async () => {
    states.set('one', good(1)).set('two', good(2));
    const choice = choiceOf(['one', 'two'], { ranked: true });
    expect(await choice.choose()).toBe('two');
    states.set('one', good(2));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(choice.isCurrent('two')).toBe(true);
    // what was promoted last is gone: the one before it must not take over
    states.set('one', good(1)).set('two', away);
    choice.failed('two');
    await expect(choice.choose()).rejects.toThrow(NoHostReady);
    states.set('one', good(3));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await choice.choose()).toBe('one');
  });
});
