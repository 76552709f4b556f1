import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoardFrame } from '../../core/live.wire.ts';
import { type RecordState, unmarked } from '../../core/record.ts';
import type { Board, BoardPerson } from '../../core/session.wire.ts';
import { absorbBoard, applyFrame, type BoardState, openBoard, tallyOf } from './state.ts';

const present: RecordState = { ...unmarked, status: 'present', how: 'code', at: 5 as never };

function person(id: string, seq = 0, record = unmarked, note: string | null = null): BoardPerson {
  return { id, number: id, name: `Name ${id}`, guest: false, record, seq, note, claims: [] };
}

function board(people: readonly BoardPerson[], seq = 0, more: Partial<Board> = {}): Board {
  const session = { id: 's', title: 'History', state: 'open', paused: false } as Board;
  return { ...session, people, seq, serverTime: 0, ...more };
}

function frame(from: number, seq: number, more: Partial<BoardFrame> = {}): BoardFrame {
  return {
    kind: 'board',
    topic: 'session:s',
    from,
    seq,
    people: [],
    gone: [],
    serverTime: 0,
    ...more,
  };
}

function apply(state: BoardState, next: BoardFrame): BoardState {
  const applied = applyFrame(state, next);
  if (applied === 'gap') throw new Error('gap');
  return applied;
}

describe('a frame', () => {
  const start = openBoard(board([person('1'), person('2')], 4));

  it('brings people as they stand, and takes those who are gone', () => {
    const next = apply(start, frame(4, 5, { people: [person('1', 5, present)], gone: ['2'] }));
    expect([...next.people.values()]).toEqual([person('1', 5, present)]);
    expect(next.seq).toBe(5);
  });

  it('that begins after what is here is a gap', () => {
    expect(applyFrame(start, frame(5, 6))).toBe('gap');
  });

  it('that ends before what is here changes nothing', () => {
    expect(applyFrame(start, frame(0, 4, { gone: ['1'] }))).toBe(start);
  });

  it('that overlaps is applied', () => {
    const next = apply(start, frame(2, 6, { people: [person('2', 6, present)] }));
    expect(next.people.get('2')?.record).toEqual(present);
  });

  it('may take a record back to none', () => {
    const marked = apply(start, frame(4, 5, { people: [person('1', 5, present)] }));
    const undone = apply(marked, frame(5, 6, { people: [person('1', 0)] }));
    expect(undone.people.get('1')?.record).toEqual(unmarked);
  });

  it('carries the state of the session', () => {
    expect(apply(start, frame(4, 5, { state: 'closed' })).session.state).toBe('closed');
  });
});

describe('a board that was fetched again', () => {
  it('replaces what is here, unless frames have overtaken it: whoever they brought stays', () => {
    const start = openBoard(board([person('1')], 4));
    const newer = absorbBoard(start, board([person('1', 6, present)], 6, { title: 'Physics' }));
    expect(newer.people.get('1')?.seq).toBe(6);

    const ahead = apply(start, frame(4, 9, { people: [person('1', 9)], state: 'closed' }));
    const fetched = [person('1', 6, present), person('2')];
    const late = absorbBoard(ahead, board(fetched, 6, { title: 'Physics' }));
    expect(late.people.get('1')?.seq).toBe(9);
    expect(late.people.has('2')).toBe(true);
    expect(late.session).toMatchObject({ title: 'Physics', state: 'closed' });
    expect(absorbBoard(late, board([], 5, { title: 'Older' }))).toBe(late);
  });
});

it('counts an absence of an earlier closing as missing while the session is open', () => {
  const closing: RecordState = { ...unmarked, status: 'absent', how: 'closing' };
  const people = [person('1', 1, present), person('2', 2, closing), person('3')];
  const { session, people: byId } = openBoard(board(people));
  expect(tallyOf(session, byId)).toMatchObject({ present: 1, missing: 2, absent: 0 });
  expect(tallyOf({ ...session, state: 'closed' }, byId)).toMatchObject({ missing: 1, absent: 1 });
});

describe('any split, repetition and reordering of frames', () => {
  type Event = { who: number; what: 'mark' | 'note' | 'undo' | 'leave' };
  const event: fc.Arbitrary<Event> = fc.record({
    who: fc.nat(4),
    what: fc.constantFrom('mark', 'note', 'undo', 'leave'),
  });

  /** Everybody's state after each event: `history[seq]`. */
  function play(events: readonly Event[]): Map<string, BoardPerson>[] {
    const history = [new Map<string, BoardPerson>()];
    for (const [index, { who, what }] of events.entries()) {
      const now = new Map(history.at(-1));
      const id = String(who);
      const old = now.get(id);
      if (what === 'leave') now.delete(id);
      else if (what === 'mark') now.set(id, person(id, index + 1, present, old?.note));
      else if (what === 'undo') now.set(id, person(id, 0, unmarked, old?.note));
      else now.set(id, { ...(old ?? person(id)), note: `note ${index}` });
      history.push(now);
    }
    return history;
  }

  /** What the server would send for (from, seq], having read the people at `at` >= seq. */
  function cut(events: readonly Event[], from: number, seq: number, at: number): BoardFrame {
    const standing = play(events)[at]!;
    const touched = [...new Set(events.slice(from, seq).map(({ who }) => String(who)))];
    return frame(from, seq, {
      people: touched.flatMap((id) => standing.get(id) ?? []),
      gone: touched.filter((id) => !standing.has(id)),
    });
  }

  it('gives the same board, with every gap noticed', () => {
    const arrival = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30));
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 30 }),
        fc.array(arrival, { maxLength: 40 }),
        fc.nat(30),
        (events, arrivals, opening) => {
          const last = events.length;
          const begin = Math.min(opening, last);
          const history = play(events);
          let state = openBoard(board([...history[begin]!.values()], begin));
          const take = (one: number, other: number, ahead: number) => {
            const [from, seq] = one < other ? [one, other] : [other, one];
            const next = applyFrame(state, cut(events, from, seq, Math.min(last, seq + ahead)));
            expect(next === 'gap').toBe(from > state.seq);
            if (next !== 'gap') state = next;
          };
          for (const [one, other, ahead] of arrivals) {
            take(Math.min(one, last), Math.min(other, last), ahead);
          }
          // a gap made us ask again: the backfill follows, then the old frames once more
          take(state.seq, last, 0);
          for (const [one, other] of arrivals) take(Math.min(one, last), Math.min(other, last), 0);
          expect(state.seq).toBe(last);
          expect(new Map(state.people)).toEqual(history[last]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
