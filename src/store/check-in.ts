import type { PersonId, SessionId } from '../core/brand.ts';
import { attemptRow, type CheckInOutcome, type PreparedAttempt } from './check-in-attempt.ts';
import { type KnownPerson, loadCheckInFacts } from './check-in-facts.ts';
import { type Planned, planOne } from './check-in-plan.ts';
import { holdEpoch } from './epoch.ts';
import { commit, type EventDraft, type Writing } from './ledger.ts';
import type { EventTable } from './schema.ts';
import type { SessionRow } from './session.ts';
import { type Store, sessionStream } from './store.ts';

/** Decides and records a batch of attempts in one transaction; one outcome for each, in order. */
export function checkInBatch(
  store: Store,
  attempts: readonly PreparedAttempt[],
): Promise<CheckInOutcome[]> {
  return commit(store, async (writing) => {
    const load = () => loadCheckInFacts(store, writing.tx, attempts);
    const locking = writing.lock(attempts.map(({ ticket }) => sessionStream(ticket.session)));
    const [early, held] = await Promise.all([load(), locking]);
    const batch = held ? early : await load();
    const outcomes: CheckInOutcome[] = [];
    const planned: Planned[] = [];
    const guests: KnownPerson[] = [];
    for (const [index, input] of attempts.entries()) {
      const result = planOne(store, batch, input, index, writing, guests);
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

async function record(
  store: Store,
  writing: Writing,
  planned: readonly Planned[],
  guests: readonly KnownPerson[],
): Promise<Map<Planned, EventTable>> {
  const fresh = planned.filter((plan) => plan.draft !== null);
  const { engine, organisation, vault } = store;
  const { tx, now } = writing;
  if (guests.length > 0) await holdEpoch(store, tx);
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
  const keys = guests.map(({ person, key }) => ({
    organisation,
    person,
    ...vault.wrapPersonKey(person, key),
  }));
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
