import { refusalCodes } from '../../core/refusal.ts';
import { problems as sentences } from '../../server/problem.ts';
import { Refused } from '../failure.ts';
import { count } from '../output.ts';

/** Leaves out what cannot be brought in, rather than bringing in nothing. */
export const skipFlag = {
  type: 'boolean',
  default: false,
  text: 'brings in the rows that are right and leaves out the others; without it one wrong row stops all',
} as const;

interface WrongRow {
  readonly line: number;
  readonly number: string;
  readonly name: string;
  readonly problems: readonly string[];
}

const shownMost = 20;

/** @throws Refused where rows are wrong and are not to be left out */
export function checkRows(wrong: number, rows: readonly WrongRow[], skips: boolean): void {
  if (wrong === 0 || skips) return;
  const shown = rows.slice(0, shownMost).map(describeRow);
  const rest = wrong > shown.length ? `; and ${wrong - shown.length} more` : '';
  throw new Refused(
    `${count(wrong, 'row')} cannot be brought in, so nothing was changed (--skip-wrong leaves them out): ${shown.join('; ')}${rest}.`,
    'rows-wrong',
  );
}

export const describeRow = ({ line, number, name, problems }: WrongRow): string =>
  `line ${line} (${[number, name].filter((text) => text !== '').join(' ')}): ${problems.map(describeProblem).join(', ')}`;

function describeProblem(problem: string): string {
  const code = refusalCodes.find((known) => known === problem);
  return code ? sentences[code][1] : 'This number or address stands in an earlier line';
}
