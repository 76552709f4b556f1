import {
  type ActionDescription,
  type Description,
  exitCodes,
  type Flags,
  writeFlag,
  writeFlagText,
  writeSynopsis,
} from './description.ts';
import { variables } from './environment-text.ts';

/** The manual page as roff, for `man`. */
export function writeManPage(verbs: readonly Description[]): string {
  return `${[
    '.\\" Made by: muster help --man',
    '.TH MUSTER 1 "" "Muster" "User Commands"',
    '.SH NAME',
    'muster \\- attendance that people prove, live',
    '.SH SYNOPSIS',
    '.nf',
    bold('muster COMMAND [arguments] [flags]'),
    bold('muster help [COMMAND [ACTION]]'),
    '.fi',
    '.SH DESCRIPTION',
    plain(
      'Takes attendance: people prove they are here, you see it live. Every command works on the data and keys of one installation, or over a server that runs.',
    ),
    '.SH COMMANDS',
    ...verbs.flatMap(writeVerb),
    '.SH EXIT STATUS',
    ...Object.entries(exitCodes).flatMap(([code, text]) => tagged(code, `${text}.`)),
    '.SH ENVIRONMENT',
    ...Object.entries(variables).flatMap(([name, text]) => tagged(name, text)),
    '.SH SEE ALSO',
    plain('The guides in the folder docs, first of all commands.md.'),
  ].join('\n')}\n`;
}

function writeVerb(verb: Description): string[] {
  const { actions = [], notes = [], examples = [], exits = {} } = verb;
  return [
    `.SS ${escaped(writeSynopsis(verb))}`,
    plain(`${upper(verb.summary)}.`),
    ...actions.flatMap((action) => writeAction(verb, action)),
    ...writeFlags(verb.flags),
    ...(verb.startsServer
      ? [
          '.PP',
          plain(
            'Uses the server that runs on these data, else starts one as muster start does and takes its flags.',
          ),
        ]
      : []),
    ...notes.flatMap((note) => ['.PP', plain(note)]),
    ...Object.entries(exits).flatMap(([code, text]) => [
      '.PP',
      plain(`Exit code ${code}: ${text}.`),
    ]),
    ...examples.flatMap(({ command, text }) => tagged(command, text)),
  ];
}

function writeAction(verb: Description, action: ActionDescription): string[] {
  const head = tagged(writeSynopsis({ ...verb, flags: {} }, action), `${upper(action.summary)}.`);
  const flags = writeFlags(action.flags ?? {});
  return flags.length === 0 ? head : [...head, '.RS', ...flags, '.RE'];
}

const writeFlags = (flags: Flags): string[] =>
  Object.entries(flags).flatMap(([name, flag]) =>
    tagged(writeFlag(name, flag), upper(`${writeFlagText(flag)}.`)),
  );

const tagged = (tag: string, text: string): string[] => ['.TP', bold(tag), plain(text)];

const bold = (text: string): string => `\\fB${escaped(text)}\\fR`;

/** A line of text; what begins like a request of roff does not count as one. */
const plain = (text: string): string => escaped(text).replace(/^(?=[.'])/, '\\&');

const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('’', '\\(cq');

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
