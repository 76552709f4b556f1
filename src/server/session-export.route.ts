import { Answer, type Route, route, sessionOf } from './route.ts';
import { renderSessionCsv } from './session-export.ts';

/** A session's register as a file for spreadsheets. */
export const sessionExportRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/sessions/:session/register.csv',
    needs: 'session.read',
    reads: 'session.exported',
    async handle(context) {
      const { app } = context;
      const csv = await renderSessionCsv(
        app.store,
        app.directory,
        sessionOf(context),
        app.settings.current.zone,
      );
      return new Answer(csv, {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="register.csv"',
        },
      });
    },
  }),
];
