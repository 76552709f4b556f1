import type { SessionLine } from '../../core/session.wire.ts';
import { text } from '../message/text.ts';

/** What a session is called; one without a title goes by its group, a quick roll by that word. */
export function titleOf({ title, groupName }: Pick<SessionLine, 'title' | 'groupName'>): string {
  return title || groupName || text('session.quick');
}
