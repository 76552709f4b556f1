import type {
  MergeRequest,
  MergeResult,
  NewPerson,
  OwnFields,
  PeoplePage,
  PersonAttendance,
  PersonHistory,
  PersonView,
  WholePersonChange,
} from '../core/people.wire.ts';
import { queryOf, type Send } from './request.ts';

export interface PeopleFilter {
  readonly query?: string;
  readonly state?: string;
  readonly role?: string;
  readonly group?: string;
  readonly sort?: string;
}

/** People who match, a page of them. */
export const listPeople = (send: Send, filter: PeopleFilter, cursor?: string) =>
  send<PeoplePage>('GET', `/api/people${queryOf({ ...filter, ...(cursor ? { cursor } : {}) })}`);

/** Where all of them are downloaded as a table. */
export const peopleCsvUrl = (filter: PeopleFilter): string =>
  `/api/people.csv${queryOf({ ...filter })}`;

const at = (person: string, rest = '') => `/api/people/${encodeURIComponent(person)}${rest}`;

export const loadPerson = (send: Send, person: string) => send<PersonView>('GET', at(person));

export const loadAttendance = (send: Send, person: string) =>
  send<PersonAttendance>('GET', at(person, '/attendance'));

export const loadPersonHistory = (send: Send, person: string) =>
  send<PersonHistory>('GET', at(person, '/history'));

export const addToOrganisation = (send: Send, person: NewPerson) =>
  send<{ person: string }>('POST', '/api/people', person);

export const changeInOrganisation = (send: Send, person: string, change: WholePersonChange) =>
  send<unknown>('POST', at(person), change);

export const deactivatePerson = (send: Send, person: string, reason?: string) =>
  send<unknown>('POST', at(person, '/deactivate'), { reason });

export const reactivatePerson = (send: Send, person: string, reason?: string) =>
  send<unknown>('POST', at(person, '/reactivate'), { reason });

/** What merging `person` into another would do. */
export const previewMerge = (send: Send, person: string, request: MergeRequest) =>
  send<MergeResult>('POST', at(person, '/merge/preview'), request);

export const mergePerson = (send: Send, person: string, request: MergeRequest) =>
  send<MergeResult>('POST', at(person, '/merge'), request);

export const loadOwnFields = (send: Send) => send<OwnFields>('GET', '/api/people/fields');

export const saveOwnFields = (send: Send, fields: OwnFields) =>
  send<unknown>('POST', '/api/people/fields', fields);
