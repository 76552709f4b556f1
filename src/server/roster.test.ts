import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { GroupId, PersonId } from '../core/brand.ts';
import { checkInGuests, openRoll } from '../store/throwaway.ts';
import { groupRoutes } from './group.route.ts';
import { rosterRoutes } from './roster.route.ts';
import { openThrowawayApp, type ThrowawayApp } from './throwaway.ts';

// a real database on a busy machine
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let house: ThrowawayApp;
let host: PersonId;
beforeAll(async () => {
  house = await openThrowawayApp([...groupRoutes, ...rosterRoutes]);
  host = await house.addPerson('Hypatia', 'host');
});
afterAll(() => house[Symbol.asyncDispose]());

const makeGroup = async (): Promise<GroupId> =>
  (await house.ask(host, '/api/groups', { name: 'Übung "A"/B' })).body.id;
const preview = (group: GroupId, text: string, rest: object = {}) =>
  house.ask(host, `/api/groups/${group}/roster/preview`, { text, ...rest });
const apply = (group: GroupId, text: string, rest: object = {}) =>
  house.ask(host, `/api/groups/${group}/roster/apply`, { text, ...rest });
const roster = async (group: GroupId) =>
  (await house.ask(host, `/api/groups/${group}`)).body.roster as {
    number: string;
    name: string;
    email: string | null;
    from: string;
    until: string | null;
  }[];
const none = { added: 0, enrolled: 0, changed: 0, same: 0, wrong: 0 };
let prefix = 0;
/** Numbers of one test, so that tests in one organisation do not meet. */
const own = () => {
  prefix += 1;
  return `t${prefix}-`;
};

describe('preview', () => {
  test('shows every wrong row with its line and changes nothing', async () => {
    const group = await makeGroup();
    const p = own();
    const text = `\ufeffRoll No;Name;E-Mail\r\n${p}01;Ada;a@${p}x.org\r\n\r\n${p}01;Twin;\r\n;Nobody;\r\n${p}02;"Bob\r\nthe second";bad\r\n${p}03;Zoë;`;
    const { body } = await preview(group, text);
    expect(body).toMatchObject({
      header: ['Roll No', 'Name', 'E-Mail'],
      hasHeader: true,
      columns: { number: 0, name: 1, email: 2 },
      counts: { add: 2, enrol: 0, change: 0, same: 0, wrong: 3 },
      total: 5,
    });
    expect(body.rows.map(({ line, action, problems }: never) => [line, action, problems])).toEqual([
      [4, 'wrong', ['duplicate-in-file']],
      [5, 'wrong', ['number-missing']],
      [6, 'wrong', ['email-malformed']],
      [2, 'add', []],
      [8, 'add', []],
    ]);
    expect(await roster(group)).toEqual([]);
  });

  test('reads what is pasted from a spreadsheet, and the columns that the host chose', async () => {
    const group = await makeGroup();
    const p = own();
    const pasted = await preview(group, `Ada "the\tfirst"\t${p}007\nBob\tx\t${p}008`, {
      columns: { name: 0, number: 2 },
      header: false,
    });
    expect(pasted.body.rows).toMatchObject([
      { number: `${p}007`.toUpperCase(), name: 'Ada "the' },
      { name: 'Bob' },
    ]);
    const far = await preview(group, '1,Ada', { columns: { name: 199, number: 0 }, header: false });
    expect(far.body.rows[0].problems).toEqual(['name-missing']);
    const told = await preview(group, `sep=;\nnumber;name\n${p}1;Ada, Countess`);
    expect(told.body.rows).toMatchObject([{ line: 3, name: 'Ada, Countess', action: 'add' }]);
  });

  test.each([
    ['', 0],
    ['\ufeff \r\n \n', 0],
    ['number,name\n1,"Ada\n2,Bob', 2],
  ])('%j cannot be read', async (text, line) => {
    const { status, body } = await preview(await makeGroup(), text);
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'import-unreadable', detail: { line } });
  });

  test('a header alone adds nobody, and ragged rows are wrong each for itself', async () => {
    const group = await makeGroup();
    const alone = await preview(group, 'Number,Name\r\n');
    expect(alone.body).toMatchObject({ hasHeader: true, total: 0, rows: [] });
    expect((await apply(group, 'Number,Name')).body.code).toBe('import-unreadable');
    const p = own();
    const ragged = await preview(group, `Number,Name\n${p}1\n${p}2,Bob,x,y,z\n,,,,\n`);
    expect(ragged.body.counts).toMatchObject({ add: 1, wrong: 1 });
  });

  test('a body beyond 6 MB and a table beyond 100,000 rows are too large', async () => {
    const group = await makeGroup();
    expect((await preview(group, 'x'.repeat(6 * 1024 * 1024))).status).toBe(413);
    expect((await preview(group, 'é'.repeat(3_200_000))).status).toBe(413);
    expect((await preview(group, '1,a\n'.repeat(100_001))).body.code).toBe('import-too-large');
  });

  test('hostile names are data: markup, direction marks, control characters, endless ones', async () => {
    const group = await makeGroup();
    const p = own();
    const text = [
      'number,name',
      `${p}1,<img src=x onerror=alert(1)>`,
      `${p}2,\u202eevil\u2066\u0000\u0007 name`,
      `${p}3,${'x'.repeat(10_000)}`,
      `${p}4,"=HYPERLINK(""http://x"",""y"")"`,
      `${'9'.repeat(10_000)},Long`,
      `${p}6,\ud800 half`,
      `${p}7,محمد بن سلمان`,
    ].join('\n');
    expect((await apply(group, text)).body).toEqual({ ...none, added: 5, wrong: 2 });
    const names = (await roster(group)).map(({ name }) => name);
    expect(names).toContain('<img src=x onerror=alert(1)>');
    expect(names).toContain('evil name');
    expect(names).toContain('محمد بن سلمان');
    expect(names.some((name) => /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(name))).toBe(false);
  });
});

