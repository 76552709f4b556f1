import { presentAudit } from './audit.ts';
import { type Route, route, signedIn } from './route.ts';
import { describeDevice } from './user-agent.ts';

/** What happened: for administrators and auditors. */
export const auditRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/audit',
    needs: 'audit.read',
    handle: (context) => {
      const { app, address, headers, query } = context;
      const { person } = signedIn(context);
      return presentAudit(
        app,
        { person, address, device: describeDevice(headers['user-agent']) },
        query,
      );
    },
  }),
];
