import type { Instant } from '../core/brand.ts';
import { makeBrowser, readBrowser } from '../core/browser.ts';
import type { CheckInRequest, Opening, Receipt } from '../core/check-in.wire.ts';
import {
  checkToken,
  parseToken,
  parseTypedCode,
  slotAt,
  typedCodesAt,
  typedStepMs,
} from '../core/code.ts';
import { checkName, checkNumber } from '../core/person.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { checkCodeOpening } from '../core/session.ts';
import {
  checkTicket,
  makeTicketId,
  signTicket,
  type TicketKind,
  ticketLifeMs,
} from '../core/ticket.ts';
import type { PreparedAttempt } from '../store/check-in-attempt.ts';
import { platformMac } from '../store/hash-text.ts';
import { listSessions, loadSessionByCode, type SessionRow } from '../store/session.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { findReceipt, presentReceipt, sessionTitle } from './receipt.ts';

/** A browser with its ticket; `cookie` is set where the browser is new. */
export interface Opened {
  readonly ok: true;
  readonly opening: Opening;
  readonly cookie: string | null;
}

/** A scanned link: checks session, slot and epoch, and issues a ticket. Changes no state. */
export async function openCode(
  app: App,
  text: string,
  cookie: string | undefined,
): Promise<Opened | Refusal> {
  const { store } = app;
  const token = parseToken(text);
  if ('ok' in token) return token;
  const session = await loadSessionByCode(store, token.session);
  if (!session) return refuse('code-unknown');
  const now = store.clock.now();
  const window = { now, stepMs: session.stepMs, graceMs: session.codeGraceMs };
  const { id, codeEpoch } = session;
  const checked = checkToken(store.vault.codeSecret(id, codeEpoch), token, window);
  if (!checked.ok) {
    if (checked.code !== 'code-unknown' || codeEpoch === 1) return checked;
    const before = checkToken(store.vault.codeSecret(id, codeEpoch - 1), token, {
      ...window,
      graceMs: Number.MAX_SAFE_INTEGER,
    });
    return before.ok ? refuse('code-replaced') : checked;
  }
  return issueTicket(app, session, 'code', checked, cookie, now);
}

/** A typed code: found among the running sessions. Wrong guesses are throttled, a right one from a calm browser works. */
export async function openTypedCode(
  app: App,
  typed: string,
  cookie: string | undefined,
  address: string,
): Promise<Opened | Refusal> {
  const { store } = app;
  const browser = readBrowser(store.vault.browserKey, cookie, platformMac);
  const allowed = await app.guesses.check(browser, address);
  if (!allowed.ok) return allowed;
  const code = parseTypedCode(typed);
  if (typeof code !== 'string') return code;
  const now = store.clock.now();
  let off = false;
  for (const session of await listSessions(store, { state: 'open', limit: 5_000 })) {
    const codes = typedCodesAt(store.vault.codeSecret(session.id, session.codeEpoch), now);
    const index = codes.indexOf(code);
    if (index < 0) continue;
    if (session.typedCode) {
      const slot = slotAt(now, typedStepMs) - index;
      const ageMs = Math.max(0, now - (slot + 1) * typedStepMs);
      return issueTicket(app, session, 'typed', { slot, ageMs }, cookie, now);
    }
    off = true;
  }
  if (off) return refuse('typed-code-off');
  return app.guesses.noteWrong(browser, address);
}

async function issueTicket(
  app: App,
  session: SessionRow,
  kind: TicketKind,
  { slot, ageMs }: { slot: number; ageMs: number },
  cookie: string | undefined,
  now: Instant,
): Promise<Opened | Refusal> {
  const { vault, random } = app.store;
  const allowed = checkCodeOpening(session);
  if (!allowed.ok) return allowed;
  const known = readBrowser(vault.browserKey, cookie, platformMac);
  const made = known === undefined ? makeBrowser(vault.browserKey, now, random, platformMac) : null;
  const ticket = signTicket(
    vault.ticketKey,
    {
      id: makeTicketId(now, random),
      session: session.id,
      browser: known ?? (made?.browser as string),
      kind,
      slot,
      ageMs,
      issuedAt: now,
    },
    platformMac,
  );
  const opening: Opening = {
    ticket,
    session: await sessionTitle(app, session),
    asksName: session.rosterRule === 'none',
    ticketMs: ticketLifeMs,
  };
  return { ok: true, opening, cookie: made?.cookie ?? null };
}

/** One attempt: form and ticket are checked here, the rest is decided under the session's lock. */
export async function checkIn(
  app: App,
  request: CheckInRequest,
  cookie: string | undefined,
  address: string,
): Promise<Receipt | Refusal> {
  const { store, checkIns, metrics } = app;
  const browser = readBrowser(store.vault.browserKey, cookie, platformMac);
  if (browser === undefined) return counted(metrics, refuse('cookies-needed'));
  const prepared = prepareAttempt(store, request, browser, address);
  if (isRefusal(prepared)) {
    // an answer that was lost on the way is told again, even after the ticket's two minutes
    const earlier =
      prepared.code === 'ticket-expired' ? await findReceipt(app, request.attempt, browser) : null;
    return earlier ?? counted(metrics, prepared);
  }
  if (checkIns.full) return counted(metrics, refuse('busy', { retryAfter: 2 }));
  const outcome = await checkIns.submit(prepared);
  if (!outcome.ok) return counted(metrics, outcome);
  const { session, attempt, kind, record, proof } = outcome;
  metrics.countCheckIn(kind);
  app.guesses.noteCheckIn(browser);
  return presentReceipt(app, session, {
    attempt,
    number: prepared.number,
    already: kind === 'already',
    browser,
    record,
    proof,
  });
}

function counted(metrics: App['metrics'], refusal: Refusal): Refusal {
  metrics.countCheckIn(refusal.code);
  return refusal;
}

/** What can be judged without the database. */
function prepareAttempt(
  { clock, vault }: Store,
  request: CheckInRequest,
  browser: string,
  address: string,
): PreparedAttempt | Refusal {
  const window = { now: clock.now(), browser };
  const checked = checkTicket(vault.ticketKey, request.ticket, window, platformMac);
  if (!checked.ok) return checked;
  const number = checkNumber(request.number);
  if (!number.ok) return number;
  const name =
    request.name === undefined || request.name.trim() === '' ? null : checkName(request.name);
  if (name && !name.ok) return name;
  const { ticket } = checked;
  const said = { number: number.number, name: name?.name ?? null };
  const bodyDigest = vault.attemptIndex(ticket.id, said.number, said.name);
  return { attempt: request.attempt, ticket, bodyDigest, ...said, address };
}
