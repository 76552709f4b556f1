import { styleText } from 'node:util';

/** How a text is set off. Colour is never the only sign. */
export type Look = 'bold' | 'dim' | 'cyan' | 'yellow' | 'red' | 'green';

/** Sets text off where the terminal can; the plain text where it cannot, or where NO_COLOR asks for that. */
export type Style = (look: Look, text: string) => string;

/** The style for what is written to `stream`. */
export function styleFor(stream: NodeJS.WriteStream): Style {
  return (look, text) => styleText(look, text, { stream });
}
