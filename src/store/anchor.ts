import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { type Anchor, type AnchoredHead, writeAnchor, writeSignature } from '../core/anchor.ts';
import { commit } from './ledger.ts';
import { organisationStream, type Store } from './store.ts';

/** What an anchor says against the database as it is. */
export interface AnchorCheck {
  /** Streams that end as they did, that grew since, and that were begun since. */
  readonly same: number;
  readonly grown: number;
  readonly begun: number;
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

function keysOf({ vault }: Store) {
  const der = Buffer.concat([privateLead, vault.anchorKey]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { privateKey, key: spki.subarray(publicLead.length).toString('base64url') };
}

/** The public key of this installation's anchors. */
export const anchorKeyOf = (store: Store): string => keysOf(store).key;

/**
 * Lists the head of every stream as of one moment and signs the list; the ledger gets an event `anchor.made` with its
 * digest. @returns the text, and its SHA-256 in hex
 */
export async function makeAnchor(
  store: Store,
  actor: string,
): Promise<{ text: string; digest: string; anchor: Anchor }> {
  const { organisation, clock } = store;
  const { privateKey, key } = keysOf(store);
  const madeAt = new Date(clock.now()).toISOString();
  const anchor = { organisation, madeAt, key, heads: await listHeads(store) };
  const body = writeAnchor(anchor);
  const signature = sign(null, Buffer.from(body), privateKey).toString('base64url');
  const text = body + writeSignature(signature);
  const digest = createHash('sha256').update(text).digest('hex');
  await commit(store, async ({ now, lock, append }) => {
    const stream = organisationStream;
    await lock([stream]);
    const facts = { digest, key, streams: anchor.heads.length };
    const type = 'anchor.made';
    await append([{ stream, type, occurredAt: now, actor, subject: null, facts }]);
  });
  return { text, digest, anchor };
}

/** Whether the text was signed with the key that it names. */
export function isSigned(anchor: Anchor, signature: string): boolean {
  const der = Buffer.concat([publicLead, Buffer.from(anchor.key, 'base64url')]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(null, Buffer.from(writeAnchor(anchor)), key, Buffer.from(signature, 'base64url'));
}

/** Looks for every anchored event in its place. That the events before it are unchanged, the chains say. */
export async function checkAnchor(store: Store, { heads }: Anchor): Promise<AnchorCheck> {
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
  const begun = [...now.keys()].filter((stream) => !anchored.has(stream)).length;
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
