import type { z } from 'zod';
import { invitationToken, signInLinkRequest, signInRequest } from '../core/account.wire.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { codeRequest } from '../core/sign-in.wire.ts';
import { presentMe, signOut, signOutEverywhere } from './account.ts';
import { operator } from './gate.ts';
import { Answer, type Context, type Route, route, signedIn } from './route.ts';
import type { Entry, HalfIn, Origin } from './sign-in.ts';
import {
  clearSignInCookie,
  clearStepCookie,
  setDeviceCookie,
  setSignInCookie,
  setStepCookie,
  stepCookie,
} from './sign-in-cookie.ts';
import { followLink, makeLink } from './sign-in-link.ts';
import { signIn } from './sign-in-password.ts';
import { signInByCode, stepLifeMs } from './sign-in-step.ts';

/** The browser of a request. */
export const originOf = ({
  cookies,
  address,
  headers,
}: Pick<Context<unknown>, 'cookies' | 'address' | 'headers'>): Origin => ({
  cookies,
  address,
  userAgent: headers['user-agent'],
});

/** Answers who has come in, with the cookies of the new sign-in, or what is still wanted; a refusal stays one. */
export async function welcome(
  { app, origin, cookies }: Pick<Context<unknown>, 'app' | 'origin' | 'cookies'>,
  entry: Entry | HalfIn | Refusal,
): Promise<Answer | Refusal> {
  if (isRefusal(entry)) return entry;
  if ('secondStep' in entry) {
    const { secondStep, ticket } = entry;
    const cookie = ticket === null ? [] : [setStepCookie(ticket, origin, stepLifeMs)];
    return new Answer({ secondStep }, { headers: { 'set-cookie': cookie } });
  }
  return new Answer(await presentMe(app, entry.person), {
    headers: {
      'set-cookie': [
        setSignInCookie(entry.secret, origin),
        setDeviceCookie(entry.device, origin),
        ...(cookies[stepCookie] === undefined ? [] : [clearStepCookie(origin)]),
      ],
    },
  });
}

const goodbye = ({ origin }: { origin: string }): Answer =>
  new Answer({}, { headers: { 'set-cookie': clearSignInCookie(origin) } });

/** Coming in and going out. */
export const signInRoutes: readonly Route[] = [
  route<z.infer<typeof signInRequest>>({
    method: 'POST',
    path: '/api/sign-in',
    needs: 'anyone',
    body: signInRequest,
    handle: async (context) =>
      welcome(context, await signIn(context.app, context.body, originOf(context))),
  }),
  route<z.infer<typeof codeRequest>>({
    method: 'POST',
    path: '/api/sign-in/code',
    needs: 'anyone',
    body: codeRequest,
    handle: async (context) =>
      welcome(context, await signInByCode(context.app, context.body.code, originOf(context))),
  }),
  route<z.infer<typeof invitationToken>>({
    method: 'POST',
    path: '/api/sign-in-link',
    needs: 'anyone',
    body: invitationToken,
    handle: async (context) =>
      welcome(context, await followLink(context.app, context.body.token, originOf(context))),
  }),
  route<z.infer<typeof signInLinkRequest>>({
    method: 'POST',
    path: '/api/sign-in-links',
    needs: 'sign-in-link.make',
    body: signInLinkRequest,
    // an administrator in a browser must not become somebody else
    handle: (context) =>
      signedIn(context).person === operator
        ? makeLink(context.app, context.body.login, context.origin)
        : refuse('not-allowed'),
  }),
  route({
    method: 'POST',
    path: '/api/sign-out',
    needs: 'account.use',
    despite: ['password', 'second-step'],
    async handle(context) {
      await signOut(context.app, signedIn(context));
      return goodbye(context);
    },
  }),
  route({
    method: 'POST',
    path: '/api/sign-out-everywhere',
    needs: 'account.use',
    despite: ['password', 'second-step'],
    async handle(context) {
      await signOutEverywhere(context.app, signedIn(context));
      return goodbye(context);
    },
  }),
];
