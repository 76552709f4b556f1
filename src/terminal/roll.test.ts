import { expect, test } from 'vitest';
import type { Board, BoardPerson } from '../core/session.wire.ts';
import { drawRoll, type RollView } from './roll.ts';
import type { Style } from './style.ts';
import { intoWidth, widthOf, wrap } from './width.ts';

const plainStyle: Style = (_, text) => text;
const now = Date.UTC(2026, 10, 23, 8, 2);

const person = (
  number: number,
  name: string,
  record: Partial<BoardPerson['record']> = {},
): BoardPerson => ({
  id: `p${number}`,
  number: String(number).padStart(3, '0'),
  name,
  guest: false,
  record: {
    status: 'present',
    at: now as never,
    minutesLate: 0,
    how: 'code',
    pending: false,
    ...record,
  },
  seq: number,
  note: null,
  claims: [],
});

function view(people: BoardPerson[], board: Partial<Board> = {}): RollView {
  const origin = 'http://192.168.100.100:8080';
  return {
    board: {
      id: 's',
      title: 'Physics',
      state: 'open',
      paused: false,
      zone: 'Europe/Berlin',
      origin,
      people,
      ...board,
    } as Board,
    people: new Map(people.map((each) => [each.id, each])),
    code: {
      kind: 'code',
      topic: 'code:s',
      token: 'T',
      url: 'HTTP://192.168.100.100:8080/ABCD1234EFGH5678',
      typed: 'K7M2QX',
      changesAt: now + 4_000,
      stepMs: 5_000,
      serverTime: now,
    },
    line: 'online',
    now,
    notice: '',
  };
}

const size = { columns: 80, rows: 24, style: plainStyle, ground: 'dark' as const };
const crowd = Array.from({ length: 40 }, (_, index) =>
  person(index, `${'王小明'.repeat(9)} ${index}`),
);

test('fits 80 by 24 with code, typed code, countdown, counts and the newest names', () => {
  const lines = drawRoll(
    view([...crowd, person(99, 'Ada', { status: 'late', minutesLate: 7, at: (now + 1) as never })]),
    size,
  );
  expect(lines.length).toBeLessThanOrEqual(24);
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80);
  const text = lines.join('\n');
  for (const part of [
    '█ ▄▄▄▄▄ █',
    '192.168.100.100:8080',
    'K7M 2QX',
    'new code in  4 s',
    '40 present, 1 late',
  ])
    expect(text).toContain(part);
  expect(text.indexOf('◐ L 09:02 099 Ada (+7 min)')).toBeGreaterThan(0);
  expect(text.indexOf('Ada')).toBeLessThan(text.indexOf('王'));
});

test('shows no code while paused, when the session is over, or when it has gone stale', () => {
  for (const changed of [
    view([], { paused: true }),
    view([], { state: 'closed' }),
    { ...view([]), now: now + 6_000 },
  ])
    expect(drawRoll(changed, size).join('\n')).not.toContain('█');
});

test('a larger window gets a larger code, one too small says so', () => {
  const large = drawRoll(view([]), { ...size, columns: 160, rows: 50 });
  expect(large.join('\n')).toContain('██████   ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄   ███');
  expect(drawRoll(view([]), { ...size, rows: 12 }).join('\n')).toContain('too small');
});

test('a name cannot move the cursor', () => {
  const text = drawRoll(view([person(1, 'a\x1b[2Jb\rc')], { title: 'x\x07y' }), size).join('');
  expect(text).not.toMatch(/\p{Cc}/u);
});

test('widths count what a terminal shows', () => {
  expect([
    widthOf('abc'),
    widthOf('王小明'),
    widthOf('e\u0301'),
    widthOf('\x1b[1mb\x1b[0m'),
  ]).toEqual([3, 6, 1, 1]);
  expect(intoWidth('王小明', 5)).toBe('王小…');
  expect(intoWidth('ab', 4)).toBe('ab  ');
  expect(wrap('/home/somebody/a-long-folder', 16)).toEqual(['/home/somebody/', 'a-long-folder']);
});
