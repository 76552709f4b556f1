import { parseArgs } from 'node:util';
import type { ActionDescription, Description, Flags, Given } from './description.ts';
import { Misused } from './failure.ts';
import { folderFlags } from './folders.ts';
import { flags as exportFlags, exportRecovery } from './key/export-recovery.ts';
import { rotate, flags as rotateFlags } from './key/rotate.ts';
import { showStatus, flags as statusFlags } from './key/status.ts';
import { takeOver, flags as takeOverFlags } from './key/take-over.ts';
import { putBackKeys, flags as recoverFlags } from './recover.ts';

interface Action<F extends Flags> extends ActionDescription {
  readonly flags: F;
  readonly run: (values: Given<typeof folderFlags & F>) => Promise<number>;
}

/** Keeps the flags' types between description and work. */
const action = <F extends Flags>(definition: Action<F>) => definition as unknown as Action<Flags>;

const actions = [
  action({
    name: 'status',
    summary: 'where the keys are, and whether a rotation is under way',
    flags: statusFlags,
    run: showStatus,
  }),
  action({
    name: 'rotate',
    summary: 'a new master key; the old one is destroyed',
    flags: rotateFlags,
    run: rotate,
  }),
  action({
    name: 'export-recovery',
    summary: 'the keys as lines to print, whole or in shares',
    flags: exportFlags,
    run: exportRecovery,
  }),
  action({
    name: 'import',
    summary: 'puts lost keys back from such lines, as muster recover does',
    flags: recoverFlags,
    run: putBackKeys,
  }),
  action({
    name: 'take-over',
    summary: 'the keys are for these data, and no longer for those that they belonged to',
    flags: takeOverFlags,
    run: takeOver,
  }),
];

export const description: Description = {
  name: 'key',
  summary: 'looks after the keys: where they are, a new master key, keys on paper and back',
  flags: folderFlags,
  actions: actions.map(({ name, summary, flags }) => ({ name, summary, flags })),
  notes: [
    'Muster may run meanwhile. Backups from before a rotation open with the old key only: make a new one.',
    'A key folder belongs to one database: who restores beside data that go on copies it and takes over the copy.',
  ],
};

export async function run([name, ...args]: string[]): Promise<number> {
  const deed = actions.find((candidate) => candidate.name === name);
  if (!deed)
    throw new Misused('muster key takes status, rotate, export-recovery, import or take-over.');
  const options = { ...folderFlags, ...deed.flags };
  return deed.run(parseArgs({ args, options }).values);
}
