import type { Instant, PersonId } from '../core/brand.ts';
import { type CheckInDecision, decideCheckIn } from '../core/check-in.ts';
import { isEnrolled } from '../core/enrolment.ts';
import { makeId } from '../core/id.ts';
import { refuse } from '../core/refusal.ts';
import { attemptRow, type CheckInOutcome, type PreparedAttempt } from './check-in-attempt.ts';
import type { Batch, KnownPerson } from './check-in-facts.ts';
import type { EventDraft, Writing } from './ledger.ts';
import type { AttemptTable, ClaimTable } from './schema.ts';
import type { SessionRow } from './session.ts';
import { type Store, sessionStream } from './store.ts';

/** What an attempt that is not refused leads to. */
export interface Planned {
  readonly index: number;
  readonly draft: EventDraft | null;
  readonly claim: ClaimTable | null;
  readonly input: PreparedAttempt;
  readonly decision: CheckInDecision & { ok: true };
  readonly session: SessionRow;
  readonly person: PersonId;
}

/** Decides one attempt against the batch's view, which moves along. New guests are added to `guests`. */
export function planOne(
  store: Store,
  batch: Batch,
  input: PreparedAttempt,
  index: number,
  { now, lengthOf }: Pick<Writing, 'now' | 'lengthOf'>,
  guests: KnownPerson[],
): Planned | CheckInOutcome {
  const { ticket } = input;
  const session = batch.sessions.get(ticket.session);
  if (!session) return refuse('ticket-invalid');
  const earlier = batch.attempts.get(input.attempt);
  if (earlier) return repeat(batch, session, earlier, input);
  if (batch.tickets.has(ticket.id)) return refuse('ticket-used');

  const known = batch.find(session, input.number);
  if (known?.active === false) return refuse('not-on-roster');
  const key = known && `${session.id}/${known.person}`;
  const stands = key ? (batch.records.get(key)?.record ?? null) : null;
  const claims = key ? (batch.claims.get(key) ?? []) : [];
  const browserClaim = batch.browserClaims.get(`${session.id}/${ticket.browser}`) ?? null;
  const decision = decideCheckIn(
    {
      session,
      events: lengthOf(sessionStream(session.id)),
      person: known && {
        id: known.person,
        belongs: known.guest || isEnrolled(known.enrolment, session.date),
      },
      record: stands,
      claimants: claims.map(({ browser }) => browser),
      browserClaim: browserClaim && {
        person: browserClaim.person as PersonId,
        browser: ticket.browser,
      },
    },
    {
      browser: ticket.browser,
      kind: ticket.kind,
      openedAt: ticket.issuedAt,
      hasName: input.name !== null,
    },
    // a terminal that was without its server says when it was: that is when the session must have been open
    ticket.kind === 'terminal' ? ticket.issuedAt : now,
  );
  if (!decision.ok) return decision;
  const person = known ?? makeGuest(store, batch, session, input, now, guests);
  if (decision.kind === 'already') {
    return { index, draft: null, claim: null, input, decision, session, person: person.person };
  }
  return remember(store, batch, { index, input, decision, session }, person, browserClaim !== null);
}

/** The batch's own view moves on, so that the next attempt in it sees this one. */
function remember(
  store: Store,
  batch: Batch,
  plan: Pick<Planned, 'index' | 'input' | 'decision' | 'session'>,
  person: KnownPerson,
  claimed: boolean,
): Planned {
  const { input, decision, session } = plan;
  const { ticket } = input;
  const key = `${session.id}/${person.person}`;
  const { organisation } = store;
  const claim: ClaimTable = {
    organisation,
    session: session.id,
    browser: ticket.browser,
    person: person.person,
    at: ticket.issuedAt,
    via: ticket.kind,
  };
  const isProven = ticket.kind === 'terminal';
  const isNew = !claimed && !isProven;
  batch.records.set(key, { record: decision.record, proof: '' });
  if (isNew) batch.claims.set(key, [...(batch.claims.get(key) ?? []), claim]);
  if (!isProven) batch.browserClaims.set(`${session.id}/${ticket.browser}`, claim);
  const row = attemptRow(organisation, input, person.person, 0);
  batch.tickets.set(ticket.id, row);
  batch.attempts.set(input.attempt, row);
  const draft: EventDraft = {
    stream: sessionStream(session.id),
    type: decision.kind === 'disputed' ? 'check-in.disputed' : 'check-in',
    occurredAt: ticket.issuedAt,
    actor: isProven ? 'terminal' : 'phone',
    subject: person.person,
    facts: { via: ticket.kind, ...(isProven && ticket.ageMs > 0 ? { clock: 'claimed' } : {}) },
    record: decision.record,
    key: person.key,
    data: {
      number: input.number,
      // what a guest's phone says may differ from the name that another phone gave with the number
      name: person.guest ? (input.name ?? person.name) : person.name,
      attempt: input.attempt,
      browser: ticket.browser,
      slot: ticket.slot,
      ageMs: ticket.ageMs,
      address: input.address,
    },
  };
  return { ...plan, draft, claim: isNew ? claim : null, person: person.person };
}

/** The first outcome again, for the browser that has it; the same id with another body or browser is refused. */
function repeat(
  batch: Batch,
  session: SessionRow,
  earlier: AttemptTable,
  input: PreparedAttempt,
): CheckInOutcome {
  // schema version 2 took away the digests of version 1, which numbers could be tried against
  const isSame = earlier.body_digest === '' || earlier.body_digest === input.bodyDigest;
  if (!isSame || earlier.browser !== input.ticket.browser) {
    return refuse('attempt-reused');
  }
  const stands = batch.records.get(`${earlier.session}/${earlier.person}`);
  if (!stands) return refuse('see-host');
  return {
    ok: true,
    kind: 'accepted',
    session,
    person: earlier.person as PersonId,
    attempt: earlier.attempt,
    record: stands.record,
    proof: stands.proof,
  };
}

function makeGuest(
  store: Store,
  batch: Batch,
  session: SessionRow,
  input: PreparedAttempt,
  now: Instant,
  guests: KnownPerson[],
): KnownPerson {
  const person = makeId<PersonId>(now, store.random);
  const key = store.vault.makePersonKey(person);
  const index = store.vault.guestIndex(session.id, input.number);
  const name = input.name ?? '';
  const guest: KnownPerson = {
    person,
    key,
    index,
    number: input.number,
    name,
    guest: true,
    active: true,
    enrolment: null,
    session: session.id,
  };
  guests.push(guest);
  batch.people.set(index, guest);
  return guest;
}
