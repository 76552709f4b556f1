import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { BoardPerson } from '../../core/session.wire.ts';
import type { Status } from '../../core/status.ts';
import { may } from '../app/me.ts';
import { isTyping, useKeys } from '../part/keys.tsx';
import { useBoard } from './board-context.ts';

const marks: Readonly<Record<string, Status | null>> = {
  p: 'present',
  l: 'late',
  a: 'absent',
  e: 'excused',
  Delete: null,
  Backspace: null,
};
const page = 10;
/** Longer than anybody looks up from the keys to the next face. */
const holdMs = 15_000;

interface NameGrid {
  readonly grid: RefObject<HTMLElement | null>;
  readonly rows: readonly BoardPerson[];
  readonly cursor: string | null;
  readonly setCursor: (id: string | null) => void;
  readonly rowHeight: number;
  /** Keeps the rows where they are, for so many milliseconds. */
  readonly hold: (forMs: number) => void;
}

/**
 * The keys of the list, as in a spreadsheet: arrows move, a letter marks. Rows hold still meanwhile, so that
 * mark, arrow, mark leaves nobody out. @returns the handler for the grid
 */
export function useNameKeys({ grid, rows, cursor, setCursor, rowHeight, hold }: NameGrid) {
  const { desk, openPerson } = useBoard();
  const at = rows.findIndex(({ id }) => id === cursor);

  function moveTo(index: number): void {
    const row = Math.max(0, Math.min(rows.length - 1, index));
    setCursor(rows[row]?.id ?? null);
    reveal(grid.current, row, rowHeight);
  }

  function press(event: KeyboardEvent): boolean {
    const { key } = event;
    const mayMark = may('session.mark');
    if (
      mayMark &&
      (event.ctrlKey || event.metaKey) &&
      key.toLowerCase() === 'z' &&
      !event.shiftKey
    ) {
      desk.undo();
      return true;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
    };
    const step = steps[key];
    if (step !== undefined) {
      hold(holdMs);
      moveTo(step);
      return true;
    }
    const person = rows[at];
    if (!person) return false;
    const status = marks[key.length === 1 ? key.toLowerCase() : key];
    if (mayMark && status !== undefined) {
      hold(holdMs);
      desk.mark([person.id], status);
    } else if (mayMark && key.toLowerCase() === 'n') openPerson(person.id, 'note');
    else if (key === 'Enter') openPerson(person.id);
    else return false;
    return true;
  }

  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && event.target !== event.currentTarget) return;
    if (press(event)) event.preventDefault();
  };

  // with nothing else in focus the arrows lead into the list, and undo works from everywhere
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (isTyping(event.target) || grid.current?.contains(event.target as Node)) return;
      const undo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z';
      const enter =
        event.key === 'ArrowDown' && (event.target as Element).matches('body, main, h1');
      if (!undo && !enter) return;
      event.preventDefault();
      if (undo) desk.undo();
      else grid.current?.focus({ preventScroll: true });
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [desk, grid]);

  useKeys([
    { key: '↑ ↓', label: 'board.key-move' },
    { key: 'P', label: 'board.key-present' },
    { key: 'L', label: 'board.key-late' },
    { key: 'A', label: 'board.key-absent' },
    { key: 'E', label: 'board.key-excused' },
    { key: 'Del', label: 'board.key-clear' },
    { key: 'N', label: 'board.key-note' },
    { key: 'Enter', label: 'board.key-open' },
    { key: 'Ctrl Z', label: 'board.key-undo' },
  ]);
  return onKey;
}

/** Scrolls the page so far that the row is in view, clear of its edges. */
function reveal(list: HTMLElement | null, row: number, rowHeight: number): void {
  if (!list) return;
  const top = list.getBoundingClientRect().top + row * rowHeight;
  const edge = rowHeight * 2;
  if (top < edge) scrollBy({ top: top - edge });
  else if (top + rowHeight > innerHeight - edge)
    scrollBy({ top: top + rowHeight - innerHeight + edge });
}
