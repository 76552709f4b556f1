import type { z } from 'zod';
import { dayFileImport } from '../core/roster.wire.ts';
import { importDayFiles } from './day-file-import.ts';
import { checkGroup } from './gate.ts';
import { type Route, route, signedIn } from './route.ts';

/** Files of earlier years. */
export const dayFileImportRoutes: readonly Route[] = [
  route<z.infer<typeof dayFileImport>>({
    method: 'POST',
    path: '/api/day-files',
    needs: 'day-file.import',
    limit: 6 * 1024 * 1024,
    body: dayFileImport,
    async handle(context) {
      const { app, body } = context;
      const me = signedIn(context as never);
      const allowed = await checkGroup(app.store, 'day-file.import', me, body.group);
      return allowed.ok ? importDayFiles(app, me, body) : allowed;
    },
  }),
];
