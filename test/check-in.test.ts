import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionId } from '../src/core/brand.ts';
import type { Receipt } from '../src/core/check-in.wire.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';
import { Visitor } from './visitor.ts';

let server: TestServer<FakeClock>;
let school: School;
let group: string;
let session: SessionId;

beforeEach(async () => {
  server = await startTestServer();
  school = await openSchool(server);
  group = await school.addClass([
    ['001', 'Amal'],
    ['002', 'Björn'],
    ['00A3', 'Chi'],
  ]);
  session = await school.openSession({ group, settings: { rosterRule: 'closed' } });
});
afterEach(() => server[Symbol.asyncDispose]());

const personOf = async (number: string) =>
  (await school.board(session)).people.find((person) => person.number === number);

describe('a rotating code', () => {
  test('lets an enrolled person in, on time and late', async () => {
    const early = await school.phone().checkIn(await school.token(session), '001');
    expect(early.value).toMatchObject({
      status: 'present',
      time: '09:00',
      session: 'Physics 10B',
      already: false,
    });
    server.clock.advance(7 * 60_000);
    const late = await school.phone().checkIn(await school.token(session), ' 00a3 ');
    expect(late.value).toMatchObject({ status: 'late', minutesLate: 7, number: '00A3' });
  });

  test('without or with a wrong signature is refused', async () => {
    const token = await school.token(session);
    const forged = token.slice(0, 8) + (token[8] === '0' ? '1' : '0') + token.slice(9);
    expect((await school.phone().scan(forged)).opening).toMatchObject({ code: 'code-unknown' });
    expect((await school.phone().get(`/${token.slice(0, 8)}`)).status).toBe(404);
  });

  test('of another session opens only that one', async () => {
    const other = await school.openSession({ title: 'Other' });
    const token = (await school.token(session)).slice(0, 4) + (await school.token(other)).slice(4);
    expect((await school.phone().scan(token)).opening).toMatchObject({ code: 'code-unknown' });
  });

  test('counts within its grace and not after', async () => {
    const token = await school.token(session);
    server.clock.advance(14_000);
    expect((await school.phone().scan(token)).status).toBe(200);
    server.clock.advance(60_000);
    const over = await school.phone().scan(token);
    expect([over.status, over.opening]).toMatchObject([410, { code: 'code-expired' }]);
  });

  test('from the future is refused', async () => {
    const token = await school.token(session);
    server.clock.advance(-60_000);
    expect((await school.phone().scan(token)).status).toBe(410);
  });

  test('is void after refresh, paused while paused, over after closing and cancelling', async () => {
    const token = await school.token(session);
    await school.admin.post(`/api/sessions/${session}/refresh`);
    expect((await school.phone().scan(token)).opening).toMatchObject({ code: 'code-replaced' });
    const fresh = await school.token(session);
    await school.admin.post(`/api/sessions/${session}/pause`);
    expect((await school.phone().scan(fresh)).opening).toMatchObject({ code: 'code-paused' });
    await school.admin.post(`/api/sessions/${session}/resume`);
    expect((await school.phone().scan(fresh)).status).toBe(200);
    await school.admin.post(`/api/sessions/${session}/close`);
    expect((await school.phone().scan(fresh)).opening).toMatchObject({ code: 'session-closed' });
    await school.admin.post(`/api/sessions/${session}/cancel`, { reason: 'fire drill' });
    expect((await school.phone().scan(fresh)).opening).toMatchObject({ code: 'session-cancelled' });
  });
});

