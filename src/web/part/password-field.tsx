import { useRef, useState } from 'preact/hooks';
import { text } from '../message/text.ts';
import { useAutofocus } from './autofocus.ts';
import { Button } from './button.tsx';
import { Field } from './field.tsx';
import './password-field.css';

export interface PasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onText: (value: string) => void;
  /** The name that a refusal has for it. */
  readonly field?: string;
  /** For a new password: how long it must be; the field then says how far it is. */
  readonly minLength?: number;
  readonly autofocus?: boolean;
}

/** A password that can be looked at while it is typed. */
export function PasswordField(props: PasswordFieldProps) {
  const { label, value, onText, field, minLength, autofocus = false } = props;
  const [seen, setSeen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useAutofocus(input, autofocus);
  return (
    <Field label={label} field={field} hint={minLength ? lengthText(value, minLength) : undefined}>
      {(ids) => (
        <div class="password">
          <input
            ref={input}
            {...ids}
            class="input"
            type={(seen ? 'text' : 'password') as 'text'}
            autocomplete={minLength ? 'new-password' : 'current-password'}
            autocapitalize="off"
            spellcheck={false}
            required
            autofocus={autofocus}
            value={value}
            onInput={(event) => onText(event.currentTarget.value)}
          />
          <Button kind="quiet" aria-pressed={seen} onClick={() => setSeen(!seen)}>
            {text(seen ? 'part.hide-password' : 'part.show-password')}
          </Button>
        </div>
      )}
    </Field>
  );
}

function lengthText(value: string, min: number): string {
  const count = [...value].length;
  if (count === 0) return text('account.password-hint', { min });
  return count < min
    ? text('account.password-more', { count: min - count })
    : text('account.password-enough', { count });
}
