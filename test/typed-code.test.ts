import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionId } from '../src/core/brand.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';

let server: TestServer<FakeClock>;
let school: School;
let session: SessionId;

beforeEach(async () => {
  server = await startTestServer();
  school = await openSchool(server);
  const group = await school.addClass([
    ['001', 'Amal'],
    ['002', 'Björn'],
  ]);
  session = await school.openSession({ group, settings: { rosterRule: 'closed' } });
});
afterEach(() => server[Symbol.asyncDispose]());

const personOf = async (number: string) =>
  (await school.board(session)).people.find((person) => person.number === number);

describe('a typed code', () => {
  test('lets in for its minute and the next', async () => {
    const code = await school.typed(session);
    const phone = school.phone();
    const opened = await phone.post<never>('/api/typed-code', {
      code: ` ${code.toLowerCase().slice(0, 3)}-${code.slice(3)} `,
    });
    expect((await phone.submit(opened.value, '001')).value.status).toBe('present');
    server.clock.advance(60_000);
    expect((await school.phone().post('/api/typed-code', { code })).status).toBe(200);
    server.clock.advance(61_000);
    expect((await school.phone().post('/api/typed-code', { code })).problem.code).toBe(
      'typed-code-wrong',
    );
  });

  test('in dispute stays a typed code when the host settles it', async () => {
    const phones = [school.phone(), school.phone()];
    for (const phone of phones) {
      const opened = await phone.post<never>('/api/typed-code', {
        code: await school.typed(session),
      });
      await phone.submit(opened.value, '001');
    }
    const person = await personOf('001');
    const keep = person?.claims[0]?.claim;
    await school.admin.post(`/api/sessions/${session}/settle`, { person: person?.id, keep });
    expect((await personOf('001'))?.record).toMatchObject({ status: 'present', how: 'typed' });
  });

  test('is off where the host says so', async () => {
    const code = await school.typed(session);
    await school.admin.post(`/api/sessions/${session}/change`, { settings: { typedCode: false } });
    expect((await school.phone().post('/api/typed-code', { code })).problem.code).toBe(
      'typed-code-off',
    );
  });

  test('guessing is throttled per browser, and a neighbour behind the same address still gets in', async () => {
    const guesser = school.phone();
    await guesser.scan(await school.token(session));
    const codes: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      codes.push(
        (await guesser.post('/api/typed-code', { code: `ZZZZZ${index % 10}` })).problem.code,
      );
    }
    expect(codes.filter((code) => code === 'typed-code-wrong').length).toBeLessThan(10);
    expect(codes.at(-1)).toBe('throttled');
    const right = await guesser.post('/api/typed-code', { code: await school.typed(session) });
    expect(right.status).toBe(200);
    const neighbour = school.phone();
    expect(
      (await neighbour.post('/api/typed-code', { code: await school.typed(session) })).status,
    ).toBe(200);
  });

  test('guessing from ever new browsers becomes slow and is reported to hosts', async () => {
    for (let index = 0; index < 60; index += 1)
      await school.phone().post('/api/typed-code', { code: 'ZZZZZZ' });
    const installation = await school.admin.get<{ warnings: { kind: string }[] }>(
      '/api/installation',
    );
    expect(installation.value.warnings.map(({ kind }) => kind)).toContain('guessing');
    const many = await Promise.all(
      Array.from({ length: 80 }, () => school.phone().post('/api/typed-code', { code: 'ZZZZZZ' })),
    );
    expect(many.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(16);
    expect(
      (await school.phone().post('/api/typed-code', { code: await school.typed(session) })).status,
    ).toBe(200);
  });
});
