import { createContext } from 'preact';
import { useContext, useEffect } from 'preact/hooks';
import type { Problem, ProblemCode } from '../../client/request.ts';
import { problemText, text } from '../message/text.ts';

/** What a form knows of its fields: the last refusal, and the names of those that can show one. */
export interface FormState {
  readonly problem: Problem | null;
  readonly fields: Set<string>;
}

export const FormContext = createContext<FormState>({ problem: null, fields: new Set() });

/** Fields of refusals that name none themselves. */
const fieldOf: Partial<Record<ProblemCode, string>> = {
  'number-missing': 'number',
  'number-malformed': 'number',
  'number-taken': 'number',
  'number-retired': 'number',
  'name-missing': 'name',
  'name-malformed': 'name',
  'name-mismatch': 'name',
  'email-malformed': 'email',
  'email-taken': 'email',
  'password-short': 'password',
  'password-common': 'password',
  'password-wrong': 'current',
  'second-step-wrong': 'code',
  'reason-missing': 'reason',
};

/** True where a refusal is about a field, or about one entry of it (`to.1` of `to`). */
function isAbout({ code, detail }: Problem, field: string): boolean {
  const named = String(detail.field ?? fieldOf[code] ?? '');
  return named === field || named.startsWith(`${field}.`);
}

/** The sentence below a field, where the refusal of its form is about it. */
export function useFieldError(field: string | undefined): string | undefined {
  const { problem, fields } = useContext(FormContext);
  useEffect(() => {
    if (field === undefined) return;
    fields.add(field);
    return () => void fields.delete(field);
  }, [fields, field]);
  if (!problem || field === undefined || !isAbout(problem, field)) return undefined;
  return problem.code === 'input-invalid' ? text('part.field-wrong') : problemText(problem);
}

/** The refusal, unless one of the form's fields already says it. */
export function restOf({ problem, fields }: FormState): Problem | null {
  return problem && [...fields].some((field) => isAbout(problem, field)) ? null : problem;
}
