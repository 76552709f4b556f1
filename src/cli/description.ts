import type { parseArgs } from 'node:util';

/** A flag as `parseArgs` takes it, with what help says of it. */
export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly default?: string | boolean;
  readonly multiple?: boolean;
  /** What stands for its value, such as `FOLDER`; a list of words to choose from has `|` between. */
  readonly value?: string;
  readonly text: string;
  /** The environment variable that says the same where the flag is not given. */
  readonly env?: string;
  /** It is on unless told: written `--no-NAME`. */
  readonly off?: true;
}

export type Flags = Readonly<Record<string, Flag>>;

/** What `parseArgs` reads by these flags. */
export type Given<F extends Flags> = ReturnType<typeof parseArgs<{ options: F }>>['values'];

/** What stands behind the name of a verb or an action, such as `NUMBER`. */
export interface Argument {
  readonly name: string;
  readonly optional?: true;
  /** As many as wanted. */
  readonly many?: true;
}

export interface Example {
  readonly command: string;
  readonly text: string;
}

/** One thing that a verb of several does: `muster people add`. */
export interface ActionDescription {
  readonly name: string;
  readonly arguments?: readonly Argument[];
  readonly summary: string;
  /** Its own, besides those of the verb. */
  readonly flags?: Flags;
}

/**
 * All that is said of a verb, in one place: `parseArgs` takes its flags from here, and help, man page and completion
 * are made of it.
 */
export interface Description {
  readonly name: string;
  readonly arguments?: readonly Argument[];
  /** What it does, in half a sentence. */
  readonly summary: string;
  readonly flags: Flags;
  readonly actions?: readonly ActionDescription[];
  /** It takes the flags of `muster start` too. */
  readonly startsServer?: true;
  /** What else is to be known, a paragraph each. */
  readonly notes?: readonly string[];
  readonly examples?: readonly Example[];
  /** Exit codes that mean something of its own. */
  readonly exits?: Readonly<Record<number, string>>;
}

/** Exit codes that every verb has. */
export const exitCodes = {
  0: 'done; also where nothing was left to do',
  1: 'failed: keys, data, disk, network or server are not as they must be, or a check found something wrong',
  2: 'refused: Muster said no by its rules, and nothing was changed',
  64: 'the command, or a setting in the environment, is not written as it must be',
  130: 'ended by Ctrl+C; what was answered until then is done, nothing is half done',
} as const;

/** `NUMBER...`, `[FILE]`. */
function writeArgument({ name, optional, many }: Argument): string {
  const text = many ? `${name}...` : name;
  return optional ? `[${text}]` : text;
}

/** `--data FOLDER`, `--no-open`. */
export function writeFlag(name: string, { off, value }: Flag): string {
  const written = `--${off ? 'no-' : ''}${name}`;
  return value === undefined ? written : `${written} ${value}`;
}

/** How a verb, or one of its actions, is written on one line. */
export function writeSynopsis(verb: Description, action?: ActionDescription): string {
  const words = ['muster', verb.name];
  if (action) words.push(action.name);
  else if (verb.actions) words.push('ACTION');
  const { arguments: named = [] } = action ?? verb;
  words.push(...named.map(writeArgument));
  const hasFlags = Object.keys({ ...verb.flags, ...action?.flags }).length > 0;
  return [...words, ...(hasFlags ? ['[flags]'] : [])].join(' ');
}

/** What a flag does, with its default and its variable. */
export function writeFlagText({ text, default: given, env }: Flag): string {
  const said = [
    ...(typeof given === 'string' ? [given] : []),
    ...(env === undefined ? [] : [`or ${env}`]),
  ];
  return said.length === 0 ? text : `${text} (${said.join('; ')})`;
}
