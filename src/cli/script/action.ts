import { parseArgs } from 'node:util';
import type { Send } from '../../client/request.ts';
import type { Visit } from '../../terminal/visit.ts';
import {
  type ActionDescription,
  type Argument,
  type Description,
  type Flags,
  writeSynopsis,
} from '../description.ts';
import { Misused } from '../failure.ts';
import { print } from '../output.ts';
import { reachFlags, reachServer } from './reach.ts';

/** What a command for scripts says: one document for programs, lines for people. */
export interface Outcome {
  readonly json: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

/** Where an action is done. */
export interface At {
  readonly visit: Visit;
  /** Looks. */
  readonly look: Send;
  /** Does; in a dry run decides only. */
  readonly act: Send;
  readonly isDryRun: boolean;
  /** Whether one document is printed at the end, and nothing before. */
  readonly isJson: boolean;
  /** Time zone of the organisation. */
  readonly zone: string;
}

type Values<F extends Flags> = ReturnType<
  typeof parseArgs<{ options: F; allowNegative: true }>
>['values'];

/** One thing that a verb for scripts does. */
export interface Action<F extends Flags = Flags> extends ActionDescription {
  readonly flags?: F;
  /** It changes something: it takes --dry-run. */
  readonly changes?: true;
  /** @param words the arguments, as many as are described; one that is missing is empty */
  readonly run: (at: At, words: readonly string[], values: Values<F>) => Promise<Outcome>;
}

/** Keeps the flags' types between description and work. */
export const action = <F extends Flags = Record<never, never>>(definition: Action<F>): Action =>
  definition as unknown as Action;

const dryRun = {
  'dry-run': {
    type: 'boolean',
    default: false,
    text: 'says what would happen, by the same checks, and changes nothing',
  },
} as const satisfies Flags;

/** The description of a verb that is made of actions. */
export const describeActions = (
  verb: Pick<Description, 'name' | 'summary' | 'examples' | 'notes'>,
  actions: readonly Action[],
): Description => ({
  ...verb,
  flags: reachFlags,
  actions: actions.map(describeAction),
});

/** The description of an action, with the flag that it has because it changes something. */
export const describeAction = (deed: Action): ActionDescription => ({
  name: deed.name,
  ...(deed.arguments ? { arguments: deed.arguments } : {}),
  summary: deed.summary,
  flags: flagsOf(deed),
});

const flagsOf = ({ flags, changes }: Action): Flags => ({ ...flags, ...(changes ? dryRun : {}) });

/**
 * Runs the action that the first word names.
 * @throws Misused
 */
export async function runNamed(
  verb: Description,
  actions: readonly Action[],
  [name, ...args]: readonly string[],
): Promise<number> {
  const deed = actions.find((candidate) => candidate.name === name);
  if (deed) return runAction(verb, deed, args, describeAction(deed));
  const names = actions.map((candidate) => candidate.name).join(', ');
  throw new Misused(
    name === undefined || name.startsWith('-')
      ? `muster ${verb.name} takes an action first: ${names}.`
      : `muster ${verb.name} has no "${name}", but ${names}.`,
  );
}

/**
 * Runs one action: reads its words, finds the server, and prints what came of it.
 * @param described undefined where the verb is the action
 */
export async function runAction(
  verb: Description,
  deed: Action,
  args: readonly string[],
  described?: ActionDescription,
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...reachFlags, ...dryRun, ...deed.flags },
    allowPositionals: true,
    allowNegative: true,
  });
  const isDryRun = values['dry-run'] === true;
  if (isDryRun && !deed.changes) throw new Misused('--dry-run is for what changes something.');
  checkWords(deed.arguments ?? [], positionals, () => writeSynopsis(verb, described));
  await using reached = await reachServer(values);
  const { visit, me } = reached;
  const act = isDryRun ? visit.rehearse : visit.send;
  const isJson = values.json === true;
  const at: At = { visit, look: visit.send, act, isDryRun, isJson, zone: me.zone };
  const { json, lines } = await deed.run(at, positionals, ownOf(deed, values) as never);
  if (isJson) await print(JSON.stringify(isDryRun ? { dryRun: true, ...json } : json));
  else await print(...(isDryRun ? ['Dry run; nothing was changed. It would say:'] : []), ...lines);
  return 0;
}

/** The values of the action's own flags: what says where the server is goes no further. */
const ownOf = ({ flags = {} }: Action, values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(flags, name)));

function checkWords(
  named: readonly Argument[],
  words: readonly string[],
  synopsis: () => string,
): void {
  const least = named.filter(({ optional }) => !optional).length;
  const most = named.some(({ many }) => many) ? Number.POSITIVE_INFINITY : named.length;
  if (words.length < least || words.length > most)
    throw new Misused(`It is written: ${synopsis()}.`);
}
