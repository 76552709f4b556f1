// A small class whose phones and hosts do things at once, on either of two instances; what they were answered is kept.
import type { PersonId, SessionId } from '../../src/core/brand.ts';
import { makeId } from '../../src/core/id.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import type { Status } from '../../src/core/status.ts';
import type { App } from '../../src/server/app.ts';
import { mergeGuest } from '../../src/server/guest.ts';
import { markPeople, undoMark } from '../../src/server/mark.ts';
import { moveSession } from '../../src/server/session.ts';
import { closeSession } from '../../src/server/session-close.ts';
import { settleClaim } from '../../src/server/settle.ts';
import { checkInBatch } from '../../src/store/check-in.ts';
import type { CheckInOutcome, PreparedAttempt } from '../../src/store/check-in-attempt.ts';
import { Directory } from '../../src/store/directory.ts';
import { insertGroup } from '../../src/store/group.ts';
import { applyRoster } from '../../src/store/roster.ts';
import { openRoll } from '../../src/store/throwaway.ts';
import { random, type Stores } from './open-store.ts';

/** What somebody does; numbers choose among sessions, people and phones. */
export type Step =
  | {
      readonly kind: 'check-in';
      readonly session: number;
      readonly who: number;
      readonly phone: number;
    }
  | { readonly kind: 'repeat'; readonly attempt: number }
  | {
      readonly kind: 'mark';
      readonly session: number;
      readonly who: number;
      readonly status: Status | null;
    }
  | { readonly kind: 'undo'; readonly session: number; readonly who: number }
  | { readonly kind: 'settle'; readonly session: number; readonly who: number }
  | {
      readonly kind: 'merge';
      readonly session: number;
      readonly guest: number;
      readonly who: number;
    }
  | { readonly kind: 'close'; readonly session: number }
  | { readonly kind: 'reopen'; readonly session: number };

type Judged = Extract<Step, { kind: 'mark' | 'undo' | 'settle' | 'merge' }>;

/** Enrolled are the first three; the others come as guests. */
const numbers = ['101', '102', '103', '901', '902', '903'];

export class RollCall {
  readonly #stores: Stores;
  readonly #apps: readonly App[];
  readonly #sessions: readonly SessionId[];
  readonly #people: readonly PersonId[];
  readonly attempts: PreparedAttempt[] = [];
  /** Every answer that an attempt got, by its id. */
  readonly outcomes = new Map<string, CheckInOutcome[]>();
  /** Places of the marks, settlements and merges that were answered with one. */
  readonly places: string[] = [];

  private constructor(stores: Stores, sessions: SessionId[], people: PersonId[]) {
    this.#stores = stores;
    this.#sessions = sessions;
    this.#people = people;
    this.#apps = [stores.first, stores.second].map(
      (store) => ({ store, directory: new Directory(store) }) as unknown as App,
    );
  }

  static async open(stores: Stores): Promise<RollCall> {
    const { first } = stores;
    const group = await insertGroup(first, 'operator' as PersonId, {
      name: 'Physics',
      settings: {} as never,
    });
    const rows = numbers
      .slice(0, 3)
      .map((number) => ({ line: 1, number, name: `P ${number}`, email: null, problems: [] }));
    const from = { date: '2026-01-01' as never, named: true };
    const order = { group, from, mayRename: true, knows: null };
    const enrolled = await applyRoster(first, order, 'operator', rows);
    const sessions: SessionId[] = [];
    for (let count = 0; count < 3; count += 1) {
      // the last one is a quick roll
      const change = count < 2 ? { group, rosterRule: 'guests' as never } : {};
      sessions.push(await openRoll(first, 'Europe/Berlin', change));
    }
    return new RollCall(
      stores,
      sessions,
      enrolled.map(({ person }) => person as PersonId),
    );
  }

  /** All at once, in turn on either instance. */
  async doAtOnce(steps: readonly Step[]): Promise<void> {
    await Promise.all(steps.map((step, index) => this.#do(step, this.#apps[index % 2] as App)));
  }

  async #do(step: Step, app: App): Promise<void> {
    if (step.kind === 'check-in') return this.#send(app, this.#prepare(step));
    if (step.kind === 'repeat') {
      const attempt = this.attempts[step.attempt % Math.max(1, this.attempts.length)];
      if (attempt) await this.#send(app, attempt);
      return;
    }
    const session = this.#session(step.session);
    if (step.kind === 'close' || step.kind === 'reopen') {
      if (step.kind === 'close') await closeSession(app, 'operator', session);
      else await moveSession(app, 'operator', session, 'reopen');
      return;
    }
    const person = await this.#person(step.who, session);
    if (person === null) return;
    const answer = await this.#decide(app, step, session, person);
    if (answer && !isRefusal(answer)) this.places.push(`${session}/${answer.seq}`);
  }

  async #decide(app: App, step: Judged, session: SessionId, person: PersonId) {
    switch (step.kind) {
      case 'mark':
        return markPeople(app, 'operator', session, {
          people: [person],
          status: step.status,
          note: 'said',
        });
      case 'undo': {
        const record = await this.#record(session, person);
        return undoMark(app, 'operator', session, { person, seq: record?.seq ?? 1 });
      }
      case 'settle': {
        const { engine } = app.store;
        const claims = engine.read
          .selectFrom('claim')
          .select('browser')
          .where('session', '=', session);
        const row = await claims.where('person', '=', person).executeTakeFirst();
        return settleClaim(app, 'operator', session, { person, keep: row?.browser ?? null });
      }
      case 'merge': {
        const guest = await this.#person(3 + (step.guest % 3), session);
        return guest && mergeGuest(app, 'operator', session, { guest, person });
      }
      default:
        return null;
    }
  }

  #prepare({ session, who, phone }: Step & { kind: 'check-in' }): PreparedAttempt {
    const { clock } = this.#stores;
    const id = () => makeId<string>(clock.now(), random);
    const number = numbers[who % numbers.length] as string;
    const attempt: PreparedAttempt = {
      attempt: id(),
      ticket: {
        id: id(),
        session: this.#session(session),
        browser: `browser-${phone % 8}`,
        kind: 'code',
        slot: 1,
        ageMs: 0,
        issuedAt: clock.now(),
      },
      bodyDigest: number,
      number,
      name: `Name ${number}`,
      address: '192.0.2.1',
    };
    this.attempts.push(attempt);
    return attempt;
  }

  async #send(app: App, attempt: PreparedAttempt): Promise<void> {
    const [outcome] = await checkInBatch(app.store, [attempt]);
    const known = this.outcomes.get(attempt.attempt) ?? [];
    this.outcomes.set(attempt.attempt, [...known, outcome as CheckInOutcome]);
  }

  #session(index: number): SessionId {
    return this.#sessions[index % this.#sessions.length] as SessionId;
  }

  /** Somebody enrolled, or the guest with this number, where there is one. */
  async #person(who: number, session: SessionId): Promise<PersonId | null> {
    const number = numbers[who % numbers.length] as string;
    const enrolled = this.#people[numbers.indexOf(number)];
    if (enrolled) return enrolled;
    const { engine, vault } = this.#stores.first;
    const row = await engine.read
      .selectFrom('person')
      .select('person')
      .where('number_index', '=', vault.guestIndex(session, number))
      .executeTakeFirst();
    return (row?.person as PersonId | undefined) ?? null;
  }

  #record(session: SessionId, person: PersonId) {
    return this.#stores.first.engine.read
      .selectFrom('record')
      .select('seq')
      .where('session', '=', session)
      .where('person', '=', person)
      .executeTakeFirst();
  }
}
