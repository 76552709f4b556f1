import type { Role } from '../core/account.wire.ts';
import type { RoleLine } from '../core/role.wire.ts';
import type { Send } from './request.ts';

/** Everybody who is more than an attendee. */
export const listRoles = (send: Send) => send<readonly RoleLine[]>('GET', '/api/roles');

/** Gives a person exactly these roles. */
export const setRoles = (send: Send, person: string, roles: readonly Role[]) =>
  send<unknown>('POST', `/api/people/${person}/roles`, { roles });

/** Sets the whole list of a group's supervisors. */
export const setSupervisors = (send: Send, group: string, supervisors: readonly string[]) =>
  send<unknown>('POST', `/api/groups/${group}/supervisors`, { supervisors });
