import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instant, SessionId } from './brand.ts';
import { checkTicket, makeTicketId, signTicket, type Ticket, ticketLifeMs } from './ticket.ts';

const key = new Uint8Array(32).fill(3);
const at = (ms: number) => ms as Instant;
const base32 = fc.string({
  unit: fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
  minLength: 20,
  maxLength: 20,
});
const ticketOf = fc.record<Ticket>({
  id: base32,
  session: fc.uuid({ version: 7 }).map((id) => id as SessionId),
  browser: base32,
  kind: fc.constantFrom('code', 'typed'),
  slot: fc.integer({ min: 0, max: 4_000_000_000 }),
  ageMs: fc.nat(120_000),
  issuedAt: fc.integer({ min: 1_600_000_000_000, max: 4_000_000_000_000 }).map(at),
});

describe('a ticket', () => {
  test('comes back as it was issued, for two minutes and no longer', () => {
    fc.assert(
      fc.property(ticketOf, fc.integer({ min: -1, max: ticketLifeMs + 2 }), (ticket, age) => {
        const now = at(ticket.issuedAt + age);
        const result = checkTicket(key, signTicket(key, ticket), { now, browser: ticket.browser });
        expect(result).toEqual(
          age >= 0 && age <= ticketLifeMs
            ? { ok: true, ticket }
            : { ok: false, code: 'ticket-expired' },
        );
      }),
    );
  });

  test.each([
    [-1, 'ticket-expired'],
    [0, undefined],
    [120_000, undefined],
    [120_001, 'ticket-expired'],
  ])('%i ms after it was issued gives %s', (age, code) => {
    const ticket = fc.sample(ticketOf, { numRuns: 1, seed: 1 })[0] as Ticket;
    const window = { now: at(ticket.issuedAt + age), browser: ticket.browser };
    const result = checkTicket(key, signTicket(key, ticket), window);
    expect(result.ok ? undefined : result.code).toBe(code);
  });

  test('is useless in another browser, whether or not its time is over', () => {
    fc.assert(
      fc.property(ticketOf, base32, fc.nat(2 * ticketLifeMs), (ticket, browser, age) => {
        fc.pre(browser !== ticket.browser);
        const now = at(ticket.issuedAt + age);
        expect(checkTicket(key, signTicket(key, ticket), { now, browser })).toEqual({
          ok: false,
          code: 'ticket-other-browser',
        });
      }),
    );
  });

  test('is invalid with any one character changed, added or taken away', () => {
    const character = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 });
    const edit = fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(1), fc.nat(1));
    fc.assert(
      fc.property(ticketOf, edit, character, (ticket, [where, taken, added], other) => {
        const text = signTicket(key, ticket);
        const place = Math.floor(where * text.length);
        const changed = text.slice(0, place) + (added ? other : '') + text.slice(place + taken);
        fc.pre(changed !== text);
        const window = { now: ticket.issuedAt, browser: ticket.browser };
        expect(checkTicket(key, changed, window)).toEqual({ ok: false, code: 'ticket-invalid' });
      }),
    );
  });

  test('is invalid under another key', () => {
    fc.assert(
      fc.property(ticketOf, (ticket) => {
        const text = signTicket(new Uint8Array(32), ticket);
        const window = { now: ticket.issuedAt, browser: ticket.browser };
        expect(checkTicket(key, text, window)).toEqual({ ok: false, code: 'ticket-invalid' });
      }),
    );
  });

  test.each(['', '.', '......', '.......', 'a.b.c', '😀'])('is invalid as %j', (text) => {
    const result = checkTicket(key, text, { now: at(0), browser: '' });
    expect(result).toEqual({ ok: false, code: 'ticket-invalid' });
  });

  test('keeps a whole number of milliseconds', () => {
    const ticket = { ...(fc.sample(ticketOf, { numRuns: 1, seed: 1 })[0] as Ticket), ageMs: 1.6 };
    const window = { now: ticket.issuedAt, browser: ticket.browser };
    expect(checkTicket(key, signTicket(key, ticket), window)).toMatchObject({
      ticket: { ageMs: 2 },
    });
  });
});

test("a ticket's id sorts by time, whatever its randomness", () => {
  const instant = fc.integer({ min: 0, max: 2 ** 45 - 1 });
  const make = (now: number, byte: number) =>
    makeTicketId(at(now), { bytes: (length) => new Uint8Array(length).fill(byte) });
  fc.assert(
    fc.property(instant, instant, (left, right) => {
      fc.pre(left < right);
      expect(make(left, 255) < make(right, 0)).toBe(true);
      expect(make(left, 255)).toMatch(/^[0-9A-HJKMNP-TV-Z]{20}$/);
    }),
  );
});
