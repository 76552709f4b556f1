import { encodeBase32, encodeBytes } from './base32.ts';
import type { Instant, SessionId } from './brand.ts';
import type { Random } from './clock.ts';
import { sameText } from './code.ts';
import { type Mac, portableMac } from './mac.ts';
import { type Refusal, refuse } from './refusal.ts';

/** A ticket may be used for this long after the code was opened. */
export const ticketLifeMs = 120_000;
/** Issued tickets stay good for this long after a session was closed. */
export const ticketAfterCloseMs = 30_000;

/** How a browser came by its ticket: the scanned code, or the typed one (weaker evidence). */
export type TicketKind = 'code' | 'typed';

/** Signed and stateless: the server keeps nothing until the ticket is used. */
export interface Ticket {
  /** See `makeTicketId`; the claim's unique index makes the ticket single-use. */
  readonly id: string;
  readonly session: SessionId;
  /** The browser that opened the code; useless in another. */
  readonly browser: string;
  readonly kind: TicketKind;
  /** The slot that was scanned (60 s slots for a typed code). */
  readonly slot: number;
  /** Milliseconds between the end of the slot and its opening. */
  readonly ageMs: number;
  readonly issuedAt: Instant;
}

const macLength = 26;

/** 9 base32 characters of time (ms), 11 of randomness (55 bits): ids made together lie together in the index. */
export function makeTicketId(now: Instant, random: Random): string {
  return encodeBase32(BigInt(now), 9) + encodeBytes(random.bytes(7), 11);
}

function sign(key: Uint8Array, body: string, mac: Mac): string {
  return encodeBytes(mac(key, `ticket:${body}`), macLength);
}

/** The ticket as text of letters, digits, dots and dashes. */
export function signTicket(key: Uint8Array, ticket: Ticket, mac: Mac = portableMac): string {
  const { id, session, browser, kind, slot, ageMs, issuedAt } = ticket;
  const body = [id, session, browser, kind, slot, Math.round(ageMs), issuedAt].join('.');
  return `${body}.${sign(key, body, mac)}`;
}

/**
 * Reads a ticket that a browser brings back.
 * @returns `ticket-invalid` where we did not sign it, `ticket-other-browser` where another browser opened the
 * code, `ticket-expired` after two minutes.
 */
export function checkTicket(
  key: Uint8Array,
  text: string,
  { now, browser }: { now: Instant; browser: string },
  mac: Mac = portableMac,
): { ok: true; ticket: Ticket } | Refusal {
  const end = text.lastIndexOf('.');
  const body = text.slice(0, Math.max(0, end));
  const parts = body.split('.');
  if (parts.length !== 7 || !sameText(sign(key, body, mac), text.slice(end + 1)))
    return refuse('ticket-invalid');
  const [id, session, owner, kind, slot, ageMs, issuedAt] = parts as [
    string,
    SessionId,
    string,
    TicketKind,
    string,
    string,
    string,
  ];
  const ticket: Ticket = {
    id,
    session,
    browser: owner,
    kind,
    slot: Number(slot),
    ageMs: Number(ageMs),
    issuedAt: Number(issuedAt) as Instant,
  };
  if (owner !== browser) return refuse('ticket-other-browser');
  if (now - ticket.issuedAt > ticketLifeMs || ticket.issuedAt > now)
    return refuse('ticket-expired');
  return { ok: true, ticket };
}
