import type { PersonId } from '../core/brand.ts';
import { type Route, route, signedIn } from './route.ts';
import { exportOwnData, exportSubjectData } from './subject-access.ts';

/** Everything that is kept about a person: for the person, and for whoever answers such a request. */
export const subjectAccessRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/people/:person/data',
    needs: 'person.data',
    handle: (context) =>
      exportSubjectData(
        context.app,
        signedIn(context).person,
        context.params.person as PersonId,
        context.query.format,
      ),
  }),
  route({
    method: 'GET',
    path: '/api/me/data',
    needs: 'own-data.take',
    handle: (context) => exportOwnData(context.app, signedIn(context).person, context.query.format),
  }),
];
