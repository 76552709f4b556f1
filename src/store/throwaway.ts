import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instant, SessionId } from '../core/brand.ts';
import { makeId } from '../core/id.ts';
import { localDate } from '../core/local-time.ts';
import { defaultSettings } from '../core/session.ts';
import { checkInBatch } from './check-in.ts';
import type { CheckInOutcome } from './check-in-attempt.ts';
import { commit } from './ledger.ts';
import { type OpenedStore, openStore } from './open.ts';
import { type SessionRow, sessionRow } from './session.ts';
import { type Store, sessionStream } from './store.ts';

/** A whole installation in a temporary folder that goes when it is disposed of: for tests. */
export interface Throwaway extends AsyncDisposable {
  readonly folder: string;
  readonly data: string;
  readonly keysFor: () => string;
  readonly opened: OpenedStore;
  readonly store: Store;
  /** Its clock, turned by hand. */
  readonly clock: { now(): Instant; at: number };
}

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };

/** @param at what its clock says, ISO 8601 with offset */
export async function openThrowaway({
  at,
  zone = 'Europe/Berlin',
  wake = () => {},
}: {
  at: string;
  zone?: string;
  wake?: Store['wake'];
}): Promise<Throwaway> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-throwaway-'));
  const clock = {
    at: Date.parse(at),
    now(): Instant {
      return this.at as Instant;
    },
  };
  const data = join(folder, 'data');
  const keysFor = () => join(folder, 'keys');
  const opened = await openStore({ folder: data, keysFor, clock, random, zone, wake });
  return {
    folder,
    data,
    keysFor,
    opened,
    store: opened.store,
    clock,
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Opens a quick roll now: no roster, whoever comes is a guest. */
export async function openRoll(
  store: Store,
  zone: string,
  change: Partial<SessionRow> = {},
): Promise<SessionId> {
  const now = store.clock.now();
  const id = makeId<SessionId>(now, store.random);
  const session: SessionRow = {
    ...defaultSettings,
    rosterRule: 'none',
    id,
    group: null,
    state: 'open',
    startsAt: now,
    endsAt: null,
    closedAt: null,
    date: localDate(now, zone),
    codeEpoch: 1,
    paused: false,
    code: null,
    title: 'Roll',
    cancelReason: null,
    origin: null,
    createdBy: 'operator',
    ...change,
  };
  await commit(store, async ({ tx, append }) => {
    await store.engine.insertMany(tx, 'session', [sessionRow(store, session, now)]);
    await append([
      {
        stream: sessionStream(id),
        type: 'session.opened',
        occurredAt: now,
        actor: 'operator',
        subject: null,
        data: { title: session.title },
      },
    ]);
  });
  return id;
}

/** Somebody checks in now from a phone of their own. */
export async function checkInGuests(
  store: Store,
  session: SessionId,
  people: readonly (readonly [number: string, name: string])[],
): Promise<CheckInOutcome[]> {
  const issuedAt = store.clock.now();
  return checkInBatch(
    store,
    people.map(([number, name]) => {
      const id = makeId<string>(issuedAt, random);
      return {
        attempt: makeId(issuedAt, random),
        ticket: {
          id,
          session,
          browser: makeId(issuedAt, random),
          kind: 'code',
          slot: 1,
          ageMs: 0,
          issuedAt,
        },
        bodyDigest: store.vault.attemptIndex(id, number, name),
        number,
        name,
        address: '192.0.2.1',
      };
    }),
  );
}

/** An installation at nine o'clock with a roll that two have come to, Ada as 1 and Grace as 2. */
export async function openAttended(
  zone: string,
): Promise<{ readonly place: Throwaway; readonly roll: SessionId }> {
  const place = await openThrowaway({ at: '2026-11-23T09:00:00+01:00', zone });
  const roll = await openRoll(place.store, zone);
  await checkInGuests(place.store, roll, [
    ['1', 'Ada'],
    ['2', 'Grace'],
  ]);
  return { place, roll };
}
