import type { Style } from './style.ts';
import { intoWidth, plainText, wrap } from './width.ts';

/** What a shared terminal shows. */
export interface KioskView {
  readonly organisation: string;
  /** Name of this terminal. */
  readonly name: string;
  /** `09:02` */
  readonly clock: string;
  readonly question: string;
  /** What was typed, as it may be shown. */
  readonly typed: string;
  /** The answer, instead of the question. */
  readonly answer: { readonly good: boolean; readonly lines: readonly string[] } | null;
  /** How many check-ins wait for the server. */
  readonly waiting: number;
  readonly refusedLater: number;
}

const widest = 60;

/** The whole screen: at most `rows` lines of less than `columns`, in the middle. */
export function drawKiosk(
  view: KioskView,
  { columns, rows, style }: { columns: number; rows: number; style: Style },
): string[] {
  const width = Math.min(columns - 1, widest);
  const indent = ' '.repeat(Math.max(0, Math.floor((columns - 1 - width) / 2)));
  const cut = (text: string): string => intoWidth(text, width).trimEnd();
  const head = intoWidth(`${view.organisation}  ${view.name}`, width - view.clock.length - 1);
  const top = style('bold', `${head} ${view.clock}`);
  const body = view.answer
    ? view.answer.lines.flatMap((line, index) =>
        wrap(plainText(line), width).map((part) => (index === 0 ? style('bold', part) : part)),
      )
    : [...wrap(view.question, width), '', style('bold', cut(`> ${view.typed}_`))];
  const state = [
    view.waiting > 0 ? `${view.waiting} not yet verified` : '',
    view.refusedLater > 0 ? `${view.refusedLater} refused later: tell a host` : '',
  ].filter((part) => part !== '');
  const foot = style('dim', cut(state.join(', ') || 'Enter goes on, Escape begins again'));
  const room = Math.max(1, rows - 3);
  const above = Math.max(0, Math.floor((room - body.length) / 2));
  const middle = [...Array<string>(above).fill(''), ...body].slice(0, room);
  const filled = [...middle, ...Array<string>(Math.max(0, room - middle.length)).fill('')];
  return [top, '', ...filled, foot].slice(0, rows).map((line) => (line ? indent + line : ''));
}
