import type { z } from 'zod';
import { readBrowser } from '../core/browser.ts';
import { checkInRequest, typedCodeRequest } from '../core/check-in.wire.ts';
import { tokenLength } from '../core/code.ts';
import type { PhonePage } from '../core/phone-page.wire.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { App } from './app.ts';
import { checkIn, openCode, openTypedCode } from './check-in.ts';
import { withinPatience } from './patience.ts';
import type { PhonePageRenderer } from './phone-page.ts';
import { problems, retryAfter } from './problem.ts';
import { findReceipt } from './receipt.ts';
import { Answer, type Context, type Route, route } from './route.ts';

/** Holds nothing but which browser this is; a scanned link is a visit from outside, so it cannot be Strict. */
const cookieName = 'muster_browser';
const cookieSeconds = 400 * 24 * 3600;

const setCookie = (value: string, secure: boolean): string =>
  `${cookieName}=${value}; Path=/; Max-Age=${cookieSeconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;

const isTls = ({ origin }: { origin: string }) => origin.startsWith('https:');

/** What people without an account reach, on every listener. */
export function checkInRoutes(page: PhonePageRenderer): readonly Route[] {
  const show = (
    app: App,
    state: Pick<PhonePage, 'mode'> & object,
    status = 200,
    headers: Answer['headers'] = {},
  ): Answer => {
    const { name, words } = app.settings.current;
    const { html, csp } = page.render({
      ...state,
      organisation: name || 'Muster',
      words,
    } as PhonePage);
    return new Answer(html, {
      status,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': csp,
        ...headers,
      },
    });
  };
  const explain = (app: App, refusal: Refusal): Answer => {
    // what passes by itself is tried again by the browser, for as long as the page is open
    const seconds = retryAfter(refusal);
    const again = { 'retry-after': `${seconds}`, refresh: `${seconds}` };
    return show(
      app,
      {
        mode: 'refused',
        code: refusal.code,
        ...(refusal.detail ? { detail: refusal.detail } : {}),
      } as never,
      problems[refusal.code][0],
      seconds === undefined ? {} : again,
    );
  };

  return [
    route({
      method: 'GET',
      path: '/',
      needs: 'anyone',
      plain: true,
      handle: ({ app, secure }) =>
        secure
          ? new Answer('', { status: 302, headers: { location: '/app/' } })
          : show(app, { mode: 'typed' }),
    }),
    route({
      method: 'GET',
      path: '/in',
      needs: 'anyone',
      plain: true,
      handle: ({ app }) => show(app, { mode: 'typed' }),
    }),
    route({
      method: 'GET',
      path: `/:token([0-9A-Za-z]{${tokenLength}})`,
      needs: 'anyone',
      plain: true,
      async handle(context: Context<unknown>) {
        const { app, params, cookies } = context;
        const opened = await withinPatience(
          app,
          openCode(app, params.token ?? '', cookies[cookieName]),
        ).catch((error: unknown) => {
          if (app.databaseAway.causes(error)) return refuse('database-away');
          throw error;
        });
        if (isRefusal(opened)) return explain(app, opened);
        const { opening, cookie } = opened;
        return show(
          app,
          { mode: 'form', opening, browserKnown: cookie === null } as never,
          200,
          cookie ? { 'set-cookie': setCookie(cookie, isTls(context)) } : {},
        );
      },
    }),
    route<z.infer<typeof typedCodeRequest>>({
      method: 'POST',
      path: '/api/typed-code',
      needs: 'anyone',
      plain: true,
      body: typedCodeRequest,
      async handle(context) {
        const { app, body, cookies, address } = context;
        const opened = await withinPatience(
          app,
          openTypedCode(app, body.code, cookies[cookieName], address),
        );
        if (isRefusal(opened)) return opened;
        const headers = opened.cookie
          ? { 'set-cookie': setCookie(opened.cookie, isTls(context)) }
          : {};
        return new Answer(JSON.stringify(opened.opening), {
          headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
        });
      },
    }),
    route<z.infer<typeof checkInRequest>>({
      method: 'POST',
      path: '/api/check-in',
      needs: 'anyone',
      plain: true,
      limit: 64 * 1024,
      body: checkInRequest,
      handle: ({ app, body, cookies, address }) =>
        withinPatience(app, checkIn(app, body, cookies[cookieName], address)),
    }),
    route({
      method: 'GET',
      path: '/api/check-in/:attempt',
      needs: 'anyone',
      plain: true,
      async handle({ app, params, cookies }) {
        const browser = readBrowser(app.store.vault.browserKey, cookies[cookieName]);
        const attempt = params.attempt ?? '';
        return (browser && (await findReceipt(app, attempt, browser))) || refuse('not-found');
      },
    }),
  ];
}
