import { readFile } from 'node:fs/promises';
import { type Anchor, readAnchor, readFingerprint } from '../core/anchor.ts';
import { anchorKeyOf, isSigned } from '../store/anchor.ts';
import { type AnchorChainCheck, checkAnchors, findNoted, openKept } from '../store/kept-anchor.ts';
import type { Store } from '../store/store.ts';
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
 * @param given a file with an anchor or with a mail that carries a fingerprint, or a fingerprint itself
 * @throws Refused where it is no anchor of these data, or was changed
 */
export async function checkWithAnchor(
  choice: FolderChoice,
  given: string,
  json: boolean,
): Promise<number> {
  const text = await readGiven(given);
  const read = readAnchor(text);
  if (read && !isSigned(read.anchor, read.signature))
    throw new Refused(`The anchor in ${given} was changed: its signature does not hold.`);
  const fingerprint = read ? null : readFingerprint(text);
  if (!read && fingerprint === null)
    throw new Refused(`${given} is no anchor, or a part of one, and names no fingerprint.`);
  await using opened = await openHere(choice);
  const { store } = opened;
  const anchor = read?.anchor ?? (await findKept(store, fingerprint ?? ''));
  if (anchor.organisation !== store.organisation || anchor.key !== anchorKeyOf(store)) {
    throw new Refused(`The anchor in ${given} is of other data, or was signed with another key.`);
  }
  using progress = new Progress();
  const chains = await finish(verifyLedger(store, { chainsOnly: true }), progress.tell);
  progress[Symbol.dispose]();
  const found = await checkAnchors(store, anchor);
  const ok = chains.ok && found.faults.length === 0 && found.lost === null;
  const { madeAt } = anchor;
  if (json) await print(JSON.stringify({ ok, madeAt, ...found, chains: chains.faults }));
  else if (ok) await print(describeGood(madeAt, found));
  else {
    await print(
      `The ledger does not hold what was anchored at ${madeAt}:`,
      ...found.faults.map(({ kind, stream, seq }) => `${stream}, event ${seq}: ${texts[kind]}`),
      ...(found.lost === null
        ? []
        : [
            `the anchor ${found.lost}, which it follows, is not kept here any more, or was changed`,
          ]),
      ...chains.faults.map(describeFault),
    );
  }
  return ok ? 0 : 1;
}

/** The file's text; where there is no such file it may be a fingerprint that was typed from paper. */
async function readGiven(given: string): Promise<string> {
  const text = await readFile(given, 'utf8').catch(() => null);
  if (text !== null) return text;
  if (readFingerprint(given) !== null) return given;
  throw new Refused(`There is no file ${given}, or it cannot be read.`);
}

async function findKept(store: Store, digest: string): Promise<Anchor> {
  const anchor = await openKept(store, digest);
  if (anchor) return anchor;
  const notedAt = await findNoted(store, digest);
  if (notedAt !== null) {
    throw new Refused(
      `The ledger notes an anchor with this fingerprint of ${new Date(notedAt).toISOString()}, but its text is not kept here. Where muster anchor made it, give the file that it wrote; where Muster made it by itself, somebody took it away.`,
    );
  }
  throw new Refused(
    `No anchor with the fingerprint ${digest} is kept here. Where one was made, it was taken away or changed, or the data are older or others: compare with a file that muster anchor wrote.`,
  );
}

function describeGood(madeAt: string, { same, grown, begun, earlier }: AnchorChainCheck): string {
  const since = begun === null ? '' : `, ${begun} were begun since`;
  const before =
    earlier === 0 ? '' : `; with ${count(earlier, 'anchor')} before it, which it follows`;
  return `The ledger holds what was anchored at ${madeAt}: ${count(same, 'stream')} as then, ${grown} grew${since}; all chains hold${before}.`;
}
