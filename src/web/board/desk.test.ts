import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { unmarked } from '../../core/record.ts';
import type { Board, BoardPerson } from '../../core/session.wire.ts';
import { markedRecord } from './change.ts';
import { type DeskPorts, openDesk } from './desk.ts';
import { applyFrame, type BoardState, openBoard } from './state.ts';

const anna: BoardPerson = {
  id: 'a',
  number: '1',
  name: 'Anna',
  guest: false,
  record: unmarked,
  seq: 0,
  note: null,
  claims: [],
};
const bo: BoardPerson = { ...anna, id: 'b', number: '2', name: 'Bo' };

const tick = () => new Promise((done) => setTimeout(done));

/** A desk before a server that takes marks, publishes them when told to, and can be cut off. */
function stand() {
  const session = { id: 's', state: 'open', startsAt: 0 } as Board;
  let latest: BoardState = openBoard({ ...session, people: [anna, bo], seq: 0, serverTime: 0 });
  const state = signal<BoardState | null>(latest);
  const truth = new Map([anna, bo].map((person) => [person.id, person]));
  const calls: string[] = [];
  const refusals: string[] = [];
  const world = {
    /** What stands below the mark that is undone. */
    below: unmarked,
    seq: 0,
    line: 'up' as 'up' | 'down' | 'answers-lost' | 'busy' | 'database-away',
    refuse: false,
  };
  let wake = () => {};

  function publish(): void {
    const people = [...truth.values()];
    const rest = { kind: 'board', topic: 'session:s', gone: [], serverTime: 0 } as const;
    const next = applyFrame(latest, { ...rest, from: 0, seq: world.seq, people });
    if (next === 'gap') return;
    latest = next;
    state.value = latest;
  }

  function answer(call: string, work: () => void) {
    calls.push(call);
    const problem = { status: 0, requestId: null, detail: {} };
    if (world.line === 'down')
      return { ok: false, problem: { ...problem, code: 'offline' } } as const;
    if (world.line === 'busy' || world.line === 'database-away')
      return { ok: false, problem: { ...problem, status: 503, code: world.line } } as const;
    if (world.refuse) return { ok: false, problem: { ...problem, code: 'session-state' } } as const;
    work();
    if (world.line === 'answers-lost')
      return { ok: false, problem: { ...problem, code: 'offline' } } as const;
    return { ok: true, value: { seq: world.seq } } as const;
  }

  const ports: DeskPorts = {
    state,
    latest: () => latest,
    now: () => 1_000,
    sendMark: async (people, status) =>
      answer(`mark ${people} ${status}`, () => {
        for (const id of people) {
          world.seq += 1;
          const record = markedRecord(unmarked, status, 1_000, 0);
          truth.set(id, { ...truth.get(id)!, record, seq: world.seq });
        }
      }),
    sendNote: async (id, note) =>
      answer(`note ${id} ${note}`, () => {
        world.seq += 1;
        truth.set(id, { ...truth.get(id)!, note: note || null });
      }),
    sendUndo: async (id, seq) =>
      answer(`undo ${id} ${seq}`, () => {
        world.seq += 1;
        truth.set(id, { ...truth.get(id)!, record: world.below, seq: world.seq });
      }),
    reached: async () => publish(),
    patience: () =>
      new Promise((done) => {
        wake = done;
      }),
    refused: ({ code }) => refusals.push(code),
  };
  const desk = openDesk(ports);
  const status = (id: string) => desk.people.value.get(id)?.record.status;
  return { world, truth, desk, calls, refusals, publish, status, wake: () => wake() };
}

