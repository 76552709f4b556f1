import { presentAudit } from './audit.ts';
import { exportAudit } from './audit-export.ts';
import { type Route, route, signedIn } from './route.ts';

/** What happened: for administrators and auditors. */
export const auditRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/audit',
    needs: 'audit.read',
    reads: 'audit.read',
    handle: ({ app, query }) => presentAudit(app, query),
  }),
  route({
    method: 'GET',
    path: '/api/audit/export',
    needs: 'audit.read',
    handle: (context) => exportAudit(context.app, signedIn(context).person, context.query),
  }),
];
