import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { Board, BoardPerson } from '../core/session.wire.ts';
import { drawMarks } from './mark-list.ts';
import { openScreen, type Screen } from './screen.ts';

/** A terminal that remembers each write. */
class Glass extends Writable {
  columns = 80;
  rows = 24;
  readonly writes: string[] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(chunk.toString());
    done();
  }
}

function open(): { screen: Screen; glass: Glass; keyboard: PassThrough } {
  const glass = new Glass();
  const keyboard = Object.assign(new PassThrough(), { setRawMode: () => {} });
  const screen = openScreen(
    keyboard as unknown as NodeJS.ReadStream,
    glass as unknown as NodeJS.WriteStream,
    { onKey: () => {}, onResize: () => {} },
  );
  return { screen, glass, keyboard };
}

const somebody = (index: number): BoardPerson => ({
  id: `p${index}`,
  number: String(index).padStart(3, '0'),
  name: `Person ${index}`,
  guest: false,
  record: { status: null, at: null, minutesLate: 0, how: null, pending: false },
  seq: 0,
  note: null,
  claims: [],
});

function marksOf(people: readonly BoardPerson[], at: number): string[] {
  const board = { title: 'Waves', state: 'open', people } as unknown as Board;
  const view = { board, people, everybody: people, unsent: new Map(), at, notice: '' };
  return drawMarks(view, { columns: 80, rows: 24, style: (_look, text) => text });
}

test('a roll of 300 draws the rows that changed and nothing else', () => {
  const { screen, glass } = open();
  using _ = screen;
  const people = Array.from({ length: 300 }, (_, index) => somebody(index));
  screen.draw(marksOf(people, 0));
  const whole = glass.writes.join('').length;

  glass.writes.length = 0;
  screen.draw(marksOf(people, 0));
  expect(glass.writes).toEqual([]);

  let written = 0;
  for (const index of people.keys()) {
    const [before] = people.slice(index, index + 1);
    if (before) people[index] = { ...before, record: { ...before.record, status: 'present' } };
    glass.writes.length = 0;
    screen.draw(marksOf(people, 0));
    // the sum above, and the row if it is in sight: each in one write, so nothing is seen half drawn
    expect(glass.writes).toHaveLength(1);
    const rows = glass.writes[0]?.split('\x1b[K').length ?? 0;
    expect(rows - 1).toBe(index < 21 ? 2 : 1);
    expect(glass.writes[0]).not.toContain('\x1b[2J');
    written += glass.writes[0]?.length ?? 0;
  }
  expect(written / 300).toBeLessThan(whole / 8);
});

test('a window that becomes smaller is cleared and drawn anew', () => {
  const { screen, glass } = open();
  using _ = screen;
  screen.draw(['one', 'two', 'three']);
  glass.writes.length = 0;
  Object.assign(glass, { columns: 40, rows: 10 });
  glass.emit('resize');
  screen.draw(['one', 'two']);
  expect(glass.writes.join('')).toBe('\x1b[2J\x1b[1;1Hone\x1b[K\x1b[2;1Htwo\x1b[K');
});

test('an Escape is heard at once, an arrow is one key', async () => {
  const heard: string[] = [];
  const glass = new Glass();
  const keyboard = Object.assign(new PassThrough(), { setRawMode: () => {} });
  using _ = openScreen(
    keyboard as unknown as NodeJS.ReadStream,
    glass as unknown as NodeJS.WriteStream,
    { onKey: (key) => heard.push(key), onResize: () => {} },
  );
  keyboard.write('\x1b[B');
  keyboard.write('p');
  keyboard.write('\x03');
  keyboard.write('\x1b');
  await expect.poll(() => heard).toEqual(['down', 'p', 'ctrl+c', 'escape']);
});
