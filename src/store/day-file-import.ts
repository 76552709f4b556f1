import type { GroupId, Instant, LocalDate, PersonId, SessionId } from '../core/brand.ts';
import { canonicalJson } from '../core/ledger.ts';
import type { RecordState } from '../core/record.ts';
import type { SessionSettings } from '../core/session.ts';
import { padded } from './engine.ts';
import { loadPersonKeys } from './key.ts';
import { commit } from './ledger.ts';
import { loadSession, sessionRow } from './session.ts';
import { type Store, sessionStream } from './store.ts';

/** A day of an earlier system as a session of ours. */
export interface ImportedDay {
  readonly group: GroupId;
  readonly date: LocalDate;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly settings: SessionSettings;
}

/**
 * The session that these rows become: the same rows of the same day in the same group always give the same id, so
 * the table's key lets an import happen once. Keyed, so that the id tells nobody the names.
 */
export function importedSession(
  store: Store,
  group: GroupId,
  date: LocalDate,
  rows: readonly (readonly (string | number | null)[])[],
): SessionId {
  const index = store.vault.importIndex(canonicalJson([group, date, rows]));
  const hex = Buffer.from(index, 'base64url').toString('hex').padEnd(32, '0');
  // UUID version 8 (RFC 9562): ours to fill
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}` as SessionId;
}

/** Makes the closed session where it is not there yet; returns whether it did. */
export async function insertImportedSession(
  store: Store,
  actor: string,
  id: SessionId,
  day: ImportedDay,
): Promise<boolean> {
  const { group, date, startsAt, endsAt, settings } = day;
  try {
    return await commit(store, async ({ tx, now, append }) => {
      if (await loadSession(store, tx, id)) return false;
      const row = {
        ...settings,
        ...{ id, group, date, startsAt, endsAt, closedAt: endsAt, state: 'closed' as const },
        ...{ codeEpoch: 1, paused: false, code: null, title: '', cancelReason: null },
        ...{ origin: null, createdBy: actor },
      };
      await store.engine.insertMany(tx, 'session', [sessionRow(store, row, now)]);
      const { lateAfterMinutes } = settings;
      await append([
        {
          stream: sessionStream(id),
          type: 'session.imported',
          occurredAt: now,
          actor,
          subject: null,
          facts: { group, startsAt, endsAt, date, lateAfterMinutes },
          data: { title: '' },
        },
      ]);
      return true;
    });
  } catch (error) {
    if (store.engine.isUniqueViolation(error)) return false;
    throw error;
  }
}

/** Writes down who was there, leaving alone whoever has a record; returns how many were new. */
export function recordImported(
  store: Store,
  actor: string,
  session: SessionId,
  people: readonly {
    readonly person: PersonId;
    readonly at: Instant;
    readonly number: string;
    readonly name: string;
  }[],
): Promise<number> {
  return commit(store, async ({ tx, lock, append }) => {
    await lock([sessionStream(session)]);
    const ids = people.map(({ person }) => person);
    const rows = await tx
      .selectFrom('record')
      .select('person')
      .where('organisation', '=', store.organisation)
      .where('session', '=', session)
      .where('person', 'in', padded(ids))
      .execute();
    const known = new Set(rows.map(({ person }) => person));
    const fresh = people.filter(({ person }) => !known.has(person));
    const keys = await loadPersonKeys(
      store,
      tx,
      fresh.map(({ person }) => person),
    );
    await append(
      fresh.flatMap(({ person, at, number, name }) => {
        const key = keys.get(person);
        const record: RecordState = {
          status: 'present',
          at,
          minutesLate: 0,
          how: 'import',
          pending: false,
        };
        return key
          ? {
              stream: sessionStream(session),
              type: 'record.imported',
              occurredAt: at,
              actor,
              subject: person,
              record,
              key,
              data: { number, name },
            }
          : [];
      }),
    );
    return fresh.length;
  });
}
