// A session’s hosts at the same moment on two instances.
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionId } from '../../src/core/brand.ts';
import { encodeSessionCode } from '../../src/core/code.ts';
import type { BoardPerson } from '../../src/core/session.wire.ts';
import type { App } from '../../src/server/app.ts';
import { createSession } from '../../src/server/session-create.ts';
import { rebuildRecords } from '../../src/store/rebuild.ts';
import { finish, verifyLedger } from '../../src/store/verify.ts';
import { eventTypes } from '../account-rows.ts';
import { serverNames } from '../engines.ts';
import { type Instances, startInstances } from '../instances.ts';
import { times } from '../jar.ts';
import { openSchool, type School } from '../school.ts';
import { Visitor } from '../visitor.ts';
import { beforeCommit } from './hold.ts';

describe.each(serverNames)('on two instances over %s', (engine) => {
  let instances: Instances;
  let school: School;
  let group: string;
  let session: SessionId;

  beforeEach(async () => {
    instances = await startInstances(engine);
    school = await openSchool(instances.first);
    group = await school.addGroup('Physics 10B');
    await school.enrol(group, [
      ['001', 'Amal'],
      ['002', 'Björn'],
      ['003', 'Chi'],
    ]);
    session = await school.openSession({ group });
  });
  afterEach(() => instances[Symbol.asyncDispose]());

  const server = (index: number) => (index % 2 === 0 ? instances.first : instances.second);
  const app = (index = 0): App => server(index).app;
  /** The administrator’s browser at either instance. */
  const host = (index: number): Visitor => {
    const visitor = new Visitor(server(index).origin);
    for (const [name, value] of school.admin.cookies) visitor.cookies.set(name, value);
    return visitor;
  };
  const ask = (move: string, body: object = {}) =>
    times(10, async (index) => {
      const reply = await host(index).post(`/api/sessions/${session}/${move}`, body);
      return reply.status === 200 ? 'done' : reply.problem.code;
    });
  const count = async (type: string) =>
    (await eventTypes(instances.first)).filter((found) => found === type).length;
  const personOf = async (number: string) =>
    (await school.board(session)).people.find((person) => person.number === number) as BoardPerson;
  const faults = async () => (await finish(verifyLedger(app().store))).faults;

  test('ten closings are one closing, and each absence is one absence', async () => {
    const answers = await ask('close');
    expect(answers.sort()).toEqual(['done', ...Array(9).fill('session-state')]);
    expect(await count('session.closed')).toBe(1);
    expect(await count('absence')).toBe(3);
    expect(await faults()).toEqual([]);
  });

  test('ten marks that take each other’s place are ten events, and the last one stands', async () => {
    const { id } = await personOf('001');
    const statuses = ['present', 'absent', 'excused', 'late'];
    await times(10, (index) =>
      host(index).post(`/api/sessions/${session}/marks`, {
        people: [id],
        status: statuses[index % 4],
      }),
    );
    expect(await count('mark')).toBe(10);
    expect(await faults()).toEqual([]);
  });

  test('a mark is taken back once', async () => {
    const { id: person } = await personOf('001');
    const mark = { people: [person], status: 'present' };
    const { value } = await host(0).post<{ seq: number }>(`/api/sessions/${session}/marks`, mark);
    const answers = await ask('undo', { person, seq: value.seq });
    expect(answers.sort()).toEqual(['done', ...Array(9).fill('nothing-to-undo')]);
    expect((await personOf('001')).record.status).toBeNull();
  });

  test('a dispute is settled once', async () => {
    for (let phone = 0; phone < 2; phone += 1) {
      await school.phone().checkIn(await school.token(session), '001');
    }
    const { id: person, claims } = await personOf('001');
    expect(claims).toHaveLength(2);
    const answers = await ask('settle', { person, keep: claims[0]?.claim });
    expect(answers.sort()).toEqual(['done', ...Array(9).fill('no-conflict')]);
    expect(await count('check-in.settled')).toBe(1);
  });

  test('a guest becomes somebody once', async () => {
    await school.phone().checkIn(await school.token(session), '777', 'Amal');
    const { id: guest } = await personOf('777');
    const { id: person } = await personOf('001');
    const answers = await ask('merge', { guest, person });
    expect(answers.sort()).toEqual(['done', ...Array(9).fill('not-a-guest')]);
    expect(await count('guest.merged')).toBe(1);
    expect(await faults()).toEqual([]);
  });

  test('a roster is attached to a quick roll once', async () => {
    session = await school.openSession({});
    await school.phone().checkIn(await school.token(session), '002', 'B');
    const answers = await ask('roster', { group });
    expect(answers.sort()).toEqual(['done', ...Array(9).fill('session-state')]);
    expect(await count('guest.merged')).toBe(1);
    expect(await faults()).toEqual([]);
  });

  /** An instance whose next sessions are all given this code first. */
  const wanting = (code: number, index = 0): App => {
    const { store } = app(index);
    const three = Uint8Array.of((code >> 16) & 0xff, (code >> 8) & 0xff, code & 0xff);
    let first = true;
    const bytes = (length: number) => {
      if (length !== 3 || !first) return store.random.bytes(length);
      first = false;
      return three;
    };
    return { ...app(index), store: { ...store, random: { bytes } } };
  };
  const codeOf = async (id: SessionId) => {
    const { engine: database } = app().store;
    const query = database.read.selectFrom('session').select(['code', 'state']);
    return query.where('session', '=', id).executeTakeFirstOrThrow();
  };
  const created = async (answer: { id: SessionId } | { code: string }) =>
    codeOf((answer as { id: SessionId }).id);

  test('two sessions opened with one code have two', async () => {
    const answers = await times(2, (index) => createSession(wanting(4_711, index), 'operator', {}));
    const codes = await Promise.all(answers.map(created));
    expect(new Set(codes.map(({ code }) => code)).size).toBe(2);
  });

  test('a session that opens again keeps its code, whoever wanted it meanwhile', async () => {
    const { id } = (await createSession(wanting(815), 'operator', {})) as { id: SessionId };
    const { code } = await codeOf(id);
    expect(code).toBe(encodeSessionCode(815));
    await host(0).post(`/api/sessions/${id}/close`, {});
    const [answer] = await beforeCommit(
      app().store,
      (tx) => tx.updateTable('session').set({ state: 'open' }).where('session', '=', id).execute(),
      [() => createSession(wanting(815, 1), 'operator', {})],
    );
    expect(await codeOf(id)).toEqual({ code, state: 'open' });
    expect((await created(answer)).code).not.toBe(code);
  });

  test('records are rebuilt while people check in, and nothing differs', async () => {
    const crowd = times(40, async (index) => {
      const phone = new Visitor(server(index).origin);
      await pause(index * 5);
      return phone.checkIn(await school.token(session), `9${index}`, `Guest ${index}`);
    });
    let rebuilt = 0;
    let over = false;
    const rebuilding = (async () => {
      while (!over) {
        const { differences } = await rebuildRecords(app(rebuilt).store, 'operator');
        expect(differences).toEqual([]);
        rebuilt += 1;
      }
    })();
    const replies = await crowd.finally(() => {
      over = true;
    });
    await rebuilding;
    expect(replies.map(({ status }) => status)).toEqual(Array(40).fill(200));
    expect(rebuilt).toBeGreaterThan(0);
    expect(await faults()).toEqual([]);
  });
});
