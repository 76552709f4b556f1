import type {
  PairedTerminal,
  TerminalCheckIn,
  TerminalKey,
  TerminalLine,
  TerminalReceipt,
} from '../core/terminal.wire.ts';
import type { Send } from './request.ts';

/** To what boxes are sealed. */
export const loadTerminalKey = (send: Send) => send<TerminalKey>('GET', '/api/terminal-key');

/** Uses up the code that an administrator was shown. */
export const pairTerminal = (send: Send, code: string) =>
  send<PairedTerminal>('POST', '/api/terminal/pair', { code });

/** A check-in by number and password or PIN; repeating it changes nothing. */
export const checkInByBox = (send: Send, body: TerminalCheckIn) =>
  send<TerminalReceipt>('POST', '/api/terminal/check-in', body);

/** Whether whoever is in the box may leave a paired terminal. */
export const leaveTerminal = (send: Send, token: string, box: string) =>
  send<unknown>('POST', '/api/terminal/leave', { token, box });

export const listTerminals = (send: Send) => send<readonly TerminalLine[]>('GET', '/api/terminals');

/** Makes a code that pairs one terminal; it is shown this once. */
export const inviteTerminal = (send: Send, name: string) =>
  send<{ terminal: string; code: string; expiresAt: number }>('POST', '/api/terminals', { name });

export const revokeTerminal = (send: Send, terminal: string) =>
  send<unknown>('POST', `/api/terminals/${terminal}/revoke`);

/** One's own PIN for terminals; null takes it away. */
export const changeOwnPin = (send: Send, password: string, pin: string | null) =>
  send<unknown>('POST', '/api/pin', { password, pin });

/** Another's PIN, by an administrator. */
export const givePin = (send: Send, person: string, pin: string | null) =>
  send<unknown>('POST', `/api/people/${person}/pin`, { pin });
