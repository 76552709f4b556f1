import type { Child } from './element.ts';
import { field, form } from './field.ts';
import { text } from './message-en.ts';
import { heading, show } from './screen.ts';

/** The way in for a phone without a working camera: six characters from the board. */
export function showTypedCode(
  value: string,
  wrong: string | undefined,
  onSend: (code: string) => void,
  below: Child,
): void {
  const code = field({
    id: 'code',
    label: text.typedLabel,
    hint: text.typedHint,
    value,
    wrong,
    capitals: 'characters',
  });
  show(
    'form',
    heading(text.typed),
    form(text.next, () => onSend(code.input.value.trim()), code.row),
    below,
  );
}
