import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { type Anchor, type AnchoredHead, writeAnchor, writeSignature } from '../core/anchor.ts';
import { commit, type Writing } from './ledger.ts';
import { organisationStream, type Store } from './store.ts';

/** What an anchor says against the database as it is. */
export interface AnchorCheck {
  /** Streams that end as they did, that grew since, and that were begun since: null where it lists not all. */
  readonly same: number;
  readonly grown: number;
  readonly begun: number | null;
  /** `cut`: events up to the anchored one are missing; `rewritten`: another event stands in its place. */
  readonly faults: readonly {
    readonly kind: 'cut' | 'rewritten';
    readonly stream: string;
    readonly seq: number;
  }[];
}

/** How the DER of a private and of a public Ed25519 key begin (RFC 8410). */
const privateLead = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicLead = Buffer.from('302a300506032b6570032100', 'hex');
const atOnce = 50;
/** A transaction that was under way when the heads were read ended later than its events say. */
const overlapMs = 3_600_000;

function keysOf({ vault }: Store) {
  const der = Buffer.concat([privateLead, vault.anchorKey]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { privateKey, key: spki.subarray(publicLead.length).toString('base64url') };
}

/** The public key of this installation's anchors. */
export const anchorKeyOf = (store: Store): string => keysOf(store).key;

/** An anchor that was made, with what is done in the transaction of its event. */
export interface MadeAnchor {
  readonly text: string;
  /** SHA-256 of the text, in hex. */
  readonly digest: string;
  readonly anchor: Anchor;
}

/**
 * Lists the heads of streams as of one moment and signs the list; the ledger gets an event `anchor.made` with its
 * digest.
 * @param options `previous` has all streams listed that did not grow since it was made; `along` is done in the
 *   transaction of the event
 */
export async function makeAnchor(
  store: Store,
  actor: string,
  {
    previous = null,
    along = async () => {},
  }: {
    readonly previous?: { readonly madeAt: number; readonly digest: string } | null;
    readonly along?: (writing: Writing, made: MadeAnchor) => Promise<void>;
  } = {},
): Promise<MadeAnchor> {
  const { organisation, clock } = store;
  const { privateKey, key } = keysOf(store);
  const madeAt = new Date(clock.now()).toISOString();
  const heads = previous
    ? await listGrown(store, previous.madeAt - overlapMs)
    : await listHeads(store);
  const anchor = { organisation, madeAt, key, after: previous?.digest ?? null, heads };
  const body = writeAnchor(anchor);
  const signature = sign(null, Buffer.from(body), privateKey).toString('base64url');
  const text = body + writeSignature(signature);
  const digest = digestOf(text);
  const made = { text, digest, anchor };
  await commit(store, async (writing) => {
    const { now, lock, append } = writing;
    const stream = organisationStream;
    await lock([stream]);
    await along(writing, made);
    const facts = { digest, key, streams: heads.length };
    const type = 'anchor.made';
    await append([{ stream, type, occurredAt: now, actor, subject: null, facts }]);
  });
  return made;
}

/** SHA-256 of an anchor's text, in hex. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Whether the text was signed with the key that it names. */
export function isSigned(anchor: Anchor, signature: string): boolean {
  const der = Buffer.concat([publicLead, Buffer.from(anchor.key, 'base64url')]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(null, Buffer.from(writeAnchor(anchor)), key, Buffer.from(signature, 'base64url'));
}

/** Looks for every anchored event in its place. That the events before it are unchanged, the chains say. */
export async function checkAnchor(store: Store, { heads, after }: Anchor): Promise<AnchorCheck> {
  const now = new Map((await listHeads(store)).map((head) => [head.stream, head]));
  const faults: AnchorCheck['faults'][number][] = [];
  let grown = 0;
  for (let start = 0; start < heads.length; start += atOnce) {
    const some = heads.slice(start, start + atOnce);
    const hashes = await Promise.all(some.map((head) => hashAt(store, head)));
    for (const [index, { stream, seq, hash }] of some.entries()) {
      const found = hashes[index] ?? null;
      const end = now.get(stream)?.seq ?? 0;
      if (found === null || end < seq) faults.push({ kind: 'cut', stream, seq });
      else if (found !== hash) faults.push({ kind: 'rewritten', stream, seq });
      else if (end > seq) grown += 1;
    }
  }
  const anchored = new Set(heads.map(({ stream }) => stream));
  const others = [...now.keys()].filter((stream) => !anchored.has(stream)).length;
  const begun = after === null ? others : null;
  return { same: heads.length - grown - faults.length, grown, begun, faults };
}

async function listHeads({ engine, organisation }: Store): Promise<AnchoredHead[]> {
  return engine.read
    .selectFrom('stream')
    .select(['stream', 'seq', 'hash'])
    .where('organisation', '=', organisation)
    .where('seq', '>', 0)
    .orderBy('stream')
    .execute();
}

/** The heads of the streams in which something was received at this instant or later. */
async function listGrown({ engine, organisation }: Store, since: number): Promise<AnchoredHead[]> {
  return engine.read
    .selectFrom('stream as s')
    .leftJoin('stretch_end as e', (join) =>
      join.onRef('e.organisation', '=', 's.organisation').onRef('e.stream', '=', 's.stream'),
    )
    .select(['s.stream', 's.seq', 's.hash'])
    .where('s.organisation', '=', organisation)
    .where('s.seq', '>', 0)
    .where((where) =>
      where.or([
        where('e.last_seq', 'is', null),
        where('e.last_seq', '!=', where.ref('s.seq')),
        where('e.until_at', '>=', since),
      ]),
    )
    .orderBy('s.stream')
    .execute();
}

async function hashAt(
  { engine, organisation }: Store,
  { stream, seq }: AnchoredHead,
): Promise<string | null> {
  const row = await engine.read
    .selectFrom('event')
    .select('hash')
    .where('organisation', '=', organisation)
    .where('stream', '=', stream)
    .where('seq', '=', seq)
    .executeTakeFirst();
  return row?.hash ?? null;
}
