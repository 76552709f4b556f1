import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Problem } from '../../client/request.ts';
import { text } from '../message/text.ts';
import { Button } from './button.tsx';
import { FormContext, restOf } from './field-error.ts';
import './form.css';
import { ProblemNote } from './problem-note.tsx';

export interface FormProps {
  readonly submit: string;
  /** `danger` for what cannot be undone. */
  readonly kind?: 'primary' | 'danger';
  /** False: the button takes no press yet. */
  readonly ready?: boolean;
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly onSubmit: () => void;
  readonly onCancel?: () => void;
  /** What the button beside says, where that is not to cancel. */
  readonly cancel?: string;
  readonly children: ComponentChildren;
}

/** Fields, what went wrong with them, and the buttons. A refused field says so itself, and gets the focus. */
export function Form(props: FormProps) {
  const { submit, kind = 'primary', ready = true, busy, problem, onSubmit, onCancel } = props;
  const form = useRef<HTMLFormElement>(null);
  const fields = useRef(new Set<string>()).current;
  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [problem]);
  const rest = restOf({ problem, fields });
  return (
    <FormContext.Provider value={{ problem, fields }}>
      <form
        ref={form}
        class="form stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) onSubmit();
        }}
      >
        {props.children}
        {rest && <ProblemNote problem={rest} />}
        <div class="form-foot">
          {onCancel && (
            <Button kind="quiet" onClick={onCancel}>
              {props.cancel ?? text('part.cancel')}
            </Button>
          )}
          <Button kind={kind} type="submit" busy={busy} disabled={!ready}>
            {submit}
          </Button>
        </div>
      </form>
    </FormContext.Provider>
  );
}
