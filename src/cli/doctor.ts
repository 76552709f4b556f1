import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Look, type Style, styleFor } from '../terminal/style.ts';
import { widthOf, wrap } from '../terminal/width.ts';
import { backupFolderFlag } from './backup-folder.ts';
import { checkUp } from './check-up.ts';
import type { Description, Flags } from './description.ts';
import type { Finding } from './diagnosis.ts';
import { folderFlags } from './folders.ts';
import { print } from './output.ts';

const flags = {
  ...folderFlags,
  'tls-cert': {
    type: 'string',
    value: 'FILE',
    text: 'the certificate that muster start is given, where it is one of your own',
  },
  'day-files': {
    type: 'string',
    value: 'FOLDER',
    text: 'the folder of day files that muster start is given',
  },
  ...backupFolderFlag,
  json: { type: 'boolean', default: false, text: 'prints the findings as JSON' },
} as const satisfies Flags;

export const description: Description = {
  name: 'doctor',
  summary:
    'checks an installation, also while Muster runs: keys, database, disk, ledger, clock, backup and its folder, mail, certificate, server, day files; says what to do',
  flags,
  exits: { 1: 'something is wrong', 3: 'something is to be seen to' },
};

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: flags,
  });
  const dayFolder = values['day-files'];
  const findings = await checkUp({
    database: values.database,
    data: values.data,
    keys: values.keys,
    certificate: values['tls-cert'],
    dayFolder: dayFolder === undefined ? undefined : resolve(dayFolder),
    backupFolder: values['backup-folder'],
  });
  const worst = findings.some(({ level }) => level === 'bad')
    ? 'bad'
    : findings.some(({ level }) => level === 'warn')
      ? 'warn'
      : 'ok';
  if (values.json) await print(JSON.stringify({ level: worst, findings }));
  else {
    const style = styleFor(process.stdout);
    const columns = Math.max(40, process.stdout.columns ?? 80);
    await print(...findings.flatMap((found) => describe(found, style, columns)));
  }
  return { ok: 0, warn: 3, bad: 1 }[worst];
}

const looks: Record<Finding['level'], Look> = { ok: 'green', warn: 'yellow', bad: 'red' };
const levelWidth = 6;
const checkWidth = 15;

function describe({ check, level, says, todo }: Finding, style: Style, columns: number): string[] {
  const indent = levelWidth + checkWidth;
  const lines = [
    ...wrap(says, columns - indent),
    ...(todo === null ? [] : wrap(todo, columns - indent)),
  ];
  const head = style(looks[level], level) + ' '.repeat(levelWidth - widthOf(level));
  return lines.map((line, index) =>
    index === 0 ? head + check.padEnd(checkWidth) + line : ' '.repeat(indent) + line,
  );
}
