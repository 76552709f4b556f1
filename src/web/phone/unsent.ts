import { button, paragraph } from './element.ts';
import { glyph } from './glyph.ts';
import { text } from './message-en.ts';
import { say } from './say.ts';
import { announce, heading, show } from './screen.ts';
import './refusal.css';

/** While there is no answer: it goes on by itself, and nobody need press anything. */
export function showUnsent(late: boolean, onStop: () => void): void {
  const sentence = say(late ? text.unsentLate : text.unsentText);
  show(
    'unsent',
    glyph('unsent'),
    heading(text.unsent),
    paragraph(sentence),
    button(text.stop, onStop),
  );
  announce(`${text.unsent}. ${sentence}`);
}
