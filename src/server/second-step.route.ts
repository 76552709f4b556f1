import type { z } from 'zod';
import type { PersonId } from '../core/brand.ts';
import {
  confirmRequest,
  type SecondStepSetting,
  secondStepSetting,
  totpConfirmRequest,
} from '../core/sign-in.wire.ts';
import { loadSecondStepSetting } from '../store/second-step.ts';
import { assignPassword, clearSecondSteps } from './assigned-password.ts';
import { type Route, route, signedIn } from './route.ts';
import { changeSecondStepSetting, presentSecondSteps } from './second-step.ts';
import { confirmTotp, offerTotp, removeTotp, renewRecoveryCodes } from './totp.ts';

/** Authenticators and recovery codes; what administrators do about others' passwords and second steps. */
export const secondStepRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/second-step',
    needs: 'account.use',
    despite: ['second-step'],
    handle: (context) => presentSecondSteps(context.app, signedIn(context), context),
  }),
  route<z.infer<typeof confirmRequest>>({
    method: 'POST',
    path: '/api/totp/begin',
    needs: 'account.use',
    despite: ['second-step'],
    body: confirmRequest,
    handle: (context) => offerTotp(context.app, signedIn(context), context.body, context.address),
  }),
  route<z.infer<typeof totpConfirmRequest>>({
    method: 'POST',
    path: '/api/totp/confirm',
    needs: 'account.use',
    despite: ['second-step'],
    body: totpConfirmRequest,
    handle: (context) => confirmTotp(context.app, signedIn(context), context.body),
  }),
  route<z.infer<typeof confirmRequest>>({
    method: 'POST',
    path: '/api/totp/remove',
    needs: 'account.use',
    body: confirmRequest,
    handle: (context) => removeTotp(context.app, signedIn(context), context.body, context.address),
  }),
  route<z.infer<typeof confirmRequest>>({
    method: 'POST',
    path: '/api/recovery-codes',
    needs: 'account.use',
    body: confirmRequest,
    handle: (context) =>
      renewRecoveryCodes(context.app, signedIn(context), context.body, context.address),
  }),
  route({
    method: 'GET',
    path: '/api/organisation/second-step',
    needs: 'second-step.change',
    handle: ({ app }) => loadSecondStepSetting(app.store),
  }),
  route<SecondStepSetting>({
    method: 'POST',
    path: '/api/organisation/second-step',
    needs: 'second-step.change',
    body: secondStepSetting,
    handle: (context) => changeSecondStepSetting(context.app, signedIn(context), context.body),
  }),
  route({
    method: 'POST',
    path: '/api/people/:person/password',
    needs: 'password.assign',
    rehearsable: true,
    handle: (context) =>
      assignPassword(context.app, signedIn(context), context.params.person as PersonId),
  }),
  route({
    method: 'POST',
    path: '/api/people/:person/second-step/clear',
    needs: 'password.assign',
    handle: (context) =>
      clearSecondSteps(context.app, signedIn(context), context.params.person as PersonId),
  }),
];
