import { parseArgs } from 'node:util';
import { makeAnchor } from '../store/anchor.ts';
import { Misused } from './failure.ts';
import { folderFlags, folderUsage, openHere } from './folders.ts';
import { count, print, writeOut } from './output.ts';

export const usage = `muster anchor [FILE] [flags]
  writes where every stream of the ledger ends, signed, to keep away from the data; muster verify --anchor compares
${folderUsage}
  --json          with FILE: prints digest and key as JSON
  It names nobody. Without FILE the text goes to the terminal. Make one each day, for instance by cron, and keep or
  mail it elsewhere.`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...folderFlags, json: { type: 'boolean', default: false } },
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
      `SHA-256, to be printed or mailed: ${digest}`,
      `Public key: ${anchor.key}`,
    );
  }
  return 0;
}