describe('the desk', () => {
  it('shows a mark at once, as unsynced until the board has it', async () => {
    const { desk, publish, status } = stand();
    desk.mark(['a'], 'late');
    expect(status('a')).toBe('late');
    expect(desk.unsynced.value.has('a')).toBe(true);
    await tick();
    expect(desk.unsynced.value.has('a')).toBe(true);
    publish();
    expect(desk.unsynced.value.size).toBe(0);
    expect(status('a')).toBe('late');
  });

  it('sends marks in the order they were made, and none that changes nothing', async () => {
    const { desk, calls } = stand();
    desk.mark(['a'], 'present');
    desk.mark(['a'], 'present');
    desk.mark(['b'], 'absent');
    desk.mark(['a'], 'excused');
    await tick();
    expect(calls).toEqual(['mark a present', 'mark b absent', 'mark a excused']);
  });

  it('takes back what the server refuses, and says so', async () => {
    const { world, desk, refusals, status } = stand();
    world.refuse = true;
    desk.mark(['a'], 'present');
    await tick();
    expect(status('a')).toBeNull();
    expect(refusals).toEqual(['session-state']);
    expect(desk.canUndo.value).toBe(false);
  });

  it.each(['down', 'busy', 'database-away'] as const)(
    'keeps marks while the server is %s, and sends them when it is back',
    async (line) => {
      const { world, desk, calls, refusals, publish, status, wake } = stand();
      world.line = line;
      desk.mark(['a'], 'present');
      desk.mark(['b'], 'absent');
      await tick();
      expect(status('b')).toBe('absent');
      world.line = 'up';
      wake();
      await tick();
      publish();
      expect(calls).toEqual(['mark a present', 'mark a present', 'mark b absent']);
      expect(refusals).toEqual([]);
      expect(desk.unsynced.value.size).toBe(0);
    },
  );

  it('does not send a mark twice where only the answer was lost', async () => {
    const { world, desk, calls, publish, wake } = stand();
    world.line = 'answers-lost';
    desk.mark(['a'], 'present');
    await tick();
    publish();
    wake();
    await tick();
    expect(calls).toEqual(['mark a present']);
    expect(desk.unsynced.value.size).toBe(0);
  });

  it('undoes a mark by the event it made', async () => {
    const { desk, calls, publish, status } = stand();
    desk.mark(['a'], 'present');
    await tick();
    desk.undo();
    expect(status('a')).toBeNull();
    await tick();
    publish();
    expect(calls).toEqual(['mark a present', 'undo a 1']);
    expect(status('a')).toBeNull();
    expect(desk.canUndo.value).toBe(false);
  });

  it('undoes mark after mark of one person', async () => {
    const { world, desk, calls, status } = stand();
    desk.mark(['a'], 'present');
    desk.mark(['a'], 'absent');
    await tick();
    world.below = markedRecord(unmarked, 'present', 1_000, 0);
    desk.undo();
    await tick();
    expect(status('a')).toBe('present');
    world.below = unmarked;
    desk.undo();
    await tick();
    expect(status('a')).toBeNull();
    expect(calls.slice(2)).toEqual(['undo a 2', 'undo a 3']);
  });

  it('does not undo what somebody else has changed since', async () => {
    const { world, desk, calls, refusals, truth } = stand();
    desk.mark(['a'], 'present');
    await tick();
    world.seq += 1;
    truth.set('a', { ...anna, record: markedRecord(unmarked, 'late', 1_000, 0), seq: world.seq });
    desk.undo();
    await tick();
    expect(calls).toEqual(['mark a present']);
    expect(refusals).toEqual(['nothing-to-undo']);
  });

  it('undoes everybody of a mark that was for several', async () => {
    const { desk, calls, status } = stand();
    desk.mark(['a', 'b'], 'absent');
    desk.undo();
    await tick();
    await tick();
    expect(calls).toEqual(['mark a,b absent', 'undo a 1', 'undo b 2']);
    expect([status('a'), status('b')]).toEqual([null, null]);
  });

  it('never sends a mark that was undone while it waited', async () => {
    const { world, desk, calls, wake } = stand();
    world.line = 'down';
    desk.mark(['a'], 'present');
    desk.mark(['b'], 'absent');
    desk.undo();
    await tick();
    world.line = 'up';
    wake();
    await tick();
    expect(calls).toEqual(['mark a present', 'mark a present']);
  });

  it('writes a note, and the old one when undone', async () => {
    const { desk, calls } = stand();
    desk.note('a', 'train late');
    expect(desk.people.value.get('a')?.note).toBe('train late');
    await tick();
    desk.undo();
    await tick();
    expect(calls).toEqual(['note a train late', 'note a ']);
    expect(desk.people.value.get('a')?.note).toBeNull();
  });
});
