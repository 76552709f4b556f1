import { readFile } from 'node:fs/promises';
import { readAnchor } from '../core/anchor.ts';
import { anchorKeyOf, checkAnchor, isSigned } from '../store/anchor.ts';
import { finish, verifyLedger } from '../store/verify.ts';
import { Refused } from './failure.ts';
import { describeFault } from './fault-text.ts';
import { type FolderChoice, openHere } from './folders.ts';
import { count, print } from './output.ts';
import { Progress } from './progress.ts';

const texts = {
  cut: 'events up to this one, which were there when the anchor was made, are missing',
  rewritten: 'another event stands here than when the anchor was made',
} as const;

/**
 * Compares the ledger with an anchor, and walks its chains.
 * @throws Refused where the file is no anchor of these data, or was changed
 */
export async function checkWithAnchor(
  choice: FolderChoice,
  file: string,
  json: boolean,
): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Refused(`There is no file ${file}, or it cannot be read.`);
  });
  const read = readAnchor(text);
  if (!read) throw new Refused(`${file} is no anchor, or a part of one.`);
  const { anchor, signature } = read;
  if (!isSigned(anchor, signature))
    throw new Refused(`The anchor in ${file} was changed: its signature does not hold.`);
  await using opened = await openHere(choice);
  const { store } = opened;
  if (anchor.organisation !== store.organisation || anchor.key !== anchorKeyOf(store)) {
    throw new Refused(`The anchor in ${file} is of other data, or was signed with another key.`);
  }
  using progress = new Progress();
  const chains = await finish(verifyLedger(store, { chainsOnly: true }), progress.tell);
  progress[Symbol.dispose]();
  const found = await checkAnchor(store, anchor);
  const ok = chains.ok && found.faults.length === 0;
  const { madeAt } = anchor;
  if (json) await print(JSON.stringify({ ok, madeAt, ...found, chains: chains.faults }));
  else if (ok) {
    await print(
      `The ledger holds what was anchored at ${madeAt}: ${count(found.same, 'stream')} as then, ${found.grown} grew, ${found.begun} were begun since; all chains hold.`,
    );
  } else {
    await print(
      `The ledger does not hold what was anchored at ${madeAt}:`,
      ...found.faults.map(({ kind, stream, seq }) => `${stream}, event ${seq}: ${texts[kind]}`),
      ...chains.faults.map(describeFault),
    );
  }
  return ok ? 0 : 1;
}
