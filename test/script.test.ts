import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock, startTestServer, type TestServer } from './app.ts';
import { command } from './command.ts';
import { Muster } from './muster.ts';
import { adminEmail, adminPassword, openSchool, type School } from './school.ts';

type Json = Record<string, unknown>;

let server: TestServer<typeof realClock>;
let school: School;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster-script-'));
  server = await startTestServer({ clock: realClock });
  school = await openSchool(server);
  await writeFile(join(home, 'password'), `${adminPassword}\n`);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

const as = () => [
  ...['--server', server.origin, '--as', adminEmail],
  ...['--password-file', join(home, 'password')],
];

/** Where an argument is `-`, it is a file that holds the input. */
async function run(args: readonly string[], input?: string | Uint8Array) {
  const file = join(home, 'input');
  if (input !== undefined) await writeFile(file, input);
  return command(args.map((arg) => (arg === '-' ? file : arg)));
}
const muster = (...args: string[]) => run([...args, ...as()]);

async function json(args: readonly string[], input?: string | Uint8Array): Promise<Json> {
  const { code, out, err } = await run([...args, '--json', ...as()], input);
  expect({ code, err }, args.join(' ')).toEqual({ code: 0, err: '' });
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  return JSON.parse(out) as Json;
}

async function refusal(args: readonly string[], input?: string | Uint8Array) {
  const { code, out, err } = await run([...args, '--json', ...as()], input);
  expect(out, args.join(' ')).toBe('');
  const { error } = JSON.parse(err) as { error: { code: string; message: string; exit: number } };
  expect(error.exit).toBe(code);
  return error;
}

/** Where every stream of the ledger ends, but for the sign-ins and looks that each command makes. */
async function heads(): Promise<Record<string, string>> {
  const { store } = server.app;
  const rows = await store.engine.read
    .selectFrom('event')
    .select(['stream', 'type', 'hash'])
    .where('organisation', '=', store.organisation)
    .where('type', 'not like', 'sign-in.%')
    .where('stream', '!=', 'reads')
    .orderBy('stream')
    .orderBy('seq')
    .execute();
  const ends: Record<string, string> = {};
  for (const { stream, type, hash } of rows)
    ends[stream] = stream === 'organisation' ? `${ends[stream] ?? ''} ${type}` : hash;
  return ends;
}

