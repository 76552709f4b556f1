import { hearKeys } from './keyboard.ts';

/** The terminal as one page that is drawn over and over, and its keys. */
export interface Screen extends Disposable {
  readonly columns: number;
  readonly rows: number;
  /** Replaces the page; of lines that stay as they are nothing is written. */
  draw(lines: readonly string[]): void;
}

const enter = '\x1b[?1049h\x1b[?25l';
const clear = '\x1b[2J';
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
  hearKeys(input);
  input.setRawMode(true);
  input.resume();
  input.on('keypress', hear);
  let shown: readonly string[] = [];
  const resize = (): void => {
    // what a terminal does with its lines when it becomes smaller, nobody knows
    output.write(clear);
    shown = [];
    onResize();
  };
  output.on('resize', resize);
  output.write(enter + clear);
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
      const height = Math.max(lines.length, shown.length);
      const changed = Array.from({ length: height }, (_, row) => {
        const line = lines[row] ?? '';
        return line === (shown[row] ?? '') ? '' : `\x1b[${row + 1};1H${line}\x1b[K`;
      }).join('');
      shown = lines;
      if (!isOver && changed !== '') output.write(changed);
    },
    [Symbol.dispose]() {
      restore();
      process.off('exit', restore);
      output.off('resize', resize);
      input.off('keypress', hear);
      input.setRawMode(false);
      input.pause();
    },
  };
}
