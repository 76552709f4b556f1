import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionId } from '../src/core/brand.ts';
import type { GroupView } from '../src/core/group.wire.ts';
import type { HistoryLine, SessionLine } from '../src/core/session.wire.ts';
import { moveSession } from '../src/server/session.ts';
import { runDueSessions } from '../src/server/session-close.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';

const minute = 60_000;
let server: TestServer<FakeClock>;
let school: School;
let group: string;

beforeEach(async () => {
  server = await startTestServer();
  school = await openSchool(server);
  group = await school.addClass([
    ['001', 'Amal'],
    ['002', 'Björn'],
    ['003', 'Chi'],
    ['004', 'Dwi'],
  ]);
});
afterEach(() => server[Symbol.asyncDispose]());

const person = async (session: SessionId, number: string) => {
  const found = (await school.board(session)).people.find((one) => one.number === number);
  if (!found) throw new Error(`${number} is not on the board`);
  return found;
};
const mark = async (session: SessionId, number: string, status: string | null, note?: string) =>
  school.admin.post<{ seq: number }>(`/api/sessions/${session}/marks`, {
    people: [(await person(session, number)).id],
    status,
    ...(note === undefined ? {} : { note }),
  });
const rates = async () =>
  new Map(
    (await school.admin.get<GroupView>(`/api/groups/${group}`)).value.roster.map(
      ({ number, rate }) => [number, rate],
    ),
  );
/** What the server's job does once a second. */
const tick = () => runDueSessions(server.app, (id) => moveSession(server.app, 'job', id, 'open'));

describe('closing', () => {
  test('marks whoever is enrolled and has nothing as absent, and nobody else', async () => {
    const session = await school.openSession({ group });
    await school.phone().checkIn(await school.token(session), '001');
    await mark(session, '002', 'excused');
    await school.admin.post(`/api/sessions/${session}/close`);
    const board = await school.board(session);
    expect(board.state).toBe('closed');
    expect(board.people.map(({ number, record }) => [number, record.status]).sort()).toEqual([
      ['001', 'present'],
      ['002', 'excused'],
      ['003', 'absent'],
      ['004', 'absent'],
    ]);
    const counts = await rates();
    expect([counts.get('001')?.rate, counts.get('002')?.rate, counts.get('003')?.rate]).toEqual([
      1,
      null,
      0,
    ]);
  });

  test('leaves a dispute to the host', async () => {
    const session = await school.openSession({ group });
    await school.phone().checkIn(await school.token(session), '001');
    await school.phone().checkIn(await school.token(session), '001');
    await school.admin.post(`/api/sessions/${session}/close`);
    expect((await person(session, '001')).record.pending).toBe(true);
    expect((await rates()).get('001')).toMatchObject({ counted: 0, rate: null });
  });

  test('can be taken back: after reopening, the absent may still check in', async () => {
    const session = await school.openSession({ group });
    await school.admin.post(`/api/sessions/${session}/close`);
    await school.admin.post(`/api/sessions/${session}/reopen`);
    const late = await school.phone().checkIn(await school.token(session), '003');
    expect(late.value.status).toBe('present');
    await mark(session, '004', 'absent');
    const told = await school.phone().checkIn(await school.token(session), '004');
    expect(told.problem).toMatchObject({ code: 'see-host', detail: { status: 'absent' } });
    await school.admin.post(`/api/sessions/${session}/close`);
    expect((await person(session, '003')).record.status).toBe('present');
  });

  test('happens by itself at the end plus grace, and planned sessions open by themselves', async () => {
    const now = server.clock.now();
    const session = await school.openSession({
      group,
      startsAt: now + 10 * minute,
      endsAt: now + 20 * minute,
    });
    expect((await school.board(session)).state).toBe('planned');
    server.clock.advance(10 * minute);
    await tick();
    expect((await school.board(session)).state).toBe('open');
    server.clock.advance(14 * minute);
    await tick();
    expect((await school.board(session)).state).toBe('open');
    server.clock.advance(minute);
    await tick();
    expect((await school.board(session)).state).toBe('closed');
    await school.admin.post(`/api/sessions/${session}/reopen`);
    await tick();
    expect((await school.board(session)).state).toBe('open');
  });

  test('needs an open session, cancelling needs a reason, and a move out of turn is refused', async () => {
    const session = await school.openSession({ group });
    expect(
      (await school.admin.post(`/api/sessions/${session}/cancel`, { reason: '  ' })).problem.code,
    ).toBe('reason-missing');
    await school.admin.post(`/api/sessions/${session}/cancel`, { reason: 'Fire drill' });
    expect((await school.board(session)).cancelReason).toBe('Fire drill');
    for (const move of ['close', 'open', 'pause', 'resume', 'refresh']) {
      expect((await school.admin.post(`/api/sessions/${session}/${move}`)).problem.code, move).toBe(
        'session-state',
      );
    }
    expect((await rates()).get('001')?.counted).toBe(0);
  });

  test('ten hosts closing at once close once', async () => {
    const session = await school.openSession({ group });
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => school.admin.post(`/api/sessions/${session}/close`)),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const history = await school.admin.get<HistoryLine[]>(`/api/sessions/${session}/history`);
    expect(history.value.filter(({ type }) => type === 'session.closed')).toHaveLength(1);
    expect(history.value.filter(({ type }) => type === 'absence')).toHaveLength(4);
  });
});

