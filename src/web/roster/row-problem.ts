import { refusalCodes } from '../../core/refusal.ts';
import { problemText, text } from '../message/text.ts';

/** The sentence for what is wrong with a row: a refusal's own, or that the number stands there twice. */
export function rowProblemText(problem: string): string {
  if (problem === 'duplicate-in-file') return text('roster.duplicate');
  const code = refusalCodes.find((known) => known === problem) ?? 'input-invalid';
  return problemText({ code, detail: {} });
}
