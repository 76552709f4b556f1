import { type OrganisationSettings, organisationSettings } from '../core/organisation.wire.ts';
import { changeOrganisation, presentInstallation } from './organisation.ts';
import { type Route, route, signedIn } from './route.ts';

/** The organisation's settings and the installation it runs on. */
export const organisationRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/organisation',
    needs: 'organisation.read',
    handle: ({ app }) => app.settings.current,
  }),
  route<OrganisationSettings>({
    method: 'POST',
    path: '/api/organisation',
    needs: 'organisation.change',
    body: organisationSettings,
    handle: (context) => changeOrganisation(context.app, signedIn(context).person, context.body),
  }),
  route({
    method: 'GET',
    path: '/api/installation',
    needs: 'installation.read',
    handle: (context) => presentInstallation(context.app, signedIn(context)),
  }),
];
