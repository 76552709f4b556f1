import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { guestLimit } from '../src/core/check-in.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';

let server: TestServer<FakeClock>;
let school: School;
let group: string;

beforeEach(async () => {
  server = await startTestServer();
  school = await openSchool(server);
  group = await school.addClass([
    ['001', 'Amal'],
    ['002', 'Björn'],
    ['00A3', 'Chi'],
  ]);
});
afterEach(() => server[Symbol.asyncDispose]());

describe('guests', () => {
  test('in dispute are called what the kept phone said', async () => {
    const roll = await school.openSession({ title: 'Quick roll' });
    await school.phone().checkIn(await school.token(roll), '400', 'Cara Mistyped');
    const right = await school.phone().checkIn(await school.token(roll), '400', 'Dora');
    const person = (await school.board(roll)).people[0];
    const keep = person?.claims.find(({ mark }) => mark === right.value.mark)?.claim;
    await school.admin.post(`/api/sessions/${roll}/settle`, { person: person?.id, keep });
    expect((await school.board(roll)).people).toMatchObject([
      { number: '400', name: 'Dora', guest: true, record: { status: 'present' } },
    ]);
    const again = await school.phone().checkIn(await school.token(roll), '400', 'Third');
    expect(again.value.status).toBe('pending');
  });

  test('many from one browser are one at most', async () => {
    const roll = await school.openSession({ title: 'Quick roll' });
    const phone = school.phone();
    const replies = [];
    for (let index = 0; index < 5; index += 1) {
      replies.push(await phone.checkIn(await school.token(roll), `G${index}`, `Guest ${index}`));
    }
    expect(replies.map(({ status }) => status)).toEqual([200, 409, 409, 409, 409]);
    expect((await school.board(roll)).people).toHaveLength(1);
  });

  test('need a name, become enrolled people by number when a roster is attached, or are merged by hand', async () => {
    const roll = await school.openSession({ title: 'Quick roll' });
    expect((await school.phone().checkIn(await school.token(roll), '001')).problem.code).toBe(
      'name-missing',
    );
    await school.phone().checkIn(await school.token(roll), '001', 'Amal?');
    await school.phone().checkIn(await school.token(roll), '2', 'Bjorn');
    const attached = await school.admin.post<object>(`/api/sessions/${roll}/roster`, { group });
    expect(attached.value).toEqual({ matched: 1, guests: 1 });
    let board = await school.board(roll);
    expect(board.people.map(({ number }) => number).sort()).toEqual(['001', '002', '00A3', '2']);
    const guest = board.people.find(({ number }) => number === '2')?.id;
    const person = board.people.find(({ number }) => number === '002')?.id;
    expect((await school.admin.post(`/api/sessions/${roll}/merge`, { guest, person })).status).toBe(
      200,
    );
    board = await school.board(roll);
    expect(board.people.find(({ number }) => number === '002')?.record.status).toBe('present');
    expect(board.people).toHaveLength(3);
    expect(
      (await school.admin.post(`/api/sessions/${roll}/merge`, { guest, person })).problem.code,
    ).toBe('not-a-guest');
  });

  test('a session whose ledger is long enough takes no further guests, but its own people still', async () => {
    const { engine, organisation } = server.app.store;
    const roll = await school.openSession({ group, settings: { rosterRule: 'walk-ins' } });
    await engine.write((tx) =>
      tx
        .updateTable('stream')
        .set({ seq: guestLimit })
        .where('organisation', '=', organisation)
        .where('stream', '=', `session:${roll}`)
        .execute(),
    );
    const stranger = await school.phone().checkIn(await school.token(roll), '999', 'Stranger');
    expect(stranger.problem.code).toBe('session-full');
    expect((await school.phone().checkIn(await school.token(roll), '001')).status).toBe(200);
  });

  test('of two classes with the same roll number never meet', async () => {
    const [one, two] = [
      await school.openSession({ title: 'A' }),
      await school.openSession({ title: 'B' }),
    ];
    await school.phone().checkIn(await school.token(one), '1', 'Anna');
    await school.phone().checkIn(await school.token(two), '1', 'Otto');
    expect((await school.board(one)).people[0]?.name).toBe('Anna');
    expect((await school.board(two)).people[0]?.name).toBe('Otto');
  });

  test.each([
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['\u202EnimdA', 'nimdA'],
    ['A\u0000\u0007B\nC', 'AB C'],
    ['اَلْعَرَبِيَّةُ', 'اَلْعَرَبِيَّةُ'],
    ['=HYPERLINK("x")', '=HYPERLINK("x")'],
  ])('the name %j is kept as plain text', async (typed, kept) => {
    const roll = await school.openSession({ title: 'Quick roll' });
    await school.phone().checkIn(await school.token(roll), '1', typed);
    expect((await school.board(roll)).people[0]?.name).toBe(kept);
  });

  test('a name of 10,000 characters or none is refused', async () => {
    const roll = await school.openSession({ title: 'Quick roll' });
    expect(
      (await school.phone().checkIn(await school.token(roll), '1', 'x'.repeat(10_000))).problem
        .code,
    ).toBe('name-malformed');
    expect(
      (await school.phone().checkIn(await school.token(roll), '1', '\u200b \u202e')).problem.code,
    ).toBe('name-missing');
    expect((await school.phone().checkIn(await school.token(roll), '<b>1', 'x')).problem.code).toBe(
      'number-malformed',
    );
  });
});
