import { describe, expect, test } from 'vitest';
import type { Instant, LocalDate, PersonId, SessionId } from './brand.ts';
import { type CheckInAttempt, type CheckInFacts, decideCheckIn, guestLimit } from './check-in.ts';
import { type RecordState, unmarked } from './record.ts';
import { defaultSettings, type SessionFacts } from './session.ts';

const at = (ms: number) => ms as Instant;
const startsAt = at(1_790_000_000_000);
const now = at(startsAt + 60_000);
const ada = 'ada' as PersonId;
const grace = 'grace' as PersonId;
const session: SessionFacts = {
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
};
const enrolled = { id: ada, belongs: true };
const known = { id: ada, belongs: false };
const arrival: RecordState = {
  status: 'present',
  at: at(startsAt + 30_000),
  minutesLate: 0,
  how: 'code',
  pending: false,
};
const earlier: RecordState = { ...arrival, at: startsAt };
const pending: RecordState = { ...earlier, pending: true };
const absent: RecordState = { ...earlier, status: 'absent', how: 'host' };
const excused: RecordState = { ...absent, status: 'excused' };
const missed: RecordState = { ...absent, how: 'closing' };
const seen: RecordState = { ...earlier, how: 'host' };
const disputed = (record: RecordState): RecordState => ({ ...record, pending: true });

function decide(
  change: Partial<CheckInFacts>,
  attempt: Partial<CheckInAttempt> = {},
  when: Instant = now,
) {
  const facts = { session, events: 10, person: enrolled, record: null, claimants: [] };
  return decideCheckIn(
    { ...facts, browserClaim: null, ...change },
    { browser: 'mine', kind: 'code', openedAt: at(startsAt + 30_000), hasName: true, ...attempt },
    when,
  );
}

const rule = (rosterRule: SessionFacts['rosterRule']) => ({ ...session, rosterRule });
const mine = { person: ada, browser: 'mine' };
const full = { person: null, events: guestLimit };
const used = { person: grace, browser: 'mine' };
const others = ['other', 'another'];
const both = ['other', 'mine'];
const closed = rule('closed');
const quick = rule('none');

const outcomes: [string, string, Partial<CheckInFacts>, RecordState?][] = [
  ['the first to come with their number', 'accepted', {}, arrival],
  ['one whose mark was undone', 'accepted', { record: unmarked }, arrival],
  ['one whom an earlier closing missed', 'accepted', { record: missed }, arrival],
  ['the same phone again', 'already', { record: earlier, claimants: ['mine'] }, earlier],
  ['one whom the host has seen', 'already', { record: seen }, seen],
  ['one whom the host called absent', 'see-host', { record: absent }],
  ['one whom the host excused', 'see-host', { record: excused }],
  ['a second phone', 'disputed', { record: earlier, claimants: ['other'] }, pending],
  ['a second phone, nothing marked', 'disputed', { claimants: ['other'] }, disputed(arrival)],
  [
    'a second phone for one absent',
    'disputed',
    { record: absent, claimants: ['other'] },
    disputed(absent),
  ],
  ['a third phone', 'disputed', { record: pending, claimants: others }, pending],
  ['a phone that waits', 'already', { record: pending, claimants: both }, pending],
  ['a dispute whose phones were let go', 'disputed', { record: pending }, pending],
  ['a phone that came for another', 'browser-already-used', { browserClaim: used }],
  ['a used phone, now for a guest', 'browser-already-used', { person: null, browserClaim: mine }],
  ['a guest', 'guest', { person: null }, arrival],
  ['a guest of a quick roll', 'guest', { session: quick, person: null }, arrival],
  ['a stranger to a closed roster', 'not-on-roster', { session: closed, person: null }],
  ['another group at a closed roster', 'not-on-roster', { session: closed, person: known }],
  ['another group as walk-in', 'accepted', { person: known }, arrival],
  ['another group in a quick roll', 'accepted', { session: quick, person: known }, arrival],
  ['one enrolled at a closed roster', 'accepted', { session: closed }, arrival],
  ['the last guest', 'guest', { person: null, events: guestLimit - 1 }, arrival],
  ['one guest too many', 'session-full', full],
  ['one enrolled among too many guests', 'accepted', { events: guestLimit }, arrival],
];

test.each(outcomes)('%s: %s', (_, outcome, facts, record) => {
  const decision = decide(facts);
  expect(decision.ok ? decision.kind : decision.code).toBe(outcome);
  if (decision.ok) expect(decision.record).toEqual(record);
});

test('a guest must give a name, a known person need not', () => {
  expect(decide({ person: null }, { hasName: false })).toMatchObject({ code: 'name-missing' });
  expect(decide(full, { hasName: false })).toMatchObject({ code: 'name-missing' });
  expect(decide({}, { hasName: false })).toMatchObject({ kind: 'accepted' });
});

test('the refusal says what the host had said', () => {
  expect(decide({ record: excused })).toMatchObject({ detail: { status: 'excused' } });
});

describe('the moment that counts', () => {
  test('is when the code was opened, not when the form was sent', () => {
    const openedAt = at(startsAt + 300_000);
    const decision = decide({}, { openedAt, kind: 'typed' }, at(openedAt + 110_000));
    const record = { ...arrival, at: openedAt, how: 'typed' };
    expect(decision).toEqual({ ok: true, kind: 'accepted', record });
    const late = decide({}, { openedAt: at(openedAt + 1) });
    expect(late).toMatchObject({ record: { status: 'late', minutesLate: 5 } });
  });

  test('may lie before the closing, for 30 s after it', () => {
    const over: SessionFacts = { ...session, state: 'closed', closedAt: now };
    const facts = { session: over, record: missed };
    expect(decide(facts, {}, at(now + 30_000))).toMatchObject({
      kind: 'accepted',
      record: arrival,
    });
    expect(decide(facts, {}, at(now + 30_001))).toEqual({ ok: false, code: 'session-closed' });
  });

  test('is never in a session that is planned or cancelled', () => {
    const of = (state: SessionFacts['state']) => decide({ session: { ...session, state } });
    expect(of('planned')).toEqual({ ok: false, code: 'session-not-open' });
    expect(of('cancelled')).toEqual({ ok: false, code: 'session-cancelled' });
  });
});