describe('apply', () => {
  test('brings in what is right, and the same again changes nothing', async () => {
    const group = await makeGroup();
    const p = own();
    const text = `Number,First name,Surname,Email,From\n${p}1,Ada,Lovelace,a@${p}x.org,2026-09-01\n${p}2,Bob,,,\n,X,,,\n`;
    expect((await apply(group, text)).body).toEqual({ ...none, added: 2, wrong: 1 });
    const once = await roster(group);
    expect(once).toMatchObject([
      { name: 'Ada Lovelace', email: `a@${p}x.org`, from: '2026-09-01', until: null },
      { name: 'Bob', email: null, from: '2026-11-23' },
    ]);
    expect((await apply(group, text)).body).toEqual({ ...none, same: 2, wrong: 1 });
    expect(await roster(group)).toEqual(once);
  });

  test('known people are enrolled and renamed, with an event each', async () => {
    const [first, second] = [await makeGroup(), await makeGroup()];
    const p = own();
    await apply(first, `number,name\n${p}1,Ada\n${p}2,Bob`);
    const changed = await apply(second, `number,name\n${p}1,Ada Byron\n${p}2,Bob\n${p}3,Eve`, {
      from: '2026-10-01',
    });
    expect(changed.body).toEqual({ ...none, added: 1, enrolled: 2 });
    expect((await roster(first)).map(({ name }) => name)).toEqual(['Ada Byron', 'Bob']);
    expect((await roster(second)).every(({ from }) => from === '2026-10-01')).toBe(true);
    const again = await apply(second, `number,name\n${p}1,Ada King`);
    expect(again.body).toEqual({ ...none, changed: 1 });
  });

  test('an address that belongs to somebody else is a wrong row', async () => {
    const group = await makeGroup();
    const p = own();
    await apply(group, `number,name,email\n${p}1,Ada,a@${p}x.org`);
    const taken = await preview(group, `number,name,email\n${p}2,Bob,a@${p}x.org`);
    expect(taken.body.rows[0].problems).toEqual(['email-taken']);
  });

  test('two imports of one list at the same moment make each person once', async () => {
    const [first, second] = [await makeGroup(), await makeGroup()];
    const p = own();
    const rows = Array.from({ length: 500 }, (_, index) => `${p}${index},Name ${index}`);
    const text = `number,name\n${rows.join('\n')}`;
    const [left, right] = await Promise.all([apply(first, text), apply(second, text)]);
    expect(left.body.added + right.body.added).toBe(500);
    expect(left.body.enrolled + right.body.enrolled).toBe(500);
    expect(await roster(second)).toHaveLength(500);
  });

  test('a check-in sent during a large import gets its turn', async () => {
    const group = await makeGroup();
    const p = own();
    const roll = await openRoll(house.store, 'Europe/Berlin');
    const rows = Array.from({ length: 3_000 }, (_, index) => `${p}${index},Name ${index}`);
    let running = true;
    const order: string[] = [];
    const importing = apply(group, `number,name\n${rows.join('\n')}`).then(({ body }) => {
      running = false;
      order.push('import');
      return body;
    });
    let answered = 0;
    while (running) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await checkInGuests(house.store, roll, [[`g${answered}`, 'Guest']]);
      answered += 1;
      order.push('check-in');
    }
    expect((await importing).added).toBe(3_000);
    // some twenty-four transactions: check-ins pass between them rather than after the last
    expect(order.indexOf('import')).toBeGreaterThan(8);
  });
});

