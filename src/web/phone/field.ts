import { type Child, make, paragraph } from './element.ts';
import { text } from './message-en.ts';
import './field.css';

export interface FieldOptions {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  /** What is wrong with the value, in a sentence. */
  readonly wrong?: string | undefined;
  /** A name is written as it is; a number or a code in capitals. */
  readonly capitals: 'characters' | 'words';
}

/** A labelled field; what is wrong with it stands beside it and is read with it. */
export function field(options: FieldOptions): { row: HTMLElement; input: HTMLInputElement } {
  const { id, label, hint = '', value, wrong = '', capitals } = options;
  const note = `${id}-note`;
  const input = make('input', {
    id,
    class: capitals,
    type: 'text',
    inputmode: 'text',
    autocapitalize: capitals,
    autocomplete: 'off',
    autocorrect: 'off',
    spellcheck: 'false',
    enterkeyhint: 'go',
    dir: 'auto',
    'aria-required': 'true',
    'aria-invalid': !!wrong,
    'aria-describedby': (wrong || hint) && note,
  });
  input.value = value;
  const row = make(
    'div',
    { class: 'field' },
    make('label', { for: id }, label),
    input,
    paragraph(wrong || hint, wrong ? 'wrong' : 'hint', note),
  );
  return { row, input };
}

/** Fields and the one button below them, which can be pressed once. */
export function form(
  label: string,
  onSend: () => void,
  ...children: readonly Child[]
): HTMLElement {
  const submit = make('button', { class: 'primary' }, label);
  const send = (event: Event): void => {
    event.preventDefault();
    if (submit.getAttribute('aria-disabled')) return;
    submit.setAttribute('aria-disabled', 'true');
    submit.textContent = text.sending;
    onSend();
  };
  return make('form', { novalidate: true, submit: send }, ...children, submit);
}