async function tables(): Promise<Record<string, number>> {
  const { read } = server.app.store.engine;
  const names = ['person', 'group', 'enrolment', 'session', 'record', 'credential'] as const;
  const counts = names.map(async (table) => {
    const { rows } = await read
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number | string>().as('rows'))
      .executeTakeFirstOrThrow();
    return [table, Number(rows)] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

/** First what would happen, of which nothing stays; then the thing itself, which the ledger keeps. */
async function rehearsed(args: readonly string[], input?: string): Promise<Json> {
  const before = { heads: await heads(), tables: await tables() };
  const dry = await json([...args, '--dry-run'], input);
  expect(dry.dryRun, args.join(' ')).toBe(true);
  expect({ heads: await heads(), tables: await tables() }, args.join(' ')).toEqual(before);
  const done = await json(args, input);
  expect(await heads(), args.join(' ')).not.toEqual(before.heads);
  return done;
}

test('people: added, changed, found, deactivated, merged, erased', async () => {
  const added = await rehearsed(['people', 'add', '--number', 'p 001', '--name', 'Ada  Lovelace']);
  expect(added).toMatchObject({ person: expect.any(String), name: 'Ada  Lovelace' });
  expect(await refusal(['people', 'add', '--number', 'P001', '--name', 'X'])).toMatchObject({
    code: 'number-taken',
    exit: 2,
  });
  const same = ['people', 'add', '--number', 'P002', '--name', 'ada lovelace'];
  await rehearsed(same);
  expect(await refusal(['people', 'show', 'Ada Lovelace'])).toMatchObject({
    code: 'ambiguous',
    message: expect.stringMatching(/P001.*P002|P002.*P001/),
  });
  await rehearsed(['people', 'change', 'p001', '--email', 'ada@x.org', '--job', 'Analyst']);
  const shown = await json(['people', 'show', 'ada@x.org', '--attendance']);
  expect(shown).toMatchObject({
    person: { number: 'P001', name: 'Ada Lovelace', job: 'Analyst', state: 'active' },
    attendance: { sessions: [] },
  });
  expect(await json(['people', 'search', 'love', 'ad'])).toMatchObject({ total: 2 });
  const left = ['people', 'deactivate', 'P002', '--reason', 'moved away'];
  expect(await rehearsed(left)).toMatchObject({ state: 'inactive', changed: true });
  expect(await json(left)).toMatchObject({ state: 'inactive', changed: false });
  expect(await rehearsed(['people', 'reactivate', 'P002'])).toMatchObject({ state: 'active' });
  const password = await rehearsed(['people', 'assign-password', 'P002']);
  expect(password.password).toMatch(/^[\w-]{19}$/);
  expect(await rehearsed(['people', 'merge', 'P002', '--into', 'P001'])).toMatchObject({
    merged: { retiresNumber: true, endsAccount: true },
  });
  expect(await refusal(['people', 'show', 'P002'])).toMatchObject({ code: 'not-found', exit: 2 });
  expect(await refusal(['people', 'erase', 'P001'])).toMatchObject({ code: 'not-confirmed' });
  expect(await refusal(['people', 'erase', 'P001', '--confirm', 'P002'])).toMatchObject({
    code: 'not-confirmed',
  });
  const erased = await rehearsed(['people', 'erase', 'P001', '--confirm', 'p001']);
  expect(erased).toMatchObject({ certificate: { erased: expect.any(Array) } });
  expect(await refusal(['people', 'show', 'P001'])).toMatchObject({ code: 'not-found' });
});

test('people come in and go out as CSV; one wrong row stops all unless it is left out', async () => {
  const list = 'Number,Name,Department\nC1,Carl Gauss,Maths\n,Nobody,\nC2,Emmy Noether,Maths\n';
  const wrong = await refusal(['people', 'import', '-'], list);
  expect(wrong).toMatchObject({
    code: 'rows-wrong',
    message: expect.stringContaining('line 3 (Nobody): The number is missing.'),
  });
  const brought = await rehearsed(['people', 'import', '-', '--skip-wrong'], list);
  expect(brought).toMatchObject({ counts: { add: 2, change: 0, same: 0, wrong: 1 } });
  expect(await json(['people', 'import', '-', '--skip-wrong'], list)).toMatchObject({
    counts: { add: 0, same: 2 },
  });
  const file = join(home, 'people.csv');
  expect(await json(['people', 'export', file])).toEqual({ file });
  expect(await refusal(['people', 'export', file])).toMatchObject({ exit: 2 });
  const { out } = await muster('people', 'export', '--state', 'active');
  expect(out).toContain('C1,Carl Gauss');
  const { out: table } = await muster('people', 'list', '--sort=-number', '--role', 'none');
  expect(table).toMatch(/^NUMBER +NAME +STATE/);
  expect(table).toMatch(/^C2 +Emmy Noether +active/m);
});

test('groups, sessions and marks', async () => {
  await school.enrol(await school.addGroup('Filler'), [
    ['S1', 'Sofia Kowalewskaja'],
    ['S2', 'Sophie Germain'],
    ['S3', 'Hypatia'],
  ]);
  await rehearsed(['groups', 'add', 'Optics']);
  await rehearsed(['groups', 'change', 'optics', '--name', 'Optics 1']);
  expect(await rehearsed(['groups', 'enrol', 'Optics 1', 's1', 'S2'])).toMatchObject({
    people: [
      { number: 'S1', changed: true },
      { number: 'S2', changed: true },
    ],
  });
  expect(await json(['groups', 'enrol', 'Optics 1', 'S1'])).toMatchObject({
    people: [{ number: 'S1', changed: false }],
  });
  const before = await heads();
  expect(await refusal(['groups', 'enrol', 'Optics 1', 'S3', 'nobody'])).toMatchObject({
    code: 'not-found',
  });
  expect(await heads()).toEqual(before);
  const list = 'Number,Name\nS3,Hypatia\nS4,Maria Agnesi\n';
  expect(await rehearsed(['groups', 'import', 'Optics 1', '-'], list)).toMatchObject({
    counts: { add: 1, enrol: 1 },
  });
  const { group } = (await json(['groups', 'show', 'Optics 1'])) as { group: { roster: Json[] } };
  expect(group.roster).toHaveLength(4);
  expect((await muster('groups', 'export', 'Optics 1')).out).toContain('S4,Maria Agnesi');

  const opened = await rehearsed(['sessions', 'open', 'Optics 1', '--title', 'Lenses']);
  const id = String(opened.id);
  const mark = (...args: string[]) => rehearsed(['mark', ...args]);
  expect(await mark('Optics 1', 'S1', 'late', '--reason', 'bus')).toMatchObject({
    session: id,
    marks: [{ number: 'S1', status: 'late', changed: true }],
  });
  expect(await json(['mark', id, 'S1', 'late'])).toMatchObject({ marks: [{ changed: false }] });
  expect(await mark(id, 'S1', '--undo')).toMatchObject({ undone: true });
  expect(await refusal(['mark', id, 'S1', '--undo'])).toMatchObject({ code: 'nothing-to-undo' });
  const twice = 'S1,late,bus\nS2,excused,ill\nhypatia,late\nS3,absent\n';
  expect(await rehearsed(['mark', id, '--from', '-'], twice)).toMatchObject({
    marks: [{ status: 'late' }, { status: 'excused' }, { number: 'S3', status: 'absent' }],
  });
  const csv = 'number;status;reason\nS1;present;\nS2;excused;ill\n';
  expect(await rehearsed(['mark', id, '--from', '-'], csv)).toMatchObject({
    marks: [{ status: 'present' }, { status: 'excused' }],
  });
  const lines = '{"number":"S3","status":"absent"}\n\n{"number":"S1","status":"none"}\n';
  expect(await rehearsed(['mark', id, '--from', '-'], lines)).toMatchObject({
    marks: [{ number: 'S3' }, { number: 'S1', status: null }],
  });
  const marked = await heads();
  const half = 'S1,present\nS9,present\n';
  expect(await refusal(['mark', id, '--from', '-'], half)).toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(/Nobody was marked.*line 2/),
  });
  for (const wrong of ['S1,here\nS2,present\n', 'S1,present\nS2,here\n'])
    expect(await refusal(['mark', id, '--from', '-'], wrong)).toMatchObject({
      code: 'import-unreadable',
      message: expect.stringContaining('"here"'),
    });
  expect(await heads()).toEqual(marked);
  expect(await json(['sessions', 'roll', 'Optics 1'])).toMatchObject({
    counts: { absent: 1, excused: 1, missing: 2 },
    people: [{ number: 'S1' }, { number: 'S2' }, { number: 'S3' }, { number: 'S4' }],
  });
  expect(await rehearsed(['sessions', 'close', id])).toMatchObject({ absent: 2, changed: true });
  expect(await json(['sessions', 'close', id])).toMatchObject({ changed: false });
  expect(await json(['sessions', 'show', id])).toMatchObject({
    session: { state: 'closed' },
    counts: { absent: 3 },
  });
  expect((await muster('sessions', 'export', id)).out).toContain('Sophie Germain');
  await rehearsed(['sessions', 'reopen', id]);
  expect(await refusal(['sessions', 'cancel', id])).toMatchObject({ code: 'reason-missing' });
  await rehearsed(['sessions', 'cancel', id, '--reason', 'no light']);
  const starts = ['--starts', '2099-12-01T09:00', '--ends', '2099-12-01T10:00'];
  const planned = await rehearsed(['sessions', 'plan', 'Optics 1', ...starts]);
  await rehearsed(['sessions', 'open', String(planned.id)]);
  expect(await json(['sessions', 'list', '--group', 'Optics 1'])).toMatchObject({ total: 2 });

  expect(await rehearsed(['groups', 'end', 'Optics 1', 'S1'])).toMatchObject({
    people: [{ number: 'S1', changed: true }],
  });
  expect(await json(['groups', 'end', 'Optics 1', 'S1'])).toMatchObject({
    people: [{ changed: false }],
  });
  await rehearsed(['groups', 'archive', 'Optics 1']);
  expect(await json(['groups', 'archive', 'Optics 1'])).toMatchObject({ changed: false });
  expect(JSON.stringify(await json(['groups', 'list']))).not.toContain('Optics 1');
  await rehearsed(['groups', 'unarchive', 'Optics 1']);
});

