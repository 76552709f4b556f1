import type { z } from 'zod';
import { dayFileImport } from '../core/roster.wire.ts';
import { importDayFiles } from './day-file-import.ts';
import { mayHostGroup } from './gate.ts';
import { type Route, route, signedIn } from './route.ts';

/** Files of earlier years. */
export const dayFileImportRoutes: readonly Route[] = [
  route<z.infer<typeof dayFileImport>>({
    method: 'POST',
    path: '/api/day-files',
    needs: 'host',
    limit: 6 * 1024 * 1024,
    body: dayFileImport,
    async handle(context) {
      const { app, body } = context;
      const me = signedIn(context as never);
      const allowed = await mayHostGroup(app.store, me, body.group);
      return allowed.ok ? importDayFiles(app, me, body) : allowed;
    },
  }),
];
