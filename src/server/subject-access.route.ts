import type { PersonId } from '../core/brand.ts';
import { type Route, route, signedIn } from './route.ts';
import { exportSubjectData } from './subject-access.ts';

/** What somebody may ask for about themselves, for whoever answers such a request. */
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
];
