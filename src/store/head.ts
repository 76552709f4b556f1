import type { LocalDate, SessionId, StreamName } from '../core/brand.ts';
import { padded } from './engine.ts';
import { groupStream, type Store, sessionStream } from './store.ts';

const chunk = 500;
const pageSize = 5_000;

/** Sequence of the last event of each of these streams; a stream that has none is left out. */
export async function loadHeads(
  { engine, organisation }: Store,
  streams: readonly StreamName[],
): Promise<Map<StreamName, number>> {
  const heads = new Map<StreamName, number>();
  for (let start = 0; start < streams.length; start += chunk) {
    const rows = await engine.read
      .selectFrom('stream')
      .select(['stream', 'seq'])
      .where('organisation', '=', organisation)
      .where('stream', 'in', padded(streams.slice(start, start + chunk)))
      .execute();
    for (const { stream, seq } of rows) heads.set(stream as StreamName, seq);
  }
  return heads;
}

/** The heads of all sessions, page by page. */
export async function* walkSessionHeads({
  engine,
  organisation,
}: Store): AsyncGenerator<{ stream: StreamName; seq: number }[]> {
  for (let after = sessionStream('' as SessionId); ; ) {
    const rows = await engine.read
      .selectFrom('stream')
      .select(['stream', 'seq'])
      .where('organisation', '=', organisation)
      .where('stream', '>', after)
      .where('stream', '<', 'session;')
      .orderBy('stream')
      .limit(pageSize)
      .execute();
    const page = rows as { stream: StreamName; seq: number }[];
    if (page.length > 0) yield page;
    if (page.length < pageSize) return;
    after = page.at(-1)?.stream ?? after;
  }
}

/** The streams of the groups that these sessions belong to. */
export async function listGroupStreams(
  { engine, organisation }: Store,
  sessions: readonly SessionId[],
): Promise<Set<StreamName>> {
  const streams = new Set<StreamName>();
  for (let start = 0; start < sessions.length; start += chunk) {
    const rows = await engine.read
      .selectFrom('session')
      .select('group')
      .distinct()
      .where('organisation', '=', organisation)
      .where('session', 'in', padded(sessions.slice(start, start + chunk)))
      .where('group', 'is not', null)
      .execute();
    for (const { group } of rows) streams.add(groupStream(group ?? ''));
  }
  return streams;
}

/** The streams of sessions that are open, or planned for one of these dates. */
export async function listLatelyStreams(
  { engine, organisation }: Store,
  dates: readonly LocalDate[],
): Promise<Set<StreamName>> {
  const sessions = engine.read
    .selectFrom('session')
    .select('session')
    .where('organisation', '=', organisation);
  const found = await Promise.all([
    sessions.where('state', '=', 'open').execute(),
    sessions.where('date', 'in', dates).execute(),
  ]);
  return new Set(found.flat().map(({ session }) => sessionStream(session as SessionId)));
}