describe('a ticket', () => {
  test('outlives refresh and pause, not two minutes', async () => {
    const phone = school.phone();
    const { opening } = await phone.scan(await school.token(session));
    await school.admin.post(`/api/sessions/${session}/refresh`);
    await school.admin.post(`/api/sessions/${session}/pause`);
    expect((await phone.submit(opening, '001')).status).toBe(200);
    const slow = school.phone();
    await school.admin.post(`/api/sessions/${session}/resume`);
    const second = await slow.scan(await school.token(session));
    server.clock.advance(121_000);
    expect((await slow.submit(second.opening, '002')).problem.code).toBe('ticket-expired');
  });

  test('is good for 30 s after closing, and dead after cancelling', async () => {
    const [one, two, three] = [school.phone(), school.phone(), school.phone()];
    const token = await school.token(session);
    const openings = [await one.scan(token), await two.scan(token), await three.scan(token)];
    await school.admin.post(`/api/sessions/${session}/close`);
    expect((await personOf('001'))?.record.status).toBe('absent');
    server.clock.advance(29_000);
    expect((await one.submit(openings[0]!.opening, '001')).value.status).toBe('present');
    server.clock.advance(2_000);
    expect((await two.submit(openings[1]!.opening, '002')).problem.code).toBe('session-closed');
    await school.admin.post(`/api/sessions/${session}/cancel`, { reason: 'fire drill' });
    expect((await three.submit(openings[2]!.opening, '00A3')).problem.code).toBe(
      'session-cancelled',
    );
  });

  test('is useless in another browser, and when it was changed', async () => {
    const { opening } = await school.phone().scan(await school.token(session));
    const thief = school.phone();
    await thief.scan(await school.token(session));
    expect((await thief.submit(opening, '001')).problem.code).toBe('ticket-other-browser');
    const changed = { ...opening, ticket: opening.ticket.replace('.code.', '.typed.') };
    expect((await thief.submit(changed, '001')).problem.code).toBe('ticket-invalid');
    expect((await school.phone().submit(opening, '001')).problem.code).toBe('cookies-needed');
  });

  test('takes one person in, and no other with the same phone', async () => {
    const phone = school.phone();
    const { opening } = await phone.scan(await school.token(session));
    expect((await phone.submit(opening, '001')).status).toBe(200);
    expect((await phone.submit(opening, '002')).problem.code).toBe('ticket-used');
    expect((await phone.checkIn(await school.token(session), '002')).problem.code).toBe(
      'browser-already-used',
    );
  });
});

