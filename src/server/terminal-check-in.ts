import type { Instant } from '../core/brand.ts';
import { localMinute } from '../core/local-time.ts';
import { checkNumber } from '../core/person.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { boxedSecret, type TerminalCheckIn, type TerminalReceipt } from '../core/terminal.wire.ts';
import type { PreparedAttempt } from '../store/check-in-attempt.ts';
import { commit } from '../store/ledger.ts';
import type { SessionRow } from '../store/session.ts';
import { type TerminalRow, touchTerminal } from '../store/terminal.ts';
import { findSessionOf, findSessionOfAttempt } from '../store/terminal-session.ts';
import { isLoopback } from './address.ts';
import type { App } from './app.ts';
import { sessionTitle } from './receipt.ts';
import { checkTerminal } from './terminal.ts';
import { openBox } from './terminal-box.ts';
import { checkSecret } from './terminal-secret.ts';

/** What was typed while the server was away is taken for so long. */
const claimLifeMs = 7 * 24 * 3_600_000;
/** A terminal is seen at most so often. */
const touchMs = 60_000;

/**
 * A check-in by number and password or PIN. Nobody's presence is proven by that alone, so it takes a terminal that was
 * paired, or somebody at the machine of the server itself.
 */
export async function checkInAtTerminal(
  app: App,
  request: TerminalCheckIn,
  address: string,
): Promise<TerminalReceipt | Refusal> {
  const { store } = app;
  const from = await findPlace(app, request.token, address);
  if (isRefusal(from)) return from;
  const boxed = boxedSecret.safeParse(openBox(store.vault, request.attempt, request.box));
  if (!boxed.success) return refuse('input-invalid', { field: 'box', problem: 'unreadable' });
  const now = store.clock.now();
  const at = Math.min(request.at ?? now, now) as Instant;
  if (now - at > claimLifeMs) return refuse('input-invalid', { field: 'at', problem: 'too-old' });
  const number = checkNumber(boxed.data.number);
  if (!number.ok) return number;
  const shown = await checkSecret(app, boxed.data, address);
  if (!shown.ok) return shown;
  const session =
    (await findSessionOfAttempt(store, request.attempt)) ??
    (await findSessionOf(store, shown.person, at));
  if (!session) return refuse('session-not-open');
  if (app.checkIns.full) return refuse('busy', { retryAfter: 2 });
  const said = { number: number.number, at, address, from, now };
  const attempt = prepare(app, request, session, said);
  const outcome = await app.checkIns.submit(attempt);
  app.metrics.countCheckIn(outcome.ok ? outcome.kind : outcome.code);
  if (!outcome.ok) return outcome;
  const { record, kind } = outcome;
  const known = await app.directory.get([shown.person]);
  return {
    name: known.get(shown.person)?.name ?? '',
    session: await sessionTitle(app, outcome.session),
    status: record.pending ? 'pending' : (record.status ?? 'none'),
    already: kind === 'already',
    minutesLate: record.minutesLate,
    time: localMinute(record.at ?? at, app.settings.current.zone),
  };
}

/** Names where it was typed. */
async function findPlace(
  app: App,
  token: string | undefined,
  address: string,
): Promise<string | Refusal> {
  if (token === undefined) return isLoopback(address) ? 'terminal-here' : refuse('not-allowed');
  const checked = await checkTerminal(app, token);
  if (!checked.ok) return checked;
  await touch(app, checked.terminal);
  return `terminal-${checked.terminal.terminal}`;
}

async function touch({ store }: App, { terminal, seenAt }: TerminalRow): Promise<void> {
  if (store.clock.now() - (seenAt ?? 0) < touchMs) return;
  await commit(store, (writing) => touchTerminal(store, writing, terminal));
}

/** What was typed, when (`at`), and from where. */
interface Said {
  readonly number: string;
  readonly at: Instant;
  readonly address: string;
  readonly from: string;
  readonly now: Instant;
}

/** What stands for the ticket of a code: it is named by the attempt, so that a repeat is the same. */
function prepare(
  { store: { vault } }: App,
  { attempt, at: claimed }: TerminalCheckIn,
  session: SessionRow,
  { number, at, address, from, now }: Said,
): PreparedAttempt {
  const id = `terminal-${attempt}`;
  return {
    attempt,
    ticket: {
      id,
      session: session.id,
      browser: from,
      kind: 'terminal',
      slot: 0,
      ageMs: claimed === null ? 0 : Math.max(1, now - at),
      issuedAt: at,
    },
    bodyDigest: vault.attemptIndex(id, number, null),
    number,
    name: null,
    address,
  };
}
