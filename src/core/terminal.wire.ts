import { z } from 'zod';
import { instant, secretText, title } from './field.wire.ts';
import type { Status } from './status.ts';

/** GET /api/terminal-key */
export interface TerminalKey {
  /** To which boxes are sealed (X25519, SPKI in base64). */
  readonly publicKey: string;
  /** IANA zone of the organisation: that of every time a terminal shows. */
  readonly zone: string;
}

/** POST /api/terminals (an administrator) -> { terminal, code }: the code pairs one terminal, within ten minutes. */
export const terminalRequest = z.strictObject({ name: title });

/** GET /api/terminals */
export interface TerminalLine {
  readonly terminal: string;
  readonly name: string;
  /** `invited`: its code was not used yet, and may be over. */
  readonly state: 'invited' | 'paired' | 'revoked';
  readonly pairedAt: number | null;
  readonly seenAt: number | null;
}

/** POST /api/terminal/pair */
export const pairRequest = z.strictObject({ code: secretText });
export interface PairedTerminal extends TerminalKey {
  /** Shown with each call; kept by the terminal. */
  readonly token: string;
  readonly name: string;
  readonly organisation: string;
}

/** What is in a box of a check-in: sealed at the terminal, opened by the server only. */
export const boxedSecret = z.strictObject({
  number: z.string().max(300),
  secret: z.string().min(1).max(1_000),
});
export type BoxedSecret = z.infer<typeof boxedSecret>;

const box = z.base64().max(8_000);

/** POST /api/terminal/check-in. Without a token only from the machine of the server itself. */
export const terminalCheckIn = z.strictObject({
  token: secretText.optional(),
  /** Made by the terminal, repeated unchanged. */
  attempt: z.string().regex(/^[0-9a-f-]{36}$/),
  /** When it was typed, by the terminal's clock, where the server was away then; null: now. */
  at: instant.nullable(),
  box,
});
export type TerminalCheckIn = z.infer<typeof terminalCheckIn>;

/** The answer that fills the screen. */
export interface TerminalReceipt {
  readonly name: string;
  readonly session: string;
  readonly status: Status | 'pending' | 'none';
  readonly already: boolean;
  readonly minutesLate: number;
  /** `09:02` in the site's zone. */
  readonly time: string;
}

/** POST /api/terminal/leave: number or e-mail and password of a host, in a box. */
export const leaveRequest = z.strictObject({ token: secretText, box });

/** POST /api/pin: one's own; null takes it away. */
export const ownPin = z.strictObject({
  password: secretText,
  pin: z.string().max(100).nullable(),
});
/** POST /api/people/:person/pin: another's, by an administrator. */
export const givenPin = z.strictObject({ pin: z.string().max(100).nullable() });
