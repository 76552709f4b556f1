import { emitKeypressEvents } from 'node:readline';

/** The terminal as one page that is drawn over and over, and its keys. */
export interface Screen extends Disposable {
  readonly columns: number;
  readonly rows: number;
  /** Replaces the page. */
  draw(lines: readonly string[]): void;
}

const enter = '\x1b[?1049h\x1b[?25l';
const leave = '\x1b[?25h\x1b[?1049l';

/**
 * Takes the terminal over until disposed; what stood there before comes back then.
 * @param onKey a letter as typed, `ctrl+c`, or the name of a key without a letter, such as `up`
 */
export function openScreen(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  { onKey, onResize }: { onKey: (key: string) => void; onResize: () => void },
): Screen {
  const hear = (text: string | undefined, key: { name?: string; ctrl?: boolean }): void => {
    onKey(key.ctrl && key.name === 'c' ? 'ctrl+c' : (text ?? key.name ?? ''));
  };
  emitKeypressEvents(input);
  input.setRawMode(true);
  input.resume();
  input.on('keypress', hear);
  output.on('resize', onResize);
  output.write(enter);
  let isOver = false;
  const restore = (): void => {
    if (!isOver) output.write(leave);
    isOver = true;
  };
  // an exit that nobody awaited must not leave the terminal without its cursor
  process.on('exit', restore);
  return {
    get columns() {
      return output.columns;
    },
    get rows() {
      return output.rows;
    },
    draw(lines) {
      if (!isOver) output.write(`\x1b[H${lines.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`);
    },
    [Symbol.dispose]() {
      restore();
      process.off('exit', restore);
      output.off('resize', onResize);
      input.off('keypress', hear);
      input.setRawMode(false);
      input.pause();
    },
  };
}
