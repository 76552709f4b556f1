import { resolve } from 'node:path';
import { type NextKey, rotateMaster } from '../../store/key-rotation.ts';
import { type KeyStatus, loadKeyStatus } from '../../store/key-status.ts';
import type { Flags, Given } from '../description.ts';
import { Misused, Refused } from '../failure.ts';
import { findFolders, type folderFlags, openHere, readMasterKeyFile } from '../folders.ts';
import { print } from '../output.ts';
import { askHidden, readPassphrase } from '../passphrase.ts';
import { sources } from './status.ts';

export const flags = {
  to: {
    type: 'string',
    value: 'file|passphrase',
    text: 'the new master key lies in the key folder, or comes from a passphrase; without the flag as it is now',
  },
  'new-passphrase-file': {
    type: 'string',
    value: 'FILE',
    text: 'the new passphrase; without the flag it is asked for',
  },
  'new-key': {
    type: 'string',
    value: 'FILE',
    text: 'the new master key, where it comes from the environment',
  },
  json: { type: 'boolean', default: false, text: 'prints one JSON document' },
} as const satisfies Flags;

type Values = Given<typeof folderFlags & typeof flags>;

/** A new master key; the old one is destroyed. */
export async function rotate(values: Values): Promise<number> {
  const { data } = findFolders(values);
  await using opened = await openHere(values);
  const { master } = await loadKeyStatus(opened, data);
  const wanted = await chooseNext(values, master);
  const { finished, kind } = await rotateMaster(opened, data, 'operator', wanted);
  if (values.json) {
    await print(JSON.stringify({ finished, master: kind }));
    return 0;
  }
  await print(
    finished
      ? 'The rotation that was broken off is finished.'
      : 'The master key is rotated; the old one is destroyed.',
    `From now on it comes from ${sources[kind]}.`,
    ...(kind === 'given' || master === 'given'
      ? ['Change what the environment gives before the next start.']
      : []),
    'Make a backup and a recovery sheet now: older ones need the old key.',
  );
  return 0;
}

async function chooseNext(values: Values, now: KeyStatus['master']): Promise<NextKey> {
  const { to, 'new-key': keyFile, 'new-passphrase-file': passphraseFile } = values;
  if (to !== undefined && to !== 'file' && to !== 'passphrase')
    throw new Misused('--to takes file or passphrase.');
  if (keyFile !== undefined) {
    if (to !== undefined || passphraseFile !== undefined)
      throw new Misused('--new-key says already where the new key comes from.');
    return { kind: 'given', key: readMasterKeyFile(resolve(keyFile)) };
  }
  const kind = to ?? (passphraseFile === undefined ? now : 'passphrase');
  if (kind === 'given')
    throw new Misused(
      'The master key comes from the environment: name the new one with --new-key, or choose with --to.',
    );
  if (kind === 'file') return { kind };
  if (passphraseFile !== undefined)
    return { kind, passphrase: readPassphrase(resolve(passphraseFile)) };
  const passphrase = await askHidden('New passphrase');
  if ((await askHidden('The same once more')) !== passphrase)
    throw new Refused('The two were not the same; nothing was changed.');
  return { kind, passphrase };
}