describe('input', () => {
  test('that is empty, too long, or not UTF-8 is refused and changes nothing', async () => {
    const before = await heads();
    const long = 'x'.repeat(1_000);
    const cases: [args: string[], input: string | Uint8Array, code: string, exit: number][] = [
      [['people', 'add', '--name', ''], '', 'name-missing', 2],
      [['people', 'add', '--name', long], '', 'name-malformed', 2],
      [['people', 'show', 'y'.repeat(40_000)], '', 'not-found', 2],
      [['people', 'import', '-'], '', 'import-unreadable', 2],
      [['people', 'import', '-'], Uint8Array.of(0x4e, 0xff, 0xfe), 'not-text', 2],
      [['people', 'import', join(home, 'nothing')], '', 'unreadable', 1],
      [['groups', 'add', ''], '', 'input-invalid', 2],
      [['mark', 'nowhere', '--from', '-'], '', 'import-unreadable', 2],
      [['mark', 'nowhere', 'X', 'present'], '', 'not-found', 2],
      [['mark', 'nowhere', 'X', 'here'], '', 'usage', 64],
      [['mark', 'nowhere', 'X'], '', 'usage', 64],
      [['people'], '', 'usage', 64],
      [['people', 'vanish'], '', 'usage', 64],
      [['people', 'list', '--dry-run'], '', 'usage', 64],
      [['people', 'list', '--state', 'gone'], '', 'input-invalid', 2],
      [['groups', 'enrol', 'Optics'], '', 'usage', 64],
      [['sessions', 'plan', 'Filler', '--starts', 'soon'], '', 'usage', 64],
    ];
    for (const [args, input, code, exit] of cases)
      expect(await refusal(args, input), args.join(' ').slice(0, 80)).toMatchObject({ code, exit });
    expect(await heads()).toEqual(before);
  });

  test('in a word that is not UTF-8 is misuse', async () => {
    const line = ['sh', '-c', 'exec "$@" "$(printf "a\\377b")"', 'sh'];
    await using child = new Muster(home, ['people', 'show'], line);
    expect(await child.ended).toMatchObject({ code: 64, out: '' });
  });

  test('a reader who has read enough is no failure', async () => {
    const line = ['sh', '-c', '{ "$@"; echo $? >&2; } | head -c 5', 'sh'];
    await using child = new Muster(home, ['people', 'list', '--state', 'all', ...as()], line);
    const { out, err } = await child.ended;
    expect({ out: out.length, err }).toEqual({ out: 5, err: '0\n' });
  });
});

