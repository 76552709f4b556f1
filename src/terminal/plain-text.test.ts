import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Board, BoardPerson } from '../core/session.wire.ts';
import { drawKiosk } from './kiosk-view.ts';
import { drawMarks } from './mark-list.ts';
import { cutBetweenWords, intoWidth, plainText, widthOf, wrap } from './width.ts';

/** Moves the cursor, changes a terminal's state, or turns the direction of what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const takesOver = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\x1b]0;owned\x07',
    '\x1b[2J\x1b[H',
    '\x9b31m',
    'abc\u202egnp.exe',
    '\x1bP$q"p\x1b\\',
    '\r\nroot#',
    '\x1b[?1049h',
    '\u0007\u0008\u0008',
  ),
);

const plain = (_look: string, text: string): string => text;

test('nothing that is written of a text moves the cursor', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 60 }), (text, width) => {
      expect(plainText(text)).not.toMatch(takesOver);
      expect(intoWidth(text, width)).not.toMatch(takesOver);
    }),
  );
});

test('text is cut and broken to the width', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 4, max: 60 }), (text, width) => {
      expect(widthOf(intoWidth(text, width))).toBe(width);
      for (const line of wrap(plainText(text), width))
        expect(widthOf(line)).toBeLessThanOrEqual(width);
    }),
  );
});

test('the joiners of Persian and of joined signs stay', () => {
  expect(plainText('نمی‌خواهم 👩‍💻')).toBe('نمی‌خواهم 👩‍💻');
});

test('a roll and a door stay whole, whatever a person, a session or a school is called', () => {
  fc.assert(
    fc.property(hostile, hostile, fc.integer({ min: 20, max: 80 }), (name, title, columns) => {
      const person = {
        id: 'p',
        number: name,
        name,
        record: { status: null, at: null, minutesLate: 0, how: null, pending: false },
      } as unknown as BoardPerson;
      const people = [person];
      const board = { title, groupName: title, state: 'open', people } as unknown as Board;
      const view = { board, people, everybody: people, unsent: new Map(), at: 0, notice: name };
      const size = { columns, rows: 10, style: plain };
      const door = {
        organisation: name,
        name: title,
        clock: '09:00',
        question: 'Your number',
        typed: name,
        answer: { good: true, lines: [name, title] },
        waiting: 1,
        refusedLater: 0,
      };
      for (const lines of [drawMarks(view, size), drawKiosk(door, size)]) {
        expect(lines.length).toBeLessThanOrEqual(10);
        for (const line of lines) {
          expect(line).not.toMatch(takesOver);
          expect(widthOf(line)).toBeLessThan(columns + 1);
        }
      }
    }),
  );
});

test('a hint is cut between words, and left out where not even one has room', () => {
  expect(cutBetweenWords('by number and password', 40)).toBe('by number and password');
  expect(cutBetweenWords('by number and password', 15)).toBe('by number and…');
  expect(cutBetweenWords('by number and password', 10)).toBe('by number…');
  expect(cutBetweenWords('Wolfeschlegelsteinhausenbergerdorff', 10)).toBe('');
});
