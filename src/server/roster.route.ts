import { type RosterImport, rosterImport } from '../core/roster.wire.ts';
import { applyImport, previewImport } from './roster.ts';
import { exportRoster } from './roster-export.ts';
import { groupOf, type Route, route, signedIn } from './route.ts';

const limit = 6 * 1024 * 1024;

/** Lists of people: look at them, bring them in, take them out. */
export const rosterRoutes: readonly Route[] = [
  route<RosterImport>({
    method: 'POST',
    path: '/api/groups/:group/roster/preview',
    needs: 'roster.change',
    limit,
    body: rosterImport,
    handle: (context) =>
      previewImport(context.app, signedIn(context as never), groupOf(context), context.body),
  }),
  route<RosterImport>({
    method: 'POST',
    path: '/api/groups/:group/roster/apply',
    needs: 'roster.change',
    limit,
    body: rosterImport,
    handle: (context) =>
      applyImport(context.app, signedIn(context as never), groupOf(context), context.body),
  }),
  route({
    method: 'GET',
    path: '/api/groups/:group/roster.csv',
    needs: 'group.read',
    reads: 'roster.exported',
    handle: (context) => exportRoster(context.app, signedIn(context), groupOf(context)),
  }),
];
