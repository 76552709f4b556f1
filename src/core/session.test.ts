import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instant, LocalDate, SessionId } from './brand.ts';
import {
  checkCodeOpening,
  checkMove,
  checkTicketUse,
  closesAt,
  defaultSettings,
  deriveArrival,
  type SessionFacts,
  type SessionMove,
  type SessionState,
  sessionStates,
} from './session.ts';

const at = (ms: number) => ms as Instant;
const startsAt = at(1_790_000_000_000);
const closedAt = at(startsAt + 3_600_000);
const facts = (change: Partial<SessionFacts>): SessionFacts => ({
  ...defaultSettings,
  id: 'session' as SessionId,
  group: null,
  state: 'open',
  startsAt,
  endsAt: null,
  closedAt: null,
  date: '2026-09-21' as LocalDate,
  codeEpoch: 0,
  paused: false,
  ...change,
});

const moves: [SessionMove, SessionState[]][] = [
  ['open', ['planned']],
  ['close', ['open']],
  ['cancel', ['planned', 'open', 'closed']],
  ['reopen', ['closed', 'cancelled']],
  ['pause', ['open']],
  ['resume', ['open']],
  ['refresh', ['open']],
];

test.each(moves)('to %s is allowed from %j and from nowhere else', (move, from) => {
  for (const state of sessionStates) {
    expect(checkMove(state, move)).toEqual(
      from.includes(state)
        ? { ok: true }
        : { ok: false, code: 'session-state', detail: { state, move } },
    );
  }
});

const openings: [SessionState, boolean, string | undefined][] = [
  ['planned', false, 'session-not-open'],
  ['planned', true, 'session-not-open'],
  ['open', false, undefined],
  ['open', true, 'code-paused'],
  ['closed', false, 'session-closed'],
  ['closed', true, 'session-closed'],
  ['cancelled', false, 'session-cancelled'],
  ['cancelled', true, 'session-cancelled'],
];

test.each(openings)(
  'a code of a session that is %s (paused: %s) gives %s',
  (state, paused, code) => {
    const result = checkCodeOpening(facts({ state, paused }));
    expect(result).toEqual(code === undefined ? { ok: true } : { ok: false, code });
  },
);

const uses: [SessionState, number, string | undefined][] = [
  ['planned', 0, 'session-not-open'],
  ['open', 0, undefined],
  ['open', 40_000, undefined],
  ['closed', 0, undefined],
  ['closed', 30_000, undefined],
  ['closed', 30_001, 'session-closed'],
  ['cancelled', 0, 'session-cancelled'],
];

test.each(uses)('a ticket of a session that is %s, after %i ms, gives %s', (state, age, code) => {
  for (const paused of [false, true]) {
    const session = facts({ state, paused, closedAt });
    const result = checkTicketUse(session, at(closedAt + age));
    expect(result).toEqual(code === undefined ? { ok: true } : { ok: false, code });
  }
});

describe('an arrival', () => {
  const minute = 60_000;

  test.each([
    [-3_600_000, 'present', 0],
    [0, 'present', 0],
    [5 * minute, 'present', 0],
    [5 * minute + 1, 'late', 5],
    [6 * minute - 1, 'late', 5],
    [6 * minute, 'late', 6],
  ])('%i ms after the start is %s', (after, status, minutesLate) => {
    const arrival = deriveArrival({ startsAt, lateAfterMinutes: 5 }, at(startsAt + after));
    expect(arrival).toEqual({ status, minutesLate });
  });

  test('with no minutes of mercy is late from the first millisecond', () => {
    const rule = { startsAt, lateAfterMinutes: 0 };
    expect(deriveArrival(rule, startsAt)).toEqual({ status: 'present', minutesLate: 0 });
    expect(deriveArrival(rule, at(startsAt + 1))).toEqual({ status: 'late', minutesLate: 0 });
  });

  test('never gets better with waiting', () => {
    const after = fc.integer({ min: -minute, max: 240 * minute });
    fc.assert(
      fc.property(fc.nat(180), after, fc.nat(60 * minute), (lateAfterMinutes, first, wait) => {
        const rule = { startsAt, lateAfterMinutes };
        const early = deriveArrival(rule, at(startsAt + first));
        const later = deriveArrival(rule, at(startsAt + first + wait));
        expect(early.status === 'late' && later.status === 'present').toBe(false);
        expect(later.minutesLate).toBeGreaterThanOrEqual(early.minutesLate);
        if (early.status === 'late')
          expect(early.minutesLate).toBeGreaterThanOrEqual(lateAfterMinutes);
      }),
    );
  });
});

test('a session closes by itself after its end and the grace, or never', () => {
  expect(closesAt({ endsAt: null, closeGraceMinutes: 5 })).toBeNull();
  expect(closesAt({ endsAt: closedAt, closeGraceMinutes: 0 })).toBe(closedAt);
  expect(closesAt({ endsAt: closedAt, closeGraceMinutes: 5 })).toBe(closedAt + 300_000);
});
