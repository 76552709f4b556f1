// What tests of retention share: a class with a session that is open, rules, and a clock that is turned far.
import { expect } from 'vitest';
import type { PersonId, SessionId } from '../src/core/brand.ts';
import type { RetentionRules } from '../src/core/retention.ts';
import type { RetentionView } from '../src/core/retention.wire.ts';
import { runRetention } from '../src/store/retention.ts';
import type { RunOrder } from '../src/store/retention-runner.ts';
import type { Store } from '../src/store/store.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';

export const zone = 'Europe/Berlin';

const never = { evidence: null, access: null, mail: null, notes: null, guests: null };
/** Nothing is ever too old. */
export const forever: RetentionRules = { ...never, deactivated: null };

export class RetentionHouse implements AsyncDisposable {
  readonly server: TestServer<FakeClock>;
  readonly school: School;
  /** Amal, 001, and Bea, 002, are enrolled in it. */
  readonly group: string;
  /** A session of the group to which others may come too. */
  readonly roll: SessionId;

  private constructor(
    server: TestServer<FakeClock>,
    school: School,
    { group, roll }: Pick<RetentionHouse, 'group' | 'roll'>,
  ) {
    this.server = server;
    this.school = school;
    this.group = group;
    this.roll = roll;
  }

  static async open(): Promise<RetentionHouse> {
    const server = await startTestServer();
    const school = await openSchool(server);
    const group = await school.addClass([
      ['001', 'Amal'],
      ['002', 'Bea'],
    ]);
    const roll = await school.openSession({ group, settings: { rosterRule: 'walk-ins' } });
    return new RetentionHouse(server, school, { group, roll });
  }

  get store(): Store {
    return this.server.app.store;
  }

  /** As the job runs it. */
  run(order: Partial<RunOrder> = {}) {
    return runRetention(this.store, { actor: 'job', zone, ...order });
  }

  async faults() {
    return (await finish(verifyLedger(this.store))).faults;
  }

  async setRules(rules: Partial<RetentionRules>): Promise<void> {
    const body = { rules: { ...forever, ...rules }, confirmed: true };
    const { status } = await this.school.admin.post('/api/retention', body);
    expect(status).toBe(200);
  }

  /** Turns the clock; an administrator who did nothing for long signs in again. */
  async goTo(moment: string): Promise<void> {
    this.server.clock.set(moment);
    await this.school.signInAgain();
  }

  async view(): Promise<RetentionView> {
    return (await this.school.admin.get<RetentionView>('/api/retention')).value;
  }

  async checkIn(...numbers: readonly string[]): Promise<void> {
    for (const number of numbers)
      await this.school.phone().checkIn(await this.school.token(this.roll), number);
  }

  async close(session = this.roll): Promise<void> {
    const { status } = await this.school.admin.post(`/api/sessions/${session}/close`);
    expect(status).toBe(200);
  }

  async personOf(number: string): Promise<PersonId> {
    const { people } = await this.school.board(this.roll);
    return people.find((one) => one.number === number)?.id as PersonId;
  }

  /** In the order of their streams; null where one is destroyed. */
  async payloadsOf(type: string): Promise<(Uint8Array | null)[]> {
    const rows = await this.store.engine.read
      .selectFrom('event')
      .select(['type', 'payload'])
      .where('type', '=', type)
      .orderBy('seq')
      .execute();
    return rows.map(({ payload }) => payload);
  }

  eventsOf(type: string) {
    return this.store.engine.read
      .selectFrom('event')
      .select(['facts', 'actor'])
      .where('type', '=', type)
      .orderBy('seq')
      .execute();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}
