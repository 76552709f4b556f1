import type { Opening } from '../../core/check-in.wire.ts';
import { button, paragraph } from './element.ts';
import { field, form } from './field.ts';
import { text } from './message-en.ts';
import type { Person } from './person.ts';
import { heading, show } from './screen.ts';

export interface FormOptions {
  readonly opening: Opening;
  readonly person: Person;
  readonly asksName: boolean;
  /** A sentence about the whole form. */
  readonly notice?: string | undefined;
  readonly wrongNumber?: string | undefined;
  readonly wrongName?: string | undefined;
  readonly onSend: (person: Person) => void;
  readonly onForget: () => void;
}

/** One field set, one button. @returns what is typed in it at the moment. */
export function showForm(options: FormOptions): () => Person {
  const { opening, person, asksName, notice, wrongNumber, wrongName, onSend, onForget } = options;
  const number = field({
    id: 'number',
    label: text.number,
    hint: text.numberHint,
    value: person.number,
    wrong: wrongNumber,
    capitals: 'characters',
  });
  const name = field({
    id: 'name',
    label: text.name,
    value: person.name,
    wrong: wrongName,
    capitals: 'words',
  });
  const read = (): Person => ({ number: number.input.value.trim(), name: name.input.value.trim() });
  show(
    'form',
    heading(opening.session),
    form(
      text.here,
      () => onSend(read()),
      paragraph(notice, 'wrong'),
      number.row,
      asksName && name.row,
      person.number && button(text.notYou, onForget),
    ),
  );
  return read;
}
