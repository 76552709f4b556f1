import type { Description } from './description.ts';
import { Misused } from './failure.ts';

/** What the file of a verb exports. */
export interface Verb {
  /** Does it; answers with the exit code. A verb that speaks of all of them can ask for what is said of them. */
  readonly run: (args: string[], describeAll: typeof describeVerbs) => Promise<number>;
  readonly description: Description;
}

interface VerbEntry {
  readonly name: string;
  readonly load: () => Promise<Verb>;
}

/** In the order of the help. A verb is loaded when it is asked for, so that a start pays for nothing else. */
const verbs: readonly VerbEntry[] = [
  { name: 'start', load: () => import('./start.ts') },
  { name: 'roll', load: () => import('./roll.ts') },
  { name: 'terminal', load: () => import('./terminal.ts') },
  { name: 'demo', load: () => import('./demo.ts') },
  { name: 'people', load: () => import('./people.ts') },
  { name: 'groups', load: () => import('./groups.ts') },
  { name: 'sessions', load: () => import('./sessions.ts') },
  { name: 'mark', load: () => import('./mark.ts') },
  { name: 'sign-in-link', load: () => import('./sign-in-link.ts') },
  { name: 'export', load: () => import('./export.ts') },
  { name: 'history', load: () => import('./history.ts') },
  { name: 'person-data', load: () => import('./person-data.ts') },
  { name: 'erasures', load: () => import('./erasures.ts') },
  { name: 'verify', load: () => import('./verify.ts') },
  { name: 'doctor', load: () => import('./doctor.ts') },
  { name: 'audit', load: () => import('./audit.ts') },
  { name: 'anchor', load: () => import('./anchor.ts') },
  { name: 'rebuild', load: () => import('./rebuild.ts') },
  { name: 'retention', load: () => import('./retention.ts') },
  { name: 'backup', load: () => import('./backup.ts') },
  { name: 'restore', load: () => import('./restore.ts') },
  { name: 'key', load: () => import('./key.ts') },
  { name: 'recover', load: () => import('./recover.ts') },
  { name: 'move', load: () => import('./move.ts') },
  { name: 'version', load: () => import('./version.ts') },
  { name: 'completion', load: () => import('./completion.ts') },
];

export const findVerb = (name: string): VerbEntry | undefined =>
  verbs.find((verb) => verb.name === name);

/** What is said of every verb, in the order of the help. */
export const describeVerbs = (): Promise<Description[]> =>
  Promise.all(verbs.map(async ({ load }) => (await load()).description));

/**
 * What is said of one verb.
 * @throws Misused where there is none of this name
 */
export async function describeVerb(name: string): Promise<Description> {
  const verb = findVerb(name);
  if (!verb) throw new Misused(`Muster has no command "${name}".`);
  return (await verb.load()).description;
}
