import type { Kysely } from 'kysely';
import type { Role } from '../core/account.wire.ts';
import type { Instant, PersonId } from '../core/brand.ts';
import type { Must } from '../core/sign-in.wire.ts';
import { accountEvent } from './account.ts';
import { loadPersonKeys } from './key.ts';
import { commit, type Writing } from './ledger.ts';
import type { Schema, SignInTable } from './schema.ts';
import { checkSecondStep } from './second-step.ts';
import { organisationStream, type Store } from './store.ts';

const dayMs = 24 * 3_600_000;
/** A sign-in ends 30 days after it was made. */
export const signInLifeMs = 30 * dayMs;
/** An administrator who did nothing for so long has to sign in again. */
const adminIdleMs = dayMs / 2;
/** After a change of the cookie's secret the old one is taken for so long, for requests under way. */
export const oldSecretMs = 60_000;

/** Who stands behind a cookie. */
export interface SignedIn {
  readonly person: PersonId;
  readonly roles: ReadonlySet<Role>;
  /** Names the sign-in in lists and on the live channel: the hash of the cookie's first part, for its whole life. */
  readonly signIn: string;
  readonly createdAt: Instant;
  readonly seenAt: Instant;
  /** What has to be done before anything else is allowed; none for most. */
  readonly must?: Must;
  /** The event of the organisation's stream that says from which address and device this request comes. */
  readonly from?: number;
}

/** An address and a device from which a sign-in was used, and the event that says so. */
export interface SignInPlace {
  readonly address: string;
  readonly device: string;
  readonly seq: number;
}

/** What lies sealed in a sign-in's row. */
interface Sealed {
  readonly device: string;
  readonly address: string;
  /** Every place from which it was used, the latest ones; none in rows of earlier versions. */
  readonly places?: readonly SignInPlace[];
  /** How often it came from another place in the hour that began then. */
  readonly moves?: { readonly since: Instant; readonly count: number };
  /** SHA-256 of the cookie's second part, and since when it is the one. */
  readonly secret: string;
  readonly secretAt: Instant;
  readonly oldSecret: string | null;
}

export interface OpenedSignIn extends Sealed {
  readonly signedIn: SignedIn;
}

