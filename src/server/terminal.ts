import { encodeBytes } from '../core/base32.ts';
import type { PersonId } from '../core/brand.ts';
import { makeId } from '../core/id.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import type { PairedTerminal, TerminalKey, TerminalLine } from '../core/terminal.wire.ts';
import { commit, type EventDraft, type Writing } from '../store/ledger.ts';
import { organisationStream } from '../store/store.ts';
import {
  findTerminal,
  insertTerminal,
  listTerminals,
  pairTerminal,
  revokeTerminal,
  type TerminalRow,
} from '../store/terminal.ts';
import type { App } from './app.ts';
import { hashSecret, makeSecret } from './secret.ts';
import { terminalPublicKey } from './terminal-box.ts';

const codeLifeMs = 10 * 60_000;
/** 80 bits, which nobody guesses in ten minutes. */
const codeBytes = 10;
const codeLength = 16;

/** A code that pairs one terminal; it is shown this once. */
export async function makeTerminal(
  { store }: App,
  actor: PersonId,
  name: string,
): Promise<{ terminal: string; code: string; expiresAt: number }> {
  const code = encodeBytes(store.random.bytes(codeBytes), codeLength);
  return commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const terminal = makeId<string & PersonId>(writing.now, store.random);
    const invitedUntil = writing.now + codeLifeMs;
    const tokenHash = hashSecret(code);
    await insertTerminal(store, writing, { terminal, tokenHash, name, invitedUntil });
    await writing.append([eventOf(writing, 'terminal.invited', actor, terminal, { name })]);
    return { terminal, code: code.replace(/.{4}(?=.)/g, '$&-'), expiresAt: invitedUntil };
  });
}

/** Uses a code up; the token goes to the terminal and is kept as a hash. */
export async function pair(
  app: App,
  typed: string,
  from: { readonly address: string; readonly device: string },
): Promise<PairedTerminal | Refusal> {
  const { store, settings } = app;
  const code = typed.toUpperCase().replace(/[^0-9A-Z]/g, '');
  const token = makeSecret(store.random);
  return commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const found = await findTerminal(store, hashSecret(code), writing.tx);
    if (!found || found.invitedUntil === null || found.invitedUntil < writing.now)
      return refuse('link-invalid');
    await pairTerminal(store, writing, found, hashSecret(token));
    await writing.append([eventOf(writing, 'terminal.paired', 'terminal', found.terminal, from)]);
    const { name } = found;
    return { token, name, organisation: settings.current.name, ...presentTerminalKey(app) };
  });
}

export const presentTerminalKey = ({ store, settings }: App): TerminalKey => ({
  publicKey: terminalPublicKey(store.vault),
  zone: settings.current.zone,
});

/** The paired terminal that shows this token; refuses `not-allowed` where it was revoked. */
export async function checkTerminal(
  { store }: App,
  token: string,
): Promise<{ ok: true; terminal: TerminalRow } | Refusal> {
  const terminal = await findTerminal(store, hashSecret(token));
  const isPaired = terminal !== null && terminal.invitedUntil === null;
  return isPaired ? { ok: true, terminal } : refuse('not-allowed');
}

/** Ends a terminal at once: nothing that it sends is taken any more. */
export async function revoke(
  { store }: App,
  actor: PersonId,
  terminal: string,
): Promise<{ ok: true } | Refusal> {
  return commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    if (!(await revokeTerminal(store, writing, terminal))) return refuse('not-found');
    await writing.append([eventOf(writing, 'terminal.revoked', actor, terminal)]);
    return { ok: true } as const;
  });
}

/** All terminals, the newest first. */
export async function presentTerminals({ store }: App): Promise<TerminalLine[]> {
  return (await listTerminals(store)).map(
    ({ terminal, name, invitedUntil, pairedAt, seenAt, revokedAt }) => ({
      terminal,
      name,
      state: revokedAt !== null ? 'revoked' : invitedUntil === null ? 'paired' : 'invited',
      pairedAt,
      seenAt,
    }),
  );
}

const eventOf = (
  { now }: Writing,
  type: string,
  actor: string,
  terminal: string,
  data?: EventDraft['data'],
): EventDraft => ({
  stream: organisationStream,
  type,
  occurredAt: now,
  actor,
  subject: null,
  facts: { terminal },
  ...(data ? { data } : {}),
});
