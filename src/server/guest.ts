import type { GroupId, LocalDate, PersonId, SessionId } from '../core/brand.ts';
import { isEnrolled } from '../core/enrolment.ts';
import { mergeRecords, unmarked } from '../core/record.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { defaultSettings, type SessionSettings } from '../core/session.ts';
import { commit, type Writing } from '../store/ledger.ts';
import { loadPeople } from '../store/person.ts';
import { readRecord } from '../store/record.ts';
import { loadSession, type SessionRow, sessionRow, updateSession } from '../store/session.ts';
import { peopleStream, sessionStream } from '../store/store.ts';
import type { App } from './app.ts';
import { markAbsences } from './session-close.ts';

/** A guest turns out to be this person: record, claims and attempts move, an alias event says so. */
export async function mergeGuest(
  app: App,
  actor: string,
  id: SessionId,
  { guest, person }: { guest: PersonId; person: PersonId },
): Promise<{ seq: number } | Refusal> {
  const { store } = app;
  const result = await commit(store, async (writing) => {
    await writing.lock([peopleStream, sessionStream(id)]);
    const session = await loadSession(store, writing.tx, id);
    if (!session) return refuse('not-found');
    const rows = await writing.tx
      .selectFrom('person')
      .select(['person', 'guest_of', 'state'])
      .where('organisation', '=', store.organisation)
      .where('person', 'in', [guest, person])
      .execute();
    const from = rows.find((row) => row.person === guest);
    const into = rows.find((row) => row.person === person);
    if (from?.guest_of !== id || from.state !== 'active') return refuse('not-a-guest');
    if (
      into?.state !== 'active' ||
      into.guest_of !== null ||
      !(await isEnrolledIn(app, writing, session, person))
    ) {
      return refuse('not-found');
    }
    return { seq: await move(app, writing, session, guest, person, actor) };
  });
  app.directory.forget(guest);
  return result;
}

async function isEnrolledIn(
  app: App,
  { tx }: Writing,
  session: SessionRow,
  person: PersonId,
): Promise<boolean> {
  if (session.group === null) return false;
  const row = await tx
    .selectFrom('enrolment')
    .selectAll()
    .where('organisation', '=', app.store.organisation)
    .where('group', '=', session.group)
    .where('person', '=', person)
    .executeTakeFirst();
  return isEnrolled(
    row && { from: row.from_date as LocalDate, until: row.until_date as LocalDate | null },
    session.date,
  );
}

async function move(
  app: App,
  writing: Writing,
  session: SessionRow,
  guest: PersonId,
  person: PersonId,
  actor: string,
): Promise<number> {
  const { store } = app;
  const { organisation } = store;
  const { tx, now } = writing;
  const records = await tx
    .selectFrom('record')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('session', '=', session.id)
    .where('person', 'in', [guest, person])
    .execute();
  const of = (who: PersonId) => {
    const row = records.find((record) => record.person === who);
    return row ? readRecord(row) : unmarked;
  };
  await tx
    .updateTable('person')
    .set({ state: 'merged', merged_into: person, number_index: null })
    .where('organisation', '=', organisation)
    .where('person', '=', guest)
    .execute();
  for (const table of ['claim', 'attempt'] as const) {
    await tx
      .updateTable(table)
      .set({ person })
      .where('organisation', '=', organisation)
      .where('session', '=', session.id)
      .where('person', '=', guest)
      .execute();
  }
  const events = await writing.append([
    {
      stream: peopleStream,
      type: 'person.merged',
      occurredAt: now,
      actor,
      subject: person,
      facts: { alias: guest },
    },
    {
      stream: sessionStream(session.id),
      type: 'guest.merged',
      occurredAt: now,
      actor,
      subject: person,
      movedFrom: guest,
      record: mergeRecords(of(person), of(guest)),
    },
  ]);
  return events.at(-1)?.seq ?? 0;
}

/** Attaches a group to a quick roll: guests whose number stands on the roster become those people. */
export async function attachRoster(
  app: App,
  actor: string,
  id: SessionId,
  group: GroupId,
): Promise<{ matched: number; guests: number } | Refusal> {
  const { store } = app;
  const { organisation } = store;
  const result = await commit(store, async (writing) => {
    const { tx, now } = writing;
    await writing.lock([peopleStream, sessionStream(id)]);
    const found = await loadSession(store, tx, id);
    if (!found) return refuse('not-found');
    if (found.group !== null)
      return refuse('session-state', { state: found.state, move: 'attach' });
    const settings = await tx
      .selectFrom('group')
      .select('settings')
      .where('organisation', '=', organisation)
      .where('group', '=', group)
      .executeTakeFirst();
    if (!settings) return refuse('not-found');
    const { rosterRule = defaultSettings.rosterRule } = JSON.parse(
      settings.settings,
    ) as Partial<SessionSettings>;
    const session: SessionRow = { ...found, group, rosterRule };
    await updateSession(store, tx, id, {
      group,
      settings: sessionRow(store, session, now).settings,
    });
    await writing.append([
      {
        stream: sessionStream(id),
        type: 'roster.attached',
        occurredAt: now,
        actor,
        subject: null,
        facts: { group },
      },
    ]);
    const guests = await tx
      .selectFrom('person')
      .select('person')
      .where('organisation', '=', organisation)
      .where('guest_of', '=', id)
      .where('state', '=', 'active')
      .execute();
    const known = await loadPeople(store, tx, { person: guests.map((row) => row.person) });
    let matched = 0;
    for (const guest of known) {
      const row = await tx
        .selectFrom('person')
        .select('person')
        .where('organisation', '=', organisation)
        .where('number_index', '=', store.vault.numberIndex(guest.number ?? ''))
        .where('state', '=', 'active')
        .executeTakeFirst();
      const person = row?.person as PersonId | undefined;
      if (!person || !(await isEnrolledIn(app, writing, session, person))) continue;
      await move(app, writing, session, guest.person, person, actor);
      matched += 1;
    }
    return { matched, guests: guests.length - matched };
  });
  app.directory.forgetAll();
  const session = await loadSession(store, store.engine.read, id);
  if (session?.state === 'closed') await markAbsences(app, session);
  return result;
}