/** Whether the installation has its first administrator. */
export async function hasAdministrator(
  store: Store,
  db: Kysely<Schema> = store.engine.read,
): Promise<boolean> {
  const row = await db
    .selectFrom('role')
    .select('person')
    .where('organisation', '=', store.organisation)
    .where('role', '=', 'admin')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The sign-in while it lasts, with the person's roles of this moment. */
export async function loadSignIn(
  store: Store,
  signIn: string,
  now: Instant,
): Promise<SignedIn | null> {
  return (await load(store, signIn, now))?.signedIn ?? null;
}

/** As `loadSignIn`, with the hashes that the cookie's secret has to match. */
export async function openSignIn(
  store: Store,
  signIn: string,
  now: Instant,
): Promise<OpenedSignIn | null> {
  const found = await load(store, signIn, now);
  return found && { signedIn: found.signedIn, ...readSealed(store, signIn, found.sealed) };
}

async function load(store: Store, signIn: string, now: Instant) {
  const rows = await store.engine.read
    .selectFrom('sign_in as s')
    .innerJoin('person as p', (join) =>
      join.onRef('p.organisation', '=', 's.organisation').onRef('p.person', '=', 's.person'),
    )
    .leftJoin('role as r', (join) =>
      join.onRef('r.organisation', '=', 's.organisation').onRef('r.person', '=', 's.person'),
    )
    .leftJoin('assigned_password as a', (join) =>
      join.onRef('a.organisation', '=', 's.organisation').onRef('a.person', '=', 's.person'),
    )
    .select([
      's.person',
      's.created_at',
      's.seen_at',
      's.expires_at',
      's.sealed',
      'r.role',
      'a.assigned_at',
    ])
    .where('s.organisation', '=', store.organisation)
    .where('s.sign_in', '=', signIn)
    .where('p.state', '=', 'active')
    .execute();
  const first = rows[0];
  if (!first || first.expires_at <= now) return null;
  const roles = new Set(rows.flatMap(({ role }) => (role ? [role as Role] : [])));
  if (roles.has('admin') && now - first.seen_at >= adminIdleMs) return null;
  const person = first.person as PersonId;
  const must =
    first.assigned_at === null ? await checkSecondStep(store, person, roles) : 'password';
  const signedIn: SignedIn = {
    person,
    ...(must === null ? {} : { must }),
    roles,
    signIn,
    createdAt: first.created_at as Instant,
    seenAt: first.seen_at as Instant,
  };
  return { signedIn, sealed: first.sealed };
}

const sealIdentity = (signIn: string) => `sign_in/${signIn}`;
/** Opens what lies sealed in a row. */
export const readSealed = (store: Store, signIn: string, sealed: Uint8Array): Sealed =>
  store.vault.openOwn<Sealed>(sealIdentity(signIn), sealed);

/** Adds a sign-in and drops the person's that are over. Hashes only: the cookie itself is nowhere but in the browser. */
export async function insertSignIn(
  store: Store,
  { tx, now }: Writing,
  person: PersonId,
  made: { signIn: string; secret: string; device: string; address: string; seq: number },
): Promise<void> {
  const { signIn, seq, ...rest } = made;
  const { address, device } = rest;
  const places = [{ address, device, seq }];
  const sealed: Sealed = { ...rest, places, secretAt: now, oldSecret: null };
  const row = {
    organisation: store.organisation,
    sign_in: signIn,
    person,
    created_at: now,
    seen_at: now,
    expires_at: now + signInLifeMs,
    sealed: store.vault.sealOwn(sealIdentity(signIn), sealed),
  };
  await Promise.all([
    tx
      .deleteFrom('sign_in')
      .where('organisation', '=', store.organisation)
      .where('person', '=', person)
      .where('expires_at', '<=', now)
      .execute(),
    store.engine.insertMany(tx, 'sign_in', [row]),
  ]);
}

/** Gives a sign-in another secret, unless somebody just did: true for the one who did. */
export async function rotateSecret(
  store: Store,
  signIn: string,
  from: string,
  to: string,
): Promise<boolean> {
  return commit(store, async ({ tx, now }) => {
    const row = await hold(store, tx, signIn);
    if (!row) return false;
    const before = readSealed(store, signIn, row.sealed);
    // a commit that was not answered had done it
    if (before.secret === to) return true;
    if (before.secret !== from) return false;
    const after: Sealed = { ...before, secret: to, secretAt: now, oldSecret: from };
    await update(store, tx, signIn, {
      sealed: store.vault.sealOwn(sealIdentity(signIn), after),
      seen_at: now,
    });
    return true;
  });
}

/** So many places of a sign-in are remembered: whoever comes from an older one says so again. */
const maxPlaces = 50;
/** Nobody comes from so many places in an hour but who wants to fill the ledger. */
const maxMoves = 100;
const movesMs = 3_600_000;

/**
 * Writes down that a sign-in is used from another address or device than before; the event that says so, which stands
 * already where another request was quicker. Null where the sign-in has ended, or came from too many places lately:
 * nothing is believed of it then.
 */
export function addPlace(
  store: Store,
  { signIn, person }: Pick<SignedIn, 'signIn' | 'person'>,
  place: Omit<SignInPlace, 'seq'>,
): Promise<number | null> {
  const { address, device } = place;
  return commit(store, async (writing) => {
    const { tx, now, lock, append } = writing;
    await lock([organisationStream]);
    const row = await hold(store, tx, signIn);
    const key = (await loadPersonKeys(store, tx, [person])).get(person);
    if (!row || !key) return null;
    const before = readSealed(store, signIn, row.sealed);
    const known = findPlace(before, place);
    if (known !== undefined) return known;
    const { moves } = before;
    const lately = moves && now - moves.since < movesMs ? moves : { since: now, count: 0 };
    if (lately.count >= maxMoves) return null;
    const data = { address, device, before: { address: before.address, device: before.device } };
    const [event] = await append([accountEvent(writing, 'sign-in.moved', person, { data, key })]);
    const seq = event?.seq ?? 0;
    const places = [...(before.places ?? []), { address, device, seq }].slice(-maxPlaces);
    const after: Sealed = {
      ...before,
      address,
      device,
      places,
      moves: { ...lately, count: lately.count + 1 },
    };
    await update(store, tx, signIn, { sealed: store.vault.sealOwn(sealIdentity(signIn), after) });
    return seq;
  });
}

/** The event that says from where a sign-in is used, where it was used from there before. */
export const findPlace = (
  { places = [] }: Pick<Sealed, 'places'>,
  { address, device }: Omit<SignInPlace, 'seq'>,
): number | undefined =>
  places.findLast((place) => place.address === address && place.device === device)?.seq;

/** Remembers that a sign-in is in use. No event: it changes nothing but the moment at which idleness ends it. */
export const touchSignIn = (store: Store, signIn: string): Promise<void> =>
  store.engine.write((tx) => update(store, tx, signIn, { seen_at: store.clock.now() }));

/** Nobody else changes it until the commit. */
function hold({ engine, organisation }: Store, tx: Kysely<Schema>, signIn: string) {
  const query = tx
    .selectFrom('sign_in')
    .select('sealed')
    .where('organisation', '=', organisation)
    .where('sign_in', '=', signIn);
  return (engine.exclusive ? query : query.forUpdate()).executeTakeFirst();
}

async function update(
  store: Store,
  tx: Kysely<Schema>,
  signIn: string,
  change: Partial<Pick<SignInTable, 'sealed' | 'seen_at'>>,
): Promise<void> {
  await tx
    .updateTable('sign_in')
    .set(change)
    .where('organisation', '=', store.organisation)
    .where('sign_in', '=', signIn)
    .execute();
}
