import { widthOf, wrap } from '../terminal/width.ts';
import { Misused } from './failure.ts';

/** What the file of a verb exports. */
export interface Verb {
  /** Does it; answers with the exit code. */
  readonly run: (args: string[]) => Promise<number>;
  /** Help: first line how it is written, then what it does, then its flags. */
  readonly usage: string;
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
  { name: 'sign-in-link', load: () => import('./sign-in-link.ts') },
  { name: 'export', load: () => import('./export.ts') },
  { name: 'history', load: () => import('./history.ts') },
  { name: 'person-data', load: () => import('./person-data.ts') },
  { name: 'verify', load: () => import('./verify.ts') },
  { name: 'doctor', load: () => import('./doctor.ts') },
  { name: 'anchor', load: () => import('./anchor.ts') },
  { name: 'rebuild', load: () => import('./rebuild.ts') },
  { name: 'backup', load: () => import('./backup.ts') },
  { name: 'restore', load: () => import('./restore.ts') },
  { name: 'key', load: () => import('./key.ts') },
  { name: 'recover', load: () => import('./recover.ts') },
  { name: 'move', load: () => import('./move.ts') },
  { name: 'version', load: () => import('./version.ts') },
];

const columns = 79;
const indent = '      ';

export const findVerb = (name: string): VerbEntry | undefined =>
  verbs.find((verb) => verb.name === name);

/** `muster help`: every verb in two lines; `muster help VERB`: all of one. */
export async function printHelp(name?: string): Promise<number> {
  if (name === undefined || name === 'help') {
    process.stdout.write(await overview());
    return 0;
  }
  const verb = findVerb(name);
  if (!verb) throw new Misused(`Muster has no command "${name}".`);
  const { usage } = await verb.load();
  process.stdout.write(`${joinLines(usage.trim().split('\n')).flatMap(fold).join('\n')}\n`);
  return 0;
}

/** Lines that go on with the text of a flag, as one; a flag may stand alone on its line. */
function joinLines(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let open = false;
  for (const line of lines) {
    const goesOn = /^ {10,}\S/.test(line);
    if (goesOn && open) joined.push(`${joined.pop()} ${line.trim()}`);
    else joined.push(line);
    open = goesOn || /^\s*-\S.*\S\s{2,}\S/.test(line);
  }
  return joined;
}

/** A line of a usage in 80 columns; what is too long goes on below where its text began. */
function fold(line: string): string[] {
  if (widthOf(line) <= columns) return [line];
  const [lead = ''] = /^\s*(?:-.*?\s{2,})?/.exec(line) ?? [];
  const [first = '', ...rest] = wrap(line.slice(lead.length), columns - lead.length);
  return [lead + first, ...rest.map((text) => ' '.repeat(lead.length) + text)];
}

async function overview(): Promise<string> {
  const usages = await Promise.all(verbs.map(async ({ load }) => (await load()).usage));
  const lines = usages.map((usage) => {
    const [how = '', what = ''] = usage.trim().split(/\n\s*/);
    return [
      `  ${how}`,
      ...wrap(what, columns - indent.length).map((line) => indent + line),
      '',
    ].join('\n');
  });
  return `Muster takes attendance: people prove they are here, you see it live.\n\n${lines.join('')}\nmuster help COMMAND shows the flags of one command.\n`;
}