describe('the host’s word', () => {
  test('keeps the time of arrival, counts the minutes late and shows the note', async () => {
    const session = await school.openSession({ group });
    server.clock.advance(3 * minute);
    await school.phone().checkIn(await school.token(session), '001');
    server.clock.advance(30 * minute);
    await mark(session, '001', 'late', 'came by bus');
    const { record, note } = await person(session, '001');
    expect(record).toMatchObject({ status: 'late', minutesLate: 3, how: 'host' });
    expect(note).toBe('came by bus');
    await mark(session, '002', 'late');
    expect((await person(session, '002')).record.minutesLate).toBe(33);
  });

  test('is undone step by step, each step an event, and only the latest one', async () => {
    const session = await school.openSession({ group });
    await school.phone().checkIn(await school.token(session), '001');
    const arrived = (await person(session, '001')).record;
    const first = await mark(session, '001', 'absent');
    const second = await mark(session, '001', 'excused');
    const { id } = await person(session, '001');
    const undo = (seq: number) =>
      school.admin.post<{ seq: number }>(`/api/sessions/${session}/undo`, { person: id, seq });
    expect((await undo(first.value.seq)).problem.code).toBe('nothing-to-undo');
    const back = await undo(second.value.seq);
    expect((await person(session, '001')).record.status).toBe('absent');
    const history = await school.admin.get<HistoryLine[]>(
      `/api/sessions/${session}/history?person=${id}`,
    );
    expect(history.value.map(({ type }) => type)).toEqual([
      'check-in',
      'mark',
      'mark',
      'mark.undone',
    ]);
    expect(history.value[1]).toMatchObject({ actor: 'Ada Admin', subject: 'Amal' });
    const further = await undo(back.value.seq);
    expect((await person(session, '001')).record).toEqual(arrived);
    expect((await undo(further.value.seq)).problem.code).toBe('nothing-to-undo');
    await mark(session, '001', 'late');
    const { seq } = await person(session, '001');
    await undo(seq);
    expect((await person(session, '001')).record).toEqual(arrived);
  });

  test('given after the session, lands on the session’s day', async () => {
    const session = await school.openSession({ group });
    const opened = server.clock.now();
    await school.admin.post(`/api/sessions/${session}/close`);
    server.clock.advance(26 * 60 * minute);
    await school.signInAgain();
    await mark(session, '002', 'present');
    expect((await person(session, '002')).record).toMatchObject({ status: 'present', at: opened });
  });

  test('is only for people on the board, all of them or none', async () => {
    const session = await school.openSession({ group });
    const other = await school.openSession({ title: 'Other' });
    await school.phone().checkIn(await school.token(other), '9', 'Guest');
    const guest = (await person(other, '9')).id;
    const mine = (await person(session, '001')).id;
    const reply = await school.admin.post(`/api/sessions/${session}/marks`, {
      people: [mine, guest],
      status: 'present',
    });
    expect(reply.status).toBe(404);
    expect((await person(session, '001')).record.status).toBeNull();
    const several = (...people: string[]) =>
      school.admin.post(`/api/sessions/${session}/marks`, {
        people: [mine],
        status: 'late',
        note: 'bus',
        also: [{ people, status: 'excused' }],
      });
    expect((await several(guest)).status).toBe(404);
    expect((await person(session, '001')).record.status).toBeNull();
    const second = (await person(session, '002')).id;
    expect((await several(second, second)).status).toBe(200);
    expect((await person(session, '001')).record.status).toBe('late');
    expect((await person(session, '002')).record.status).toBe('excused');
    const last = (await person(session, '002')).seq;
    expect((await several(second, mine)).status).toBe(200);
    expect((await person(session, '001')).record.status).toBe('excused');
    expect((await person(session, '002')).seq).toBe(last + 2);
    const many = Array.from({ length: 5_000 }, () => mine);
    expect(await several(...many)).toMatchObject({
      status: 422,
      value: { code: 'input-invalid', detail: { field: 'also' } },
    });
  });
});

describe('rates', () => {
  test('never count a session before the enrolment or after its end, and never exceed 100 %', async () => {
    const session = await school.openSession({ group });
    await school.admin.post(`/api/sessions/${session}/close`);
    server.clock.advance(24 * 60 * minute);
    await school.signInAgain();
    const reply = await school.admin.post(`/api/groups/${group}/people`, {
      number: '005',
      name: 'Elif',
    });
    expect(reply.status).toBe(200);
    const next = await school.openSession({ group });
    await school.phone().checkIn(await school.token(next), '005');
    await school.admin.post(`/api/sessions/${next}/close`);
    const all = await rates();
    expect(all.get('005')).toMatchObject({ counted: 1, rate: 1 });
    expect(all.get('001')).toMatchObject({ counted: 2, absent: 2, rate: 0 });
    expect([...all.values()].every(({ rate }) => rate === null || rate <= 1)).toBe(true);
  });

  test('lists count came and expected from the records', async () => {
    const session = await school.openSession({ group });
    await school.phone().checkIn(await school.token(session), '001');
    const list = await school.admin.get<SessionLine[]>('/api/sessions');
    expect(list.value[0]).toMatchObject({
      id: session,
      came: 1,
      expected: 4,
      groupName: 'Physics 10B',
    });
  });
});

test('three days without a backup are a warning', async () => {
  const kinds = async () =>
    (
      await school.admin.get<{ warnings: { kind: string }[] }>('/api/installation')
    ).value.warnings.map(({ kind }) => kind);
  expect(await kinds()).not.toContain('no-backup');
  server.clock.advance(3 * 24 * 60 * minute);
  await school.signInAgain();
  expect(await kinds()).toContain('no-backup');
});
