import type { z } from 'zod';
import type { PersonId } from '../core/brand.ts';
import {
  type MergeRequest,
  mergeRequest,
  type NewPerson,
  newPerson,
  type OwnFields,
  ownFields,
  stateChange,
  type WholePersonChange,
  wholePersonChange,
} from '../core/people.wire.ts';
import { loadOwnFields } from '../store/own-field.ts';
import { presentPeople } from './people.ts';
import {
  addToOrganisation,
  changeInOrganisation,
  changeOwnFields,
  changeState,
} from './people-change.ts';
import { mergeInto, previewMerge } from './person-merge.ts';
import {
  presentAttendance,
  presentOneself,
  presentPerson,
  presentPersonHistory,
} from './person-view.ts';
import { type Route, route, signedIn } from './route.ts';

/** Long texts must still reach their rules, which say what is wrong with them. */
const limit = 256 * 1024;

const personOf = ({ params }: { readonly params: Readonly<Record<string, string>> }) =>
  params.person as PersonId;

/** The people of the organisation. */
export const peopleRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/people',
    needs: 'people.read',
    handle: ({ app, query }) => presentPeople(app, query),
  }),
  route<NewPerson>({
    method: 'POST',
    path: '/api/people',
    needs: 'people.change',
    rehearsable: true,
    limit,
    body: newPerson,
    handle: (context) => addToOrganisation(context.app, signedIn(context).person, context.body),
  }),
  route({
    method: 'GET',
    path: '/api/people/fields',
    needs: 'people.read',
    handle: async ({ app }) => ({ fields: await loadOwnFields(app.store) }),
  }),
  route<OwnFields>({
    method: 'POST',
    path: '/api/people/fields',
    needs: 'own-field.change',
    limit,
    body: ownFields,
    handle: (context) => changeOwnFields(context.app, signedIn(context).person, context.body),
  }),
  route({
    method: 'GET',
    path: '/api/people/:person',
    needs: 'person.read',
    reads: 'person.read',
    handle: (context) => presentPerson(context.app, signedIn(context), personOf(context)),
  }),
  route({
    method: 'GET',
    path: '/api/people/:person/attendance',
    needs: 'person.read',
    reads: 'person.read',
    handle: (context) => presentAttendance(context.app, personOf(context)),
  }),
  route({
    method: 'GET',
    path: '/api/people/:person/history',
    needs: 'person.read',
    reads: 'person.read',
    handle: (context) => presentPersonHistory(context.app, signedIn(context), personOf(context)),
  }),
  route<WholePersonChange>({
    method: 'POST',
    path: '/api/people/:person',
    needs: 'people.change',
    rehearsable: true,
    limit,
    body: wholePersonChange,
    handle: (context) =>
      changeInOrganisation(context.app, signedIn(context).person, personOf(context), context.body),
  }),
  ...(['deactivate', 'reactivate'] as const).map((verb) =>
    route<z.infer<typeof stateChange>>({
      method: 'POST',
      path: `/api/people/:person/${verb}`,
      needs: 'people.change',
      rehearsable: true,
      body: stateChange,
      handle: (context) =>
        changeState(
          context.app,
          signedIn(context),
          personOf(context),
          verb === 'deactivate' ? 'inactive' : 'active',
          context.body.reason,
        ),
    }),
  ),
  route<MergeRequest>({
    method: 'POST',
    path: '/api/people/:person/merge/preview',
    needs: 'people.change',
    body: mergeRequest,
    handle: (context) => previewMerge(context.app, personOf(context), context.body),
  }),
  route<MergeRequest>({
    method: 'POST',
    path: '/api/people/:person/merge',
    needs: 'people.change',
    rehearsable: true,
    body: mergeRequest,
    handle: (context) => mergeInto(context.app, signedIn(context), personOf(context), context.body),
  }),
  route({
    method: 'GET',
    path: '/api/me/person',
    needs: 'account.use',
    handle: (context) => presentOneself(context.app, signedIn(context)),
  }),
  route({
    method: 'GET',
    path: '/api/me/attendance',
    needs: 'account.use',
    handle: (context) => presentAttendance(context.app, signedIn(context).person),
  }),
];
