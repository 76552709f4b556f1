import type { z } from 'zod';
import type { PersonId } from '../core/brand.ts';
import { looksLikePin } from '../core/pin.ts';
import { refuse } from '../core/refusal.ts';
import {
  boxedSecret,
  givenPin,
  leaveRequest,
  ownPin,
  pairRequest,
  type TerminalCheckIn,
  terminalCheckIn,
  terminalRequest,
} from '../core/terminal.wire.ts';
import { listAccounts } from '../store/account.ts';
import { withinPatience } from './patience.ts';
import { changeOwnPin, changePin } from './pin.ts';
import { type Context, type Route, route, signedIn } from './route.ts';
import {
  checkTerminal,
  makeTerminal,
  pair,
  presentTerminalKey,
  presentTerminals,
  revoke,
} from './terminal.ts';
import { openBox } from './terminal-box.ts';
import { checkInAtTerminal } from './terminal-check-in.ts';
import { checkSecret } from './terminal-secret.ts';
import { describeDevice } from './user-agent.ts';

/** Shared terminals at a door, check-in by number and password or PIN. */
export const terminalRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/terminal-key',
    needs: 'anyone',
    handle: ({ app }) => presentTerminalKey(app),
  }),
  route<z.infer<typeof pairRequest>>({
    method: 'POST',
    path: '/api/terminal/pair',
    needs: 'anyone',
    body: pairRequest,
    handle: ({ app, body, address, headers }) =>
      pair(app, body.code, { address, device: describeDevice(headers['user-agent']) }),
  }),
  route<TerminalCheckIn>({
    method: 'POST',
    path: '/api/terminal/check-in',
    needs: 'anyone',
    body: terminalCheckIn,
    handle: ({ app, body, address }) => withinPatience(app, checkInAtTerminal(app, body, address)),
  }),
  route<z.infer<typeof leaveRequest>>({
    method: 'POST',
    path: '/api/terminal/leave',
    needs: 'anyone',
    body: leaveRequest,
    handle: leave,
  }),
  route({
    method: 'GET',
    path: '/api/terminals',
    needs: 'terminal.read',
    handle: ({ app }) => presentTerminals(app),
  }),
  route<z.infer<typeof terminalRequest>>({
    method: 'POST',
    path: '/api/terminals',
    needs: 'terminal.change',
    body: terminalRequest,
    handle: (context) => makeTerminal(context.app, signedIn(context).person, context.body.name),
  }),
  route({
    method: 'POST',
    path: '/api/terminals/:terminal/revoke',
    needs: 'terminal.change',
    handle: (context) =>
      revoke(context.app, signedIn(context).person, context.params.terminal ?? ''),
  }),
  route<z.infer<typeof ownPin>>({
    method: 'POST',
    path: '/api/pin',
    needs: 'account.use',
    body: ownPin,
    handle: (context) =>
      changeOwnPin(context.app, signedIn(context), context.body, context.address),
  }),
  route<z.infer<typeof givenPin>>({
    method: 'POST',
    path: '/api/people/:person/pin',
    needs: 'password.assign',
    body: givenPin,
    handle: (context) =>
      changePin(
        context.app,
        signedIn(context).person,
        context.params.person as PersonId,
        context.body.pin,
      ),
  }),
];

/** Whether a host or administrator lets somebody leave the terminal: by their password, as a PIN is typed in public. */
async function leave({ app, body, address }: Context<z.infer<typeof leaveRequest>>) {
  const paired = await checkTerminal(app, body.token);
  if (!paired.ok) return paired;
  const boxed = boxedSecret.safeParse(openBox(app.store.vault, 'leave', body.box));
  if (!boxed.success) return refuse('input-invalid', { field: 'box', problem: 'unreadable' });
  if (looksLikePin(boxed.data.secret)) return refuse('sign-in-wrong');
  const shown = await checkSecret(app, boxed.data, address);
  if (!shown.ok) return shown;
  const roles = (await listAccounts(app.store, shown.person)).get(shown.person);
  return roles?.has('host') || roles?.has('admin') ? { ok: true } : refuse('not-allowed');
}