describe('a server elsewhere', () => {
  test('takes no password as an argument, and says what is wrong with one', async () => {
    await writeFile(join(home, 'wrong'), 'not-the-password');
    const flags = ['--server', server.origin, '--as', adminEmail];
    const wrong = await run(['people', 'list', ...flags, '--password-file', join(home, 'wrong')]);
    expect(wrong).toMatchObject({ code: 2, out: '', err: 'Name or password is wrong.\n' });
    expect(await run(['people', 'list', ...flags])).toMatchObject({ code: 64 });
    const piped = ['people', 'list', ...flags, '--password-file', '-'];
    const line = ['sh', '-c', 'exec "$@" < "$0"', join(home, 'password')];
    await using child = new Muster(home, piped, line);
    expect(await child.ended).toMatchObject({ code: 0, err: '' });
    const away = ['--server', 'http://127.0.0.1:1', '--as', 'x', '--password-file', '-', '--json'];
    const { code, err } = await run(['people', 'list', ...away], 'x');
    expect({ code, said: JSON.parse(err) }).toMatchObject({
      code: 1,
      said: { error: { code: 'offline' } },
    });
  });

  test('may be looked at by a host, who sees and may do what a host may', async () => {
    const group = await school.addGroup('Henri’s');
    await school.inviteHost([group]);
    await writeFile(join(home, 'host'), 'quiet-lantern-meadow-17');
    const host = ['--server', server.origin, '--as', 'henri@example.org'];
    const file = ['--password-file', join(home, 'host')];
    const list = await run(['groups', 'list', ...host, ...file, '--json']);
    expect(JSON.parse(list.out)).toMatchObject({ total: 1 });
    const add = await run(['people', 'add', '--name', 'N', ...host, ...file, '--dry-run']);
    expect(add).toMatchObject({ code: 2, out: '', err: 'That is not allowed.\n' });
  });
});
