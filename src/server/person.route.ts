import type { z } from 'zod';
import type { PersonId } from '../core/brand.ts';
import { personChange, personRequest } from '../core/group.wire.ts';
import { addPerson, changePerson } from './person.ts';
import { groupOf, type Route, route, signedIn } from './route.ts';

/** One number or name of 20,000 characters must still reach its rule, which says what is wrong with it. */
const limit = 256 * 1024;

/** The people of a group, one by one. */
export const personRoutes: readonly Route[] = [
  route<z.infer<typeof personRequest>>({
    method: 'POST',
    path: '/api/groups/:group/people',
    needs: 'roster.change',
    rehearsable: true,
    limit,
    body: personRequest,
    handle: (context) =>
      addPerson(context.app, signedIn(context as never), groupOf(context), context.body),
  }),
  route<z.infer<typeof personChange>>({
    method: 'POST',
    path: '/api/groups/:group/people/:person',
    needs: 'roster.change',
    rehearsable: true,
    limit,
    body: personChange,
    handle: (context) =>
      changePerson(
        context.app,
        signedIn(context as never),
        groupOf(context),
        context.params.person as PersonId,
        context.body,
      ),
  }),
];
