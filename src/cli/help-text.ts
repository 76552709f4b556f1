import { widthOf, wrap } from '../terminal/width.ts';
import {
  type ActionDescription,
  type Description,
  type Flags,
  writeFlag,
  writeFlagText,
  writeSynopsis,
} from './description.ts';

const columns = 79;
/** Text of a flag begins no further to the right. */
const furthest = 24;

/** `muster help`: every verb in two lines. */
export function writeOverview(verbs: readonly Description[]): string {
  const lines = verbs.flatMap((verb) => [
    `  ${writeSynopsis(verb)}`,
    ...indented(verb.summary, 6),
    '',
  ]);
  return [
    'Muster takes attendance: people prove they are here, you see it live.',
    '',
    ...lines,
    'muster help COMMAND shows all of one command, muster help --man the manual page.',
  ].join('\n');
}

/** `muster help VERB`: all of one verb, or of one of its actions. */
export function writeHelp(verb: Description, action?: ActionDescription): string {
  const { actions = [], notes = [], examples = [], exits = {} } = verb;
  if (action) {
    return [
      writeSynopsis(verb, action),
      ...indented(action.summary, 2),
      ...writeFlags({ ...action.flags, ...verb.flags }),
    ].join('\n');
  }
  return [
    writeSynopsis(verb),
    ...indented(verb.summary, 2),
    ...actions.flatMap((each) => ['', ...writeAction(verb, each)]),
    ...(actions.length > 0 ? ['', '  Flags of all:'] : []),
    ...writeFlags(verb.flags),
    ...(verb.startsServer
      ? indented(
          'Uses the server that runs on these data, else starts one as muster start does and takes its flags.',
          2,
        )
      : []),
    ...notes.flatMap((note) => indented(note, 2)),
    ...Object.entries(exits).flatMap(([code, text]) => indented(`Exit code ${code}: ${text}.`, 2)),
    ...(examples.length > 0 ? ['', '  Examples:'] : []),
    ...examples.flatMap(({ command, text }) => [`  ${command}`, ...indented(text, 6)]),
  ].join('\n');
}

function writeAction(verb: Description, action: ActionDescription): string[] {
  return [
    `  ${writeSynopsis({ ...verb, flags: {} }, action)}`,
    ...indented(action.summary, 6),
    ...writeFlags(action.flags ?? {}, 6),
  ];
}

function writeFlags(flags: Flags, indent = 2): string[] {
  const entries = Object.entries(flags).map(([name, flag]) => ({
    written: writeFlag(name, flag),
    text: writeFlagText(flag),
  }));
  const longest = Math.max(0, ...entries.map(({ written }) => widthOf(written)));
  const column = Math.min(furthest, indent + longest + 2);
  return entries.flatMap(({ written, text }) => {
    const [first = '', ...rest] = indented(text, column);
    const head = ' '.repeat(indent) + written;
    return head.length + 2 > column
      ? [head, first, ...rest]
      : [head + first.slice(head.length), ...rest];
  });
}

const indented = (text: string, indent: number): string[] =>
  wrap(text, columns - indent).map((line) => ' '.repeat(indent) + line);
