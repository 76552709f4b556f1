import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { text } from '../message/text.ts';
import { useAutofocus } from './autofocus.ts';
import './field.css';
import { useFieldError } from './field-error.ts';

export interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong and what to do; also marks the control as invalid. */
  readonly error?: string | undefined;
  /** The name that a refusal has for it: such a one is said here, and not below the whole form. */
  readonly field?: string | undefined;
  readonly optional?: boolean;
}

interface ControlIds {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

/** Label, hint and error around any control, tied to it for a screen reader. */
export function Field(props: FieldProps & { children: (ids: ControlIds) => ComponentChildren }) {
  const { label, hint, optional } = props;
  const refused = useFieldError(props.field);
  const error = props.error ?? refused;
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
        {optional && <span class="quiet small"> · {text('part.optional')}</span>}
      </label>
      {props.children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <p class="field-error" id={`${id}-error`} role="alert">
        {error}
      </p>
    </div>
  );
}

interface InputProps {
  readonly type?: 'text' | 'email' | 'password' | 'date' | 'time' | 'datetime-local' | 'number';
  readonly autocomplete?: string;
  readonly autofocus?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly min?: string | number;
  readonly max?: string | number;
  readonly disabled?: boolean;
}

/** One line of text: a name, an address, a date, a number. */
export function TextField(
  props: FieldProps & InputProps & { value: string; onText: (value: string) => void },
) {
  const { label, hint, error, field, optional = false, value, onText, ...rest } = props;
  const { type = 'text', ...attributes } = rest;
  const input = useRef<HTMLInputElement>(null);
  useAutofocus(input, rest.autofocus);
  return (
    <Field label={label} hint={hint} error={error} field={field} optional={optional}>
      {(ids) => (
        <input
          ref={input}
          type={type as 'text'}
          required={!optional}
          {...attributes}
          {...ids}
          class="input"
          value={value}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** A choice from a closed list. */
export function SelectField(
  props: FieldProps & {
    value: string;
    options: readonly { value: string; label: string }[];
    onText: (value: string) => void;
  },
) {
  const { label, hint, error, field, optional = false, value, options, onText } = props;
  return (
    <Field label={label} hint={hint} error={error} field={field} optional={optional}>
      {(ids) => (
        <select
          {...ids}
          class="input"
          value={value}
          onChange={(event) => onText(event.currentTarget.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** On or off, with the consequence in a sentence. */
export function CheckField(props: {
  label: string;
  hint?: string | undefined;
  checked: boolean;
  disabled?: boolean;
  onCheck: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <div class="check">
      <input
        id={id}
        type="checkbox"
        checked={props.checked}
        disabled={props.disabled}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onChange={(event) => props.onCheck(event.currentTarget.checked)}
      />
      <label for={id}>{props.label}</label>
      {props.hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
    </div>
  );
}
