import type { z } from 'zod';
import {
  type RegistrationRequest,
  type RegistrationSettings,
  registrationFinish,
  registrationRequest,
  registrationSettings,
  registrationToken,
} from '../core/registration.wire.ts';
import {
  changeRegistration,
  finishRegistration,
  presentRegistration,
  presentRegistrationSettings,
  register,
  viewRegistration,
} from './registration.ts';
import { type Route, route, signedIn } from './route.ts';
import { originOf, welcome } from './sign-in.route.ts';

/** Registering by oneself, where an organisation allows it. */
export const registrationRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/registration',
    needs: 'anyone',
    handle: ({ app }) => presentRegistration(app),
  }),
  route<RegistrationRequest>({
    method: 'POST',
    path: '/api/registration',
    needs: 'anyone',
    body: registrationRequest,
    handle: ({ app, body, address }) => register(app, body, address),
  }),
  route<z.infer<typeof registrationToken>>({
    method: 'POST',
    path: '/api/registration/view',
    needs: 'anyone',
    body: registrationToken,
    handle: ({ app, body }) => viewRegistration(app, body.token),
  }),
  route<z.infer<typeof registrationFinish>>({
    method: 'POST',
    path: '/api/registration/finish',
    needs: 'anyone',
    body: registrationFinish,
    handle: async (context) =>
      welcome(context, await finishRegistration(context.app, context.body, originOf(context))),
  }),
  route({
    method: 'GET',
    path: '/api/registration/settings',
    needs: 'registration.change',
    handle: ({ app }) => presentRegistrationSettings(app),
  }),
  route<RegistrationSettings>({
    method: 'POST',
    path: '/api/registration/settings',
    needs: 'registration.change',
    body: registrationSettings,
    handle: (context) =>
      changeRegistration(context.app, signedIn(context as never).person, context.body),
  }),
];
