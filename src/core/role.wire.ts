import { z } from 'zod';
import { type Role, roles } from './account.wire.ts';
import { personId } from './field.wire.ts';

/** GET /api/roles: everybody who is more than an attendee, by name. */
export interface RoleLine {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly Role[];
}

/** POST /api/people/:person/roles -> { ok }: the whole list. Refuses `own-role`, `last-admin`, `not-found`. */
export const rolesRequest = z.strictObject({ roles: z.array(z.enum(roles)).max(roles.length) });

/** POST /api/groups/:group/supervisors -> { ok }: the whole list; each must be a supervisor. */
export const supervisorsRequest = z.strictObject({ supervisors: z.array(personId).max(100) });
