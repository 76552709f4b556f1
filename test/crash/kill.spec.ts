import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { Arrival, type Comer, enrolledComer, guestComer } from './arrival.ts';
import { deriveDayLines, readDayFolder } from './day-file-rows.ts';
import { type Hall, openHall } from './hall.ts';
import { listCheckIns, listFaults } from './ledger-audit.ts';
import { SeededChance } from './seeded-chance.ts';
import { ServerProcess } from './server-process.ts';
import { noon } from './ticking-clock.ts';

const kills = 10;
const phonesAtOnce = 8;
const enrolled = 500;
/** The clock of one life of the server begins so long after that of the life before: within a ticket's two minutes. */
const lifeMs = 8_000;

let hall: Hall;
beforeAll(async () => {
  hall = await openHall(enrolled);
});
afterAll(() => hall[Symbol.asyncDispose]());

/** Phones that come without a pause, and what became of each attempt. */
class Rush {
  readonly #queue: Comer[];
  readonly #chance: SeededChance;
  readonly arrivals: Arrival[] = [];
  /** Sent, and the server died before the answer came; each is sent again in its next life. */
  unanswered: Arrival[] = [];
  /** Sent, never answered, never sent again. */
  readonly givenUp: Arrival[] = [];

  constructor(comers: readonly Comer[], chance: SeededChance) {
    this.#queue = chance.shuffle(comers);
    this.#chance = chance;
  }

