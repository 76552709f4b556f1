import { refusalCodes } from '../../core/refusal.ts';
import { problemText, text } from '../message/text.ts';

/** The sentence for what is wrong with a row: a refusal's own, or that the person stands there twice. */
export function rowProblemText(problem: string, firstLine: number | null = null): string {
  if (problem === 'duplicate-in-file') {
    return firstLine === null
      ? text('roster.duplicate')
      : text('roster.duplicate-of', { line: firstLine });
  }
  const code = refusalCodes.find((known) => known === problem) ?? 'input-invalid';
  return problemText({ code, detail: {} });
}
