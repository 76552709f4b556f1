import type { SessionMove, SessionSettings, SessionState } from '../core/session.ts';
import type { Board, HistoryLine, SessionLine } from '../core/session.wire.ts';
import type { Status } from '../core/status.ts';
import { queryOf, type Send } from './request.ts';

/** A session to be opened now, or planned by its `startsAt`. */
export interface SessionPlan {
  readonly group?: string;
  readonly title?: string;
  readonly startsAt?: number;
  readonly endsAt?: number;
  readonly settings?: Partial<SessionSettings>;
}

export interface SessionEdit {
  readonly title?: string;
  readonly endsAt?: number | null;
  readonly origin?: string;
  readonly settings?: Partial<SessionSettings>;
}

export interface SessionFilter {
  readonly state?: string;
  readonly group?: string;
  readonly date?: string;
}

/** Without a group it is a quick roll. */
export const openSession = (send: Send, plan: SessionPlan) =>
  send<{ id: string }>('POST', '/api/sessions', plan);

/** Newest first, at most 200. */
export const listSessions = (send: Send, filter: SessionFilter) =>
  send<readonly SessionLine[]>('GET', `/api/sessions${queryOf({ ...filter })}`);

export const loadBoard = (send: Send, id: string) => send<Board>('GET', `/api/sessions/${id}`);

/** Opens, closes, reopens, pauses, resumes, or voids every code shown so far. Cancelling wants a reason. */
export const moveSession = (send: Send, id: string, move: Exclude<SessionMove, 'cancel'>) =>
  send<{ state: SessionState }>('POST', `/api/sessions/${id}/${move}`);

export const cancelSession = (send: Send, id: string, reason: string) =>
  send<{ state: SessionState }>('POST', `/api/sessions/${id}/cancel`, { reason });

export const changeSession = (send: Send, id: string, change: SessionEdit) =>
  send<unknown>('POST', `/api/sessions/${id}/change`, change);

/** What a host says of some people; null takes their mark away. */
interface Word {
  readonly people: readonly string[];
  readonly status: Status | null;
  readonly note?: string;
}

/** Marks people as a host says, in one word or in several, which all count or none. */
export const markPeople = (
  send: Send,
  id: string,
  body: Word & { readonly also?: readonly Word[] },
) => send<{ seq: number }>('POST', `/api/sessions/${id}/marks`, body);

export const notePerson = (send: Send, id: string, person: string, note: string) =>
  send<{ seq: number }>('POST', `/api/sessions/${id}/notes`, { person, note });

/** Takes back the person's latest event. */
export const undoMark = (send: Send, id: string, person: string, seq: number) =>
  send<{ seq: number }>('POST', `/api/sessions/${id}/undo`, { person, seq });

/** Which of the claims is the person's own; null: neither. */
export const settleClaim = (send: Send, id: string, person: string, keep: string | null) =>
  send<{ seq: number }>('POST', `/api/sessions/${id}/settle`, { person, keep });

/** Gives a quick roll its group. */
export const attachRoster = (send: Send, id: string, group: string) =>
  send<{ matched: number; guests: number }>('POST', `/api/sessions/${id}/roster`, { group });

/** The guest is really this person. */
export const mergeGuest = (send: Send, id: string, guest: string, person: string) =>
  send<unknown>('POST', `/api/sessions/${id}/merge`, { guest, person });

/** The events behind a record, or behind the whole session. */
export const loadHistory = (send: Send, id: string, person?: string) =>
  send<readonly HistoryLine[]>(
    'GET',
    `/api/sessions/${id}/history${queryOf(person === undefined ? {} : { person })}`,
  );

/** Where the session's CSV is downloaded. */
export const registerCsvUrl = (id: string): string => `/api/sessions/${id}/register.csv`;
