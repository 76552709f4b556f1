import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Problem } from '../../client/request.ts';
import { text } from '../message/text.ts';
import { Button } from './button.tsx';
import { type FieldName, formProblem } from './field-error.ts';
import './form.css';
import { ProblemNote } from './problem-note.tsx';

export interface FormProps {
  readonly submit: string;
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** Fields that show a refusal about them by themselves. */
  readonly fields?: readonly FieldName[];
  readonly onSubmit: () => void;
  readonly onCancel?: () => void;
  readonly children: ComponentChildren;
}

/** Fields, what went wrong with them, and the buttons. A refused field gets the focus. */
export function Form(props: FormProps) {
  const { submit, busy, problem, fields = [], onSubmit, onCancel, children } = props;
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [problem]);
  const rest = formProblem(problem, fields);
  return (
    <form
      ref={form}
      class="form stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) onSubmit();
      }}
    >
      {children}
      {rest && <ProblemNote problem={rest} />}
      <div class="form-foot">
        {onCancel && (
          <Button kind="quiet" onClick={onCancel}>
            {text('part.cancel')}
          </Button>
        )}
        <Button kind="primary" type="submit" busy={busy}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