describe('export', () => {
  test('is text for a spreadsheet, never a formula, and its name stays in the header', async () => {
    const group = await makeGroup();
    const p = own();
    const rows = [`1,"=1+1, ""x"""`, '2,@cmd', '3,-Dash', '4,Zoë', '5,a; =1+1', '6,＝1+1'];
    await apply(group, `number,name\n${rows.map((row) => p + row).join('\n')}`);
    const { body, headers } = await house.ask(host, `/api/groups/${group}/roster.csv`);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toBe(
      `attachment; filename="roster.csv"; filename*=UTF-8''%C3%9Cbung%20-A-B.csv`,
    );
    expect(body.startsWith('\ufeffNumber,Name,Email,From,Until,')).toBe(true);
    expect(body).toContain(`,"'=1+1, ""x""",`);
    expect(body).toContain(`,'@cmd,`);
    expect(body).toContain(`,'-Dash,`);
    // where cells are separated by semicolons, a formula would begin inside
    expect(body).toContain(`,"a; '=1+1",`);
    expect(body).toContain(`,'＝1+1,`);
    expect((await apply(group, body)).body).toEqual({ ...none, same: 6 });
  });
});

test('importing twice is importing once', async () => {
  const cell = fc.oneof(
    fc.constantFrom('', '1', '007', 'Ada', 'a@x.org', '2026-09-01', '"', '=1', "'=1", 'x"y', ';'),
    fc.string({ maxLength: 12, unit: 'grapheme' }),
  );
  const quoted = cell.map((text) => `"${text.replaceAll('"', '""')}"`);
  const line = fc.array(fc.oneof(quoted, fc.constantFrom('1', '2', '3x', 'Bob')), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.boolean(), async (lines, header) => {
      const group = await makeGroup();
      const text = lines.map((cells) => cells.join(',')).join('\n');
      const order = { columns: { number: 0, name: 1, from: 2, until: 3 }, header };
      const first = await apply(group, text, order);
      const once = await roster(group);
      const second = await apply(group, text, order);
      expect(second.status).toBe(first.status);
      expect(await roster(group)).toEqual(once);
      if (first.status !== 200) return;
      const { added, enrolled, changed, same, wrong } = first.body;
      expect(second.body).toEqual({ ...none, same: added + enrolled + changed + same, wrong });
    }),
    { numRuns: 60 },
  );
});