  /** Lets them come until the server dies. `answered` hears of each answer. */
  async run(origin: string, now: number, answered: () => void): Promise<void> {
    const repeats = this.unanswered;
    this.unanswered = [];
    const one = async () => {
      for (;;) {
        const arrival = repeats.pop() ?? (await this.#scan(origin, now));
        if (!arrival) return;
        if (!(await this.#send(origin, arrival))) return;
        answered();
      }
    };
    await Promise.all(Array.from({ length: phonesAtOnce }, one));
    // whoever did not come to repeat before the server died again tries in the next life
    this.unanswered.push(...repeats);
  }

  /** Repeats what is unanswered, with nobody new. */
  async repeat(origin: string): Promise<void> {
    for (const arrival of this.unanswered.splice(0)) await this.#send(origin, arrival);
  }

  /** null where the server died: a scan that is not answered leaves nothing. */
  async #scan(origin: string, now: number): Promise<Arrival | null> {
    const comer = this.#queue.pop();
    if (!comer) throw new Error('everybody has come: the server outlived them');
    try {
      const arrival = await Arrival.scan(origin, comer, now);
      this.arrivals.push(arrival);
      return arrival;
    } catch (error) {
      if (!isGone(error)) throw error;
      this.#queue.push(comer);
      return null;
    }
  }

  /** Now and then the same attempt is sent twice at once, as by a phone that lost patience. */
  async #send(origin: string, arrival: Arrival): Promise<boolean> {
    const times = this.#chance.next() < 0.15 ? 2 : 1;
    const replies = await Promise.allSettled(
      Array.from({ length: times }, () => arrival.send(origin)),
    );
    for (const reply of replies) {
      if (reply.status === 'rejected' && !isGone(reply.reason)) throw reply.reason;
      if (reply.status === 'fulfilled') {
        expect(reply.value, arrival.comer.number).toMatchObject({
          status: 200,
          value: { status: 'present', number: arrival.comer.number, already: false },
        });
      }
    }
    if (replies.every(({ status }) => status === 'fulfilled')) return true;
    // a copy may have been answered before the end; the phone does not repeat what was answered
    if (arrival.receipt === null) this.#leave(arrival);
    return false;
  }

  #leave(arrival: Arrival): void {
    if (this.#chance.next() < 0.25) this.givenUp.push(arrival);
    else this.unanswered.push(arrival);
  }
}

/** The connection broke, or nobody listens any more: not an answer of any kind. */
function isGone(error: unknown): boolean {
  const { message, cause } = error as Error & { cause?: { code?: string } };
  const broken = /^(ECONNREFUSED|ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(cause?.code ?? '');
  return broken || message === 'terminated';
}

/** One life of the server: it is killed at some moment of the rush. */
async function liveAndDie(rush: Rush, chance: SeededChance, life: number): Promise<void> {
  const now = noon + life * lifeMs;
  await using server = await ServerProcess.start({ ...hall.options, now });
  const dieAfter = chance.between(1, 60);
  const waitMs = chance.next() < 0.5 ? 0 : chance.between(1, 8);
  let answers = 0;
  let killed: Promise<void> | null = null;
  await rush.run(server.origin, now, () => {
    answers += 1;
    if (answers >= dieAfter) {
      killed ??= new Promise((resolve) => setTimeout(resolve, waitMs)).then(() => server.kill());
    }
  });
  await killed;
}

test('a server killed ten times under load loses and doubles nothing it acknowledged', async () => {
  const chance = new SeededChance();
  onTestFailed(() => {
    process.stderr.write(`again with the same chances: MUSTER_CRASH_SEED=${chance.seed}\n`);
  });
  const comers = Array.from({ length: enrolled }, (_, index) => [
    enrolledComer(hall.lecture, index),
    guestComer(hall.roll, index),
  ]).flat();
  const rush = new Rush(comers, chance);
  let interrupted = 0;
  for (let life = 0; life < kills; life += 1) {
    await liveAndDie(rush, chance, life);
    interrupted += rush.unanswered.length;
  }
  expect(interrupted, 'no kill met an attempt under way').toBeGreaterThan(0);

  const server = await ServerProcess.start({ ...hall.options, now: noon + kills * lifeMs });
  await using _ = server;
  const opened = await hall.open();
  await using __ = opened;
  const { store } = opened;
  const listAll = () => listCheckIns(store, [hall.lecture.session, hall.roll.session]);
  // before anybody sends anything: the files are mended by the start alone
  const survived = deriveDayLines(await listAll());
  await expect
    .poll(() => readDayFolder(hall.options.dayFolder), { timeout: 60_000 })
    .toEqual(survived);
  await rush.repeat(server.origin);
  expect(rush.unanswered).toEqual([]);

  const checkIns = await listAll();
  await expect
    .poll(() => readDayFolder(hall.options.dayFolder), { timeout: 60_000 })
    .toEqual(deriveDayLines(checkIns));
  expect(await server.stop()).toEqual({ code: 0, signal: null });

  const byAttempt = Map.groupBy(checkIns, ({ attempt }) => attempt);
  const acknowledged = rush.arrivals.filter(({ receipt }) => receipt !== null);
  expect(acknowledged.length).toBeGreaterThanOrEqual(kills);
  expect(acknowledged.length + rush.givenUp.length).toBe(rush.arrivals.length);
  for (const { attempt, comer, receipt } of acknowledged) {
    const found = byAttempt.get(attempt) ?? [];
    expect(found, `${comer.number} was acknowledged`).toHaveLength(1);
    const [{ number, name, event, record }] = found as [(typeof checkIns)[number]];
    expect([number, name, event.type]).toEqual([comer.number, comer.name, 'check-in']);
    expect(event.hash.slice(0, 10), `${comer.number}'s receipt`).toBe(receipt?.proof);
    expect(record).toMatchObject({ status: 'present', pending: 0, seq: event.seq });
  }
  for (const { attempt, comer } of rush.givenUp) {
    expect(byAttempt.get(attempt) ?? [], comer.number).toSatisfy(
      (found: unknown[]) => found.length <= 1,
    );
  }
  const known = new Set(rush.arrivals.map(({ attempt }) => attempt));
  expect(checkIns.filter(({ attempt }) => !known.has(attempt))).toEqual([]);
  const subjects = new Set(checkIns.map(({ event }) => event.subject));
  expect(subjects.size, 'nobody came twice').toBe(checkIns.length);
  expect(await listFaults(store)).toEqual([]);
});
