import type { z } from 'zod';
import { retentionChange, retentionOrder, retentionPreview } from '../core/retention.wire.ts';
import { presentPrivacy } from './privacy-page.ts';
import { askForRun, changeRetention, presentRetention } from './retention.ts';
import { type Route, route, signedIn } from './route.ts';

/** Names are for administrators; an auditor sees how much, and how old. */
const isAdmin = (context: Parameters<typeof signedIn>[0]): boolean =>
  signedIn(context).roles.has('admin');

/** How long data are kept, what goes next, and the page that tells everybody. */
export const retentionRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/retention',
    needs: 'retention.read',
    handle: (context) => presentRetention(context.app, { named: isAdmin(context) }),
  }),
  route<z.infer<typeof retentionPreview>>({
    method: 'POST',
    path: '/api/retention/preview',
    needs: 'retention.change',
    body: retentionPreview,
    handle: ({ app, body }) => presentRetention(app, { named: true, proposed: body.rules }),
  }),
  route<z.infer<typeof retentionChange>>({
    method: 'POST',
    path: '/api/retention',
    needs: 'retention.change',
    body: retentionChange,
    handle: (context) => changeRetention(context.app, signedIn(context).person, context.body),
  }),
  route<z.infer<typeof retentionOrder>>({
    method: 'POST',
    path: '/api/retention/run',
    needs: 'retention.change',
    body: retentionOrder,
    handle: (context) => askForRun(context.app, signedIn(context).person),
  }),
  route({
    method: 'GET',
    path: '/privacy',
    needs: 'anyone',
    plain: true,
    handle: ({ app }) => presentPrivacy(app),
  }),
];
