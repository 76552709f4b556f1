import type { Problem, ProblemCode } from '../../client/request.ts';
import { problemText } from '../message/text.ts';

/** Fields that a refusal can be about. */
export type FieldName = 'number' | 'name' | 'email' | 'password' | 'current' | 'reason';

const fieldOf: Partial<Record<ProblemCode, FieldName>> = {
  'number-missing': 'number',
  'number-malformed': 'number',
  'number-taken': 'number',
  'name-missing': 'name',
  'name-malformed': 'name',
  'email-malformed': 'email',
  'email-taken': 'email',
  'password-short': 'password',
  'password-common': 'password',
  'password-wrong': 'current',
  'reason-missing': 'reason',
};

/** The sentence below a field, where the refusal is about it. */
export function fieldError(problem: Problem | null, field: FieldName): string | undefined {
  return problem && fieldOf[problem.code] === field ? problemText(problem) : undefined;
}

/** The refusal, unless one of the form's fields already says it. */
export function formProblem(problem: Problem | null, fields: readonly FieldName[]): Problem | null {
  const field = problem && fieldOf[problem.code];
  return field && fields.includes(field) ? null : problem;
}
