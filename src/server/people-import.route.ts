import { type PeopleImport, peopleImport } from '../core/people.wire.ts';
import { exportPeople } from './people-export.ts';
import { importPeople, presentImport, previewPeople } from './people-import.ts';
import { type Route, route, signedIn } from './route.ts';

/** Twice the longest text: it grows where it is written as JSON in UTF-8. */
const limit = 40 * 1024 * 1024;

/** All people at once: look at a list, bring it in, take them out. */
export const peopleImportRoutes: readonly Route[] = [
  route<PeopleImport>({
    method: 'POST',
    path: '/api/people/import/preview',
    needs: 'people.change',
    limit,
    body: peopleImport,
    handle: (context) => previewPeople(context.app, context.body),
  }),
  route<PeopleImport>({
    method: 'POST',
    path: '/api/people/import/apply',
    needs: 'people.change',
    limit,
    body: peopleImport,
    handle: (context) => importPeople(context.app, signedIn(context).person, context.body),
  }),
  route({
    method: 'GET',
    path: '/api/people/import',
    needs: 'people.change',
    handle: (context) => presentImport(context.app, signedIn(context).person),
  }),
  route({
    method: 'GET',
    path: '/api/people.csv',
    needs: 'people.read',
    handle: (context) => exportPeople(context.app, signedIn(context).person, context.query),
  }),
];
