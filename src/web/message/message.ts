import type { Words } from './vocabulary.ts';

/**
 * A text of a catalogue: `{name}` is a value, `{group}` a word of the organisation; a counted text has a form per
 * plural category and picks it by the value that `by` names.
 */
export type Message = string | CountedMessage;

export interface CountedMessage {
  readonly by: string;
  readonly one: string;
  readonly other: string;
}

export type Catalogue = Readonly<Record<string, Message>>;
export type Values = Readonly<Record<string, string | number | boolean>>;

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

/** Values that a message cannot do without. */
export type Needs<M extends Message> = M extends string
  ? Exclude<Names<M>, keyof Words>
  : M extends CountedMessage
    ? M['by'] | Exclude<Names<M['one'] | M['other']>, keyof Words>
    : never;
