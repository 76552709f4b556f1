import { z } from 'zod';

/** GET and POST /api/mail/settings (administrators). The password is never told; left out, it stays where the host is the same. */
export const mailSettings = z.strictObject({
  host: z.string().max(250),
  port: z.int().min(1).max(65_535),
  /** `tls`: from the first byte; `starttls`: asked for, and nothing is sent without it; `none`: in the clear. */
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string().max(250),
  password: z.string().max(1_000).optional(),
  /** Who the mails are from. */
  from: z.string().max(250),
});
export type MailSettings = z.infer<typeof mailSettings>;

/** What GET /api/mail/settings answers; null: no server is set, mails wait and can be looked at. */
export interface MailSettingsView {
  readonly settings: Omit<MailSettings, 'password'> | null;
  readonly hasPassword: boolean;
}

const mailStates = ['due', 'sending', 'sent', 'failed'] as const;
export type MailState = (typeof mailStates)[number];

/** GET /api/mail: the outbox, newest first, at most 200. */
export interface MailLine {
  readonly id: string;
  readonly state: MailState;
  readonly to: string;
  readonly subject: string;
  /** Only while no server is set: then this is where it can be read. Links in it are secrets. */
  readonly text: string | null;
  readonly madeAt: number;
  readonly sentAt: number | null;
  readonly tries: number;
  /** When the next try comes; null where none does. */
  readonly dueAt: number | null;
  /** What the mail server said, or why it was not reached. */
  readonly problem: string | null;
}

/** POST /api/mail/test (to oneself) and /api/mail/:mail/retry -> { ok } */
