import { expect, test } from 'vitest';
import type { Instant, LocalDate, PersonId, SessionId } from './brand.ts';
import { type CheckInFacts, decideCheckIn, guestLimit } from './check-in.ts';
import { type RecordState, unmarked } from './record.ts';
import { defaultSettings, rosterRules } from './session.ts';
import { statuses } from './status.ts';

const startsAt = 1_790_000_000_000 as Instant;
const ada = 'ada' as PersonId;
const session = {
  ...defaultSettings,
  id: 'session' as SessionId,
  group: null,
  state: 'open' as const,
  startsAt,
  endsAt: null,
  closedAt: null,
  date: '2026-09-21' as LocalDate,
  codeEpoch: 0,
  paused: false,
};
const hows = ['code', 'typed', 'host', 'closing', 'import'] as const;

function* records(): Generator<RecordState | null> {
  yield null;
  yield unmarked;
  for (const status of statuses)
    for (const how of hows)
      for (const pending of [false, true])
        yield { status, how, pending, at: startsAt, minutesLate: status === 'late' ? 6 : 0 };
}

function* combinations(): Generator<CheckInFacts> {
  const people = [null, { id: ada, belongs: true }, { id: ada, belongs: false }];
  const claims = [null, ada, 'grace' as PersonId];
  for (const rosterRule of rosterRules)
    for (const person of people)
      for (const record of person ? records() : [null])
        for (const claimants of person ? [[], ['mine'], ['other'], ['other', 'mine']] : [[]])
          for (const claim of claims)
            for (const events of [0, guestLimit])
              yield {
                session: { ...session, rosterRule },
                events,
                person,
                record,
                claimants,
                browserClaim: claim && { person: claim, browser: 'mine' },
              };
}

const attempt = { browser: 'mine', kind: 'code', openedAt: startsAt, hasName: true } as const;
const decided = [...combinations()].map((facts) => ({
  facts,
  decision: decideCheckIn(facts, attempt, startsAt),
}));

test('there are thousands of combinations, and every outcome is among them', () => {
  expect(decided.length).toBeGreaterThan(4_000);
  const kinds = new Set(
    decided.map(({ decision }) => (decision.ok ? decision.kind : decision.code)),
  );
  expect([...kinds].sort()).toEqual([
    'accepted',
    'already',
    'browser-already-used',
    'disputed',
    'guest',
    'not-on-roster',
    'see-host',
    'session-full',
  ]);
});

test('nobody gets in by a phone that came for another', () => {
  for (const { facts, decision } of decided) {
    const { browserClaim, person } = facts;
    const used = browserClaim !== null && browserClaim.person !== person?.id;
    expect(!decision.ok && decision.code === 'browser-already-used').toBe(used);
  }
});

test('nobody but the enrolled gets into a closed roster', () => {
  for (const { facts, decision } of decided)
    if (facts.session.rosterRule === 'closed' && decision.ok)
      expect(facts.person?.belongs).toBe(true);
});

test('only a stranger becomes a guest, and only a guest finds a session full', () => {
  for (const { facts, decision } of decided) {
    const outcome = decision.ok ? decision.kind : decision.code;
    if (outcome === 'guest' || outcome === 'session-full') expect(facts.person).toBeNull();
    if (outcome === 'guest') expect(facts.events).toBeLessThan(guestLimit);
  }
});

test('a person whom only other phones claim is never accepted, and waits for the host', () => {
  for (const { facts, decision } of decided) {
    const claimed = facts.claimants.length > 0 && !facts.claimants.includes('mine');
    if (claimed && decision.ok) expect(decision.kind).toBe('disputed');
  }
});

test('a dispute ends by no phone', () => {
  for (const { facts, decision } of decided) {
    if (!decision.ok) continue;
    if (facts.record?.pending || decision.kind === 'disputed')
      expect(decision.record.pending).toBe(true);
    if (facts.record?.pending) expect(decision.record).toEqual(facts.record);
  }
});

test('only nothing and the closing give way to an arrival; every other record stays', () => {
  for (const { facts, decision } of decided) {
    if (!decision.ok) continue;
    const { record } = facts;
    const { pending: _, ...kept } = decision.record;
    if (decision.kind === 'already') expect(decision.record).toBe(record);
    else if (decision.kind === 'disputed' && record) expect(record).toMatchObject(kept);
    else if (decision.kind === 'accepted')
      expect(record === null || record.status === null || record.how === 'closing').toBe(true);
  }
});
