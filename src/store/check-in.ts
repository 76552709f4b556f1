import type { Instant, PersonId, SessionId } from '../core/brand.ts';
import { type CheckInDecision, decideCheckIn } from '../core/check-in.ts';
import { isEnrolled } from '../core/enrolment.ts';
import { makeId } from '../core/id.ts';
import type { RecordState } from '../core/record.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import type { Ticket } from '../core/ticket.ts';
import { type Batch, type KnownPerson, loadCheckInFacts } from './check-in-facts.ts';
import { commit, type EventDraft, type Writing } from './ledger.ts';
import type { AttemptTable, ClaimTable, EventTable } from './schema.ts';
import type { SessionRow } from './session.ts';
import { type Store, sessionStream } from './store.ts';

/** An attempt whose form and ticket have been checked. */
export interface PreparedAttempt {
  readonly attempt: string;
  readonly ticket: Ticket;
  /** Digest of ticket, number and name: the same attempt id with another body is refused. */
  readonly bodyDigest: string;
  readonly number: string;
  readonly name: string | null;
  /** Where the request came from; evidence, sealed. */
  readonly address: string;
}

export type CheckInOutcome =
  | {
      readonly ok: true;
      readonly kind: 'accepted' | 'guest' | 'disputed' | 'already';
      readonly session: SessionRow;
      readonly person: PersonId;
      readonly attempt: string;
      readonly record: RecordState;
      readonly proof: string;
    }
  | Refusal;

interface Planned {
  readonly index: number;
  readonly draft: EventDraft | null;
  readonly claim: ClaimTable | null;
  readonly input: PreparedAttempt;
  readonly decision: CheckInDecision & { ok: true };
  readonly session: SessionRow;
  readonly person: PersonId;
}

/** Decides and records a batch of attempts in one transaction; one outcome for each, in order. */
export function checkInBatch(
  store: Store,
  attempts: readonly PreparedAttempt[],
): Promise<CheckInOutcome[]> {
  return commit(store, async (writing) => {
    const locking = writing.lock(attempts.map(({ ticket }) => sessionStream(ticket.session)));
    if (!store.engine.exclusive) await locking;
    const [batch] = await Promise.all([loadCheckInFacts(store, writing.tx, attempts), locking]);
    const outcomes: CheckInOutcome[] = [];
    const planned: Planned[] = [];
    const guests: KnownPerson[] = [];
    for (const [index, input] of attempts.entries()) {
      const result = planOne(store, batch, input, index, writing.now, guests);
      if ('input' in result) planned.push(result);
      else outcomes[index] = result;
    }
    const events = await record(store, writing, planned, guests);
    for (const [{ session, person }, event] of events) {
      const stands = batch.records.get(`${session.id}/${person}`);
      if (stands) stands.proof = event.hash.slice(0, 10);
    }
    const proofOf = (session: SessionRow, person: PersonId) =>
      batch.records.get(`${session.id}/${person}`)?.proof ?? '';
    for (const plan of planned) {
      const { session, person, decision, input } = plan;
      const event = events.get(plan);
      outcomes[plan.index] = {
        ok: true,
        kind: decision.kind,
        session,
        person,
        attempt: input.attempt,
        record: decision.record,
        proof: event?.hash.slice(0, 10) ?? proofOf(session, person),
      };
    }
    // who repeats an attempt of this very batch was answered before its event had a hash
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome?.ok && outcome.proof === '') {
        outcomes[index] = { ...outcome, proof: proofOf(outcome.session, outcome.person) };
      }
    }
    return outcomes;
  });
}

function planOne(
  store: Store,
  batch: Batch,
  input: PreparedAttempt,
  index: number,
  now: Instant,
  guests: KnownPerson[],
): Planned | CheckInOutcome {
  const { ticket } = input;
  const session = batch.sessions.get(ticket.session);
  if (!session) return refuse('ticket-invalid');
  const earlier = batch.attempts.get(input.attempt);
  if (earlier) return repeat(batch, session, earlier, input);
  if (batch.tickets.has(ticket.id)) return refuse('ticket-used');

  const known = batch.find(session, input.number);
  const key = known && `${session.id}/${known.person}`;
  const stands = key ? (batch.records.get(key)?.record ?? null) : null;
  const claims = key ? (batch.claims.get(key) ?? []) : [];
  const browserClaim = batch.browserClaims.get(`${session.id}/${ticket.browser}`) ?? null;
  const decision = decideCheckIn(
    {
      session,
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
    now,
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
  };
  const isNew = !claimed;
  batch.records.set(key, { record: decision.record, proof: '' });
  if (isNew) batch.claims.set(key, [...(batch.claims.get(key) ?? []), claim]);
  batch.browserClaims.set(`${session.id}/${ticket.browser}`, claim);
  const row = attemptRow(organisation, input, person.person, 0);
  batch.tickets.set(ticket.id, row);
  batch.attempts.set(input.attempt, row);
  const draft: EventDraft = {
    stream: sessionStream(session.id),
    type: decision.kind === 'disputed' ? 'check-in.disputed' : 'check-in',
    occurredAt: ticket.issuedAt,
    actor: 'phone',
    subject: person.person,
    facts: { via: ticket.kind },
    record: decision.record,
    key: person.key,
    data: {
      number: input.number,
      name: person.name,
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
  if (earlier.body_digest !== input.bodyDigest || earlier.browser !== input.ticket.browser) {
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
  const wrapped = store.vault.makePersonKey(person);
  const key = store.vault.personKey(person, wrapped);
  const index = store.vault.guestIndex(session.id, input.number);
  const name = input.name ?? '';
  const guest: KnownPerson = {
    person,
    key,
    wrapped,
    index,
    number: input.number,
    name,
    guest: true,
    enrolment: null,
    session: session.id,
  };
  guests.push(guest);
  batch.people.set(index, guest);
  return guest;
}

async function record(
  store: Store,
  writing: Writing,
  planned: readonly Planned[],
  guests: readonly KnownPerson[],
): Promise<Map<Planned, EventTable>> {
  const fresh = planned.filter((plan) => plan.draft !== null);
  const { engine, organisation, vault } = store;
  const { tx, now } = writing;
  const events = await writing.append(fresh.map((plan) => plan.draft as EventDraft));
  const byPlan = new Map(fresh.map((plan, index) => [plan, events[index] as EventTable]));
  const people = guests.map((guest) => ({
    organisation,
    person: guest.person,
    number_index: guest.index,
    email_index: null,
    guest_of: guest.session as SessionId,
    state: 'active',
    merged_into: null,
    sealed: vault.sealPerson(guest.person, guest.key, {
      number: guest.number,
      name: guest.name,
      email: null,
    }),
    added_at: now,
  }));
  const keys = guests.map(({ person, wrapped }) => ({ organisation, person, ...wrapped }));
  const claims = fresh.flatMap(({ claim }) => claim ?? []);
  const attempts = [...byPlan].map(([{ input, person }, event]) =>
    attemptRow(organisation, input, person, event.seq),
  );
  writing.send(engine.insertMany(tx, 'person', people));
  writing.send(engine.insertMany(tx, 'person_key', keys));
  writing.send(engine.insertMany(tx, 'claim', claims));
  writing.send(engine.insertMany(tx, 'attempt', attempts));
  return byPlan;
}

function attemptRow(
  organisation: string,
  { attempt, ticket, bodyDigest }: PreparedAttempt,
  person: PersonId,
  seq: number,
): AttemptTable {
  const { id, browser, session } = ticket;
  return {
    organisation,
    ticket: id,
    attempt,
    browser,
    body_digest: bodyDigest,
    session,
    person,
    seq,
  };
}
