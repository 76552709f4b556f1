import type { GroupLine, GroupRegister, GroupSettings, GroupView } from '../core/group.wire.ts';
import type { Send } from './request.ts';

/** A person as typed by a host; the server judges number and name. */
export interface PersonInput {
  readonly number: string;
  readonly name: string;
  readonly email?: string;
  readonly from?: string;
  readonly until?: string | null;
}

/** What may be changed of a person in a group; an enrolment ends by its `until`. */
export interface PersonEdit {
  readonly number?: string;
  readonly name?: string;
  readonly email?: string | null;
  readonly from?: string;
  readonly until?: string | null;
}

/** Groups that the signed-in person hosts; an administrator sees all. */
export const listGroups = (send: Send) => send<readonly GroupLine[]>('GET', '/api/groups');

export const addGroup = (send: Send, name: string) =>
  send<{ id: string }>('POST', '/api/groups', { name });

export const loadGroup = (send: Send, id: string) => send<GroupView>('GET', `/api/groups/${id}`);

export const changeGroup = (
  send: Send,
  id: string,
  change: { name?: string; archived?: boolean; settings?: GroupSettings },
) => send<unknown>('POST', `/api/groups/${id}`, change);

/** Sets the whole list of a group's hosts. */
export const setHosts = (send: Send, id: string, hosts: readonly string[]) =>
  send<unknown>('POST', `/api/groups/${id}/hosts`, { hosts });

/** Adds a person, or enrols the one who bears the number. */
export const addPerson = (send: Send, id: string, person: PersonInput) =>
  send<{ person: string }>('POST', `/api/groups/${id}/people`, person);

export const changePerson = (send: Send, id: string, person: string, change: PersonEdit) =>
  send<unknown>('POST', `/api/groups/${id}/people/${person}`, change);

/** Where the group's people with their rates are downloaded as CSV. */
export const rosterCsvUrl = (id: string): string => `/api/groups/${id}/roster.csv`;

/** Every session of the group against every person. */
export const loadRegister = (send: Send, id: string) =>
  send<GroupRegister>('GET', `/api/groups/${id}/register`);
