import type { PersonId, SessionId } from '../core/brand.ts';
import type { BoardFrame } from '../core/live.wire.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { closesAt, type SessionSettings } from '../core/session.ts';
import type { Board } from '../core/session.wire.ts';
import { listBoardPeople, loadBoardPeople, loadHead } from '../store/board.ts';
import { loadGroupName } from '../store/group-name.ts';
import { loadSession, type SessionRow } from '../store/session.ts';
import { sessionStream } from '../store/store.ts';
import type { App } from './app.ts';

/** The origin that a session's QR carries: the host's choice while it is still ours, else the best one. */
export function originFor(app: App, session: Pick<SessionRow, 'origin'>): string {
  const origins = app.origins();
  return (
    origins.find(({ origin }) => origin === session.origin)?.origin ?? origins[0]?.origin ?? ''
  );
}

const settingsOf = (session: SessionSettings) => {
  const { lateAfterMinutes, closeGraceMinutes, stepMs, codeGraceMs, typedCode, rosterRule } =
    session;
  return { lateAfterMinutes, closeGraceMinutes, stepMs, codeGraceMs, typedCode, rosterRule };
};

/** All of a board. The sequence is read before the people, so nothing between the two can be missed. */
export async function presentBoard(app: App, id: SessionId): Promise<Board | Refusal> {
  const { store } = app;
  const seq = await loadHead(store, sessionStream(id));
  const session = await loadSession(store, store.engine.read, id);
  if (!session) return refuse('not-found');
  const ids = await listBoardPeople(store, session);
  return {
    id,
    title: session.title,
    group: session.group,
    groupName: session.group ? await loadGroupName(store, session.group) : null,
    state: session.state,
    startsAt: session.startsAt,
    endsAt: session.endsAt,
    closesAt: closesAt(session),
    closedAt: session.closedAt,
    cancelReason: session.cancelReason,
    paused: session.paused,
    zone: app.settings.current.zone,
    date: session.date,
    settings: settingsOf(session),
    origin: originFor(app, session),
    origins: app.origins(),
    people: await loadBoardPeople(store, app.directory, id, ids),
    seq,
    serverTime: store.clock.now(),
  };
}

/** What changed on a board after `since`: the touched people whole, as they stand now. */
export async function presentChanges(app: App, id: SessionId, since: number): Promise<BoardFrame> {
  const { store } = app;
  const head = await loadHead(store, sessionStream(id));
  const rows =
    head > since
      ? await store.engine.read
          .selectFrom('event')
          .select(['seq', 'type', 'subject', 'facts'])
          .where('organisation', '=', store.organisation)
          .where('stream', '=', sessionStream(id))
          .where('seq', '>', since)
          .where('seq', '<=', head)
          .orderBy('seq')
          .execute()
      : [];
  const people = new Set<PersonId>();
  const gone = new Set<string>();
  let sessionChanged = false;
  for (const { subject, facts } of rows) {
    if (subject === null) sessionChanged = true;
    else people.add(subject as PersonId);
    const { movedFrom } = JSON.parse(facts) as { movedFrom?: string };
    if (movedFrom !== undefined) gone.add(movedFrom);
  }
  for (const person of gone) people.delete(person as PersonId);
  const session = sessionChanged ? await loadSession(store, store.engine.read, id) : null;
  return {
    kind: 'board',
    topic: `session:${id}`,
    from: since,
    seq: head,
    people: await loadBoardPeople(store, app.directory, id, [...people]),
    gone: [...gone],
    ...(session ? { state: session.state, reload: true as const } : {}),
    serverTime: store.clock.now(),
  };
}
