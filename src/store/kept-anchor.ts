import { type Anchor, readAnchor } from '../core/anchor.ts';
import { type AnchorCheck, anchorKeyOf, checkAnchor, digestOf, isSigned } from './anchor.ts';
import type { Writing } from './ledger.ts';
import type { AnchorTable } from './schema-keeping.ts';
import { organisationStream, type Store } from './store.ts';

/** An anchor that the database keeps, without its text. */
export interface KeptAnchor {
  readonly madeAt: number;
  readonly digest: string;
  readonly streams: number;
}

/** Keeps the text of an anchor, in the caller's transaction. */
export async function insertAnchor(
  { engine, organisation }: Store,
  { tx }: Pick<Writing, 'tx'>,
  { text, digest, anchor }: { text: string; digest: string; anchor: Anchor },
): Promise<void> {
  const { madeAt, heads } = anchor;
  const made_at = Date.parse(madeAt);
  const row = { organisation, made_at, digest, streams: heads.length, text };
  await engine.insertMany(tx, 'anchor', [row]);
}

/** When the ledger says that an anchor of this digest was made, kept here or not; null where it does not. */
export async function findNoted(
  { engine, organisation }: Store,
  digest: string,
): Promise<number | null> {
  const row = await engine.read
    .selectFrom('event')
    .select('occurred_at as at')
    .where('organisation', '=', organisation)
    .where('stream', '=', organisationStream)
    .where('type', '=', 'anchor.made')
    .where('facts', 'like', `%"digest":"${digest}"%`)
    .executeTakeFirst();
  return row?.at ?? null;
}

/** The anchors that are kept, the newest first. */
export async function listAnchors(
  { engine, organisation }: Store,
  limit: number,
): Promise<KeptAnchor[]> {
  const rows = await engine.read
    .selectFrom('anchor')
    .select(['made_at as madeAt', 'digest', 'streams'])
    .where('organisation', '=', organisation)
    .orderBy('made_at', 'desc')
    .limit(limit)
    .execute();
  return rows;
}

/** The text of the kept anchor with this digest, or null; what is kept may have been changed. */
export async function loadAnchorText(
  { engine, organisation }: Store,
  digest: string,
): Promise<string | null> {
  const rows: Pick<AnchorTable, 'text'>[] = await engine.read
    .selectFrom('anchor')
    .select('text')
    .where('organisation', '=', organisation)
    .where('digest', '=', digest)
    .execute();
  return rows[0]?.text ?? null;
}

/** What an anchor and all those before it say. */
export interface AnchorChainCheck extends AnchorCheck {
  /** Anchors before this one that were compared too. */
  readonly earlier: number;
  /** Digest of an earlier one that this database does not keep, or keeps changed; then those before it are unknown. */
  readonly lost: string | null;
}

/** As `checkAnchor`, for the anchor and, where it lists only what grew since, those before it that are kept. */
export async function checkAnchors(store: Store, first: Anchor): Promise<AnchorChainCheck> {
  const sum = { ...(await checkAnchor(store, first)) };
  const faults = [...sum.faults];
  const seen = new Set(first.heads.map(({ stream }) => stream));
  let earlier = 0;
  for (let { after } = first; after !== null; ) {
    const anchor = await openKept(store, after);
    if (!anchor) return { ...sum, faults, earlier, lost: after };
    const fresh = anchor.heads.filter(({ stream }) => !seen.has(stream));
    for (const { stream } of fresh) seen.add(stream);
    const counted = await checkAnchor(store, { ...anchor, heads: fresh });
    const others = anchor.heads.filter((head) => !fresh.includes(head));
    const covered = await checkAnchor(store, { ...anchor, heads: others });
    sum.same += counted.same;
    sum.grown += counted.grown;
    faults.push(...counted.faults, ...covered.faults);
    earlier += 1;
    after = anchor.after;
  }
  return { ...sum, faults, earlier, lost: null };
}

/** The kept anchor with this digest; null where there is none, or where it is not what was signed. */
export async function openKept(store: Store, digest: string): Promise<Anchor | null> {
  const text = await loadAnchorText(store, digest);
  if (text === null || digestOf(text) !== digest) return null;
  const read = readAnchor(text);
  const isOurs = read !== null && read.anchor.key === anchorKeyOf(store);
  return isOurs && isSigned(read.anchor, read.signature) ? read.anchor : null;
}