describe('an attempt', () => {
  test('the same one ten times at once is one check-in, and every answer is the same', async () => {
    const phone = school.phone();
    const { opening } = await phone.scan(await school.token(session));
    const attempt = Visitor.attempt(opening.ticket);
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => phone.submit(opening, '001', undefined, attempt)),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(replies.map(({ value }) => value.proof)).size).toBe(1);
    const history = await school.admin.get<{ type: string }[]>(`/api/sessions/${session}/history`);
    expect(history.value.filter(({ type }) => type === 'check-in')).toHaveLength(1);
  });

  test('with another body or from another browser is refused', async () => {
    const phone = school.phone();
    const { opening } = await phone.scan(await school.token(session));
    const attempt = Visitor.attempt(opening.ticket);
    expect((await phone.submit(opening, '001', undefined, attempt)).status).toBe(200);
    expect((await phone.submit(opening, '002', undefined, attempt)).problem.code).toBe(
      'attempt-reused',
    );
    const other = school.phone();
    const second = await other.scan(await school.token(session));
    expect((await other.submit(second.opening, '002', undefined, attempt)).problem.code).toBe(
      'attempt-reused',
    );
    expect((await other.get(`/api/check-in/${attempt}`)).status).toBe(404);
  });

  test('answered but lost on the way is answered again after the ticket is over', async () => {
    const phone = school.phone();
    const { opening } = await phone.scan(await school.token(session));
    const attempt = Visitor.attempt(opening.ticket);
    const first = await phone.submit(opening, '001', undefined, attempt);
    server.clock.advance(10 * 60_000);
    const again = await phone.submit(opening, '001', undefined, attempt);
    expect(again.value).toMatchObject({ status: 'present', time: first.value.time });
  });

  test('taken by schema version 1, whose digest is gone, is answered as it was', async () => {
    const phone = school.phone();
    const { opening } = await phone.scan(await school.token(session));
    const attempt = Visitor.attempt(opening.ticket);
    const first = await phone.submit(opening, '001', undefined, attempt);
    const { engine } = server.app.store;
    await engine.write((tx) => tx.updateTable('attempt').set({ body_digest: '' }).execute());
    const again = await phone.submit(opening, '001', undefined, attempt);
    expect(again.status).toBe(200);
    expect(again.value.proof).toBe(first.value.proof);
    const stranger = await school.phone().submit(opening, '001', undefined, attempt);
    expect(stranger.status).toBeGreaterThanOrEqual(400);
  });

  test('cannot bring its own time, session or status', async () => {
    const phone = school.phone();
    const { opening } = await phone.scan(await school.token(session));
    const body = { attempt: randomUUID(), ticket: opening.ticket, number: '001' };
    for (const extra of [{ at: 0 }, { time: '08:00' }, { session }, { status: 'present' }]) {
      expect((await phone.post('/api/check-in', { ...body, ...extra })).problem.code).toBe(
        'input-invalid',
      );
    }
  });

  test('of a number that is not on a closed roster is refused, and the ticket stays good', async () => {
    const phone = school.phone();
    const { opening } = await phone.scan(await school.token(session));
    expect((await phone.submit(opening, '999')).problem.code).toBe('not-on-roster');
    expect((await phone.submit(opening, '001')).status).toBe(200);
  });

  test('a repeat from the same phone says since when', async () => {
    const phone = school.phone();
    await phone.checkIn(await school.token(session), '001');
    server.clock.advance(20 * 60_000);
    const again = await phone.checkIn(await school.token(session), '001');
    expect(again.value).toMatchObject({ already: true, status: 'present', time: '09:00' });
  });
});

describe('a number claimed from two phones', () => {
  test('waits on both until the host settles it with one touch', async () => {
    const [mine, theirs] = [school.phone(), school.phone()];
    const { opening } = await mine.scan(await school.token(session));
    const attempt = Visitor.attempt(opening.ticket);
    expect((await mine.submit(opening, '001', undefined, attempt)).value.status).toBe('present');
    const second = await theirs.checkIn(await school.token(session), '001');
    expect(second.value.status).toBe('pending');
    const first = await mine.get<Receipt>(`/api/check-in/${attempt}`);
    expect(first.value.status).toBe('pending');
    const person = await personOf('001');
    expect(person?.claims.map(({ mark }) => mark).sort()).toEqual(
      [first.value.mark, second.value.mark].sort(),
    );

    const keep = person?.claims.find(({ mark }) => mark === first.value.mark)?.claim;
    await school.admin.post(`/api/sessions/${session}/settle`, { person: person?.id, keep });
    expect((await mine.get<Receipt>(`/api/check-in/${attempt}`)).value.status).toBe('present');
    const dropped = await theirs.get<Receipt>(`/api/check-in/${second.value.attempt}`);
    expect(dropped.value).toMatchObject({ status: 'none', time: second.value.time });
    expect((await theirs.checkIn(await school.token(session), '002')).value.status).toBe('present');
    expect((await personOf('001'))?.record).toMatchObject({ status: 'present', pending: false });
  });

  test('counts nowhere while it waits, and nobody wins by being first when both are dropped', async () => {
    await school.phone().checkIn(await school.token(session), '001');
    await school.phone().checkIn(await school.token(session), '001');
    const person = await personOf('001');
    await school.admin.post(`/api/sessions/${session}/settle`, { person: person?.id, keep: null });
    expect((await personOf('001'))?.record.status).toBeNull();
    const twice = await school.admin.post(`/api/sessions/${session}/settle`, {
      person: person?.id,
      keep: null,
    });
    expect(twice.problem.code).toBe('no-conflict');
  });
});
