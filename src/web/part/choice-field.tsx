import { useId } from 'preact/hooks';
import './choice-field.css';

export interface ChoiceOption {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** One of a few, all of which are to be seen. */
export function ChoiceField(props: {
  label: string;
  value: string;
  options: readonly ChoiceOption[];
  onChoose: (value: string) => void;
}) {
  const id = useId();
  return (
    <fieldset class="choice-field">
      <legend class="field-label">{props.label}</legend>
      <div class="choice-options">
        {props.options.map(({ value, label, hint }) => (
          <label key={value} class="choice-option">
            <input
              type="radio"
              name={id}
              checked={value === props.value}
              onChange={() => props.onChoose(value)}
            />
            <span>
              {label}
              {hint && <span class="quiet small choice-hint">{hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
