import { type Permission, reachOf } from '../core/permission.ts';
import type { Place } from './place.ts';

/** Whether any of the person's roles may do it at all; what belongs to whom, the server says. */
export const may = ({ me }: Pick<Place, 'me'>, permission: Permission): boolean =>
  reachOf(permission, new Set(me.roles)) !== 'never';
