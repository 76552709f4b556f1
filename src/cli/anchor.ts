import { parseArgs } from 'node:util';
import { makeAnchor } from '../store/anchor.ts';
import type { Description, Flags } from './description.ts';
import { Misused } from './failure.ts';
import { folderFlags, openHere } from './folders.ts';
import { count, print, writeOut } from './output.ts';

const flags = {
  ...folderFlags,
  json: { type: 'boolean', default: false, text: 'with FILE: prints digest and key as JSON' },
} as const satisfies Flags;

export const description: Description = {
  name: 'anchor',
  arguments: [{ name: 'FILE', optional: true }],
  summary:
    'writes where every stream of the ledger ends, signed, to keep away from the data; muster verify --anchor compares',
  flags,
  notes: [
    'It names nobody. Without FILE the text goes to the terminal. A running server makes one each day by itself, keeps it and mails its fingerprint: the page Audit, Anchors.',
  ],
};

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: flags,
    allowPositionals: true,
  });
  const [file, ...more] = positionals;
  if (more.length > 0) throw new Misused('muster anchor takes one file at most.');
  if (values.json && file === undefined) throw new Misused('--json needs a FILE for the text.');
  await using opened = await openHere(values);
  const { text, digest, anchor } = await makeAnchor(opened.store, 'operator');
  const path = await writeOut([text], file);
  if (path === null) return 0;
  const streams = anchor.heads.length;
  if (values.json) await print(JSON.stringify({ file: path, digest, key: anchor.key, streams }));
  else {
    await print(
      `Anchored ${count(streams, 'stream')}: ${path}`,
      `SHA-256 of the file, which tells later whether the file is the same: ${digest}`,
      `Public key: ${anchor.key}`,
    );
  }
  return 0;
}
