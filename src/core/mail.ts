/** Every mail that Muster writes, with the values it needs. Plain text: it is read everywhere, and nothing in it runs. */
export interface MailTemplates {
  /** Somebody asked for a new password. */
  readonly 'password-link': { readonly link: string; readonly minutes: string };
  /** Somebody wants to register with this address. */
  readonly registration: { readonly link: string; readonly hours: string };
  /** Somebody wants to register with an address that has an account or a person already. */
  readonly 'registration-known': Record<never, never>;
  /** An anchor of the ledger was made: its fingerprint in two lines. */
  readonly anchor: {
    readonly made: string;
    readonly first: string;
    readonly second: string;
    readonly key: string;
    readonly streams: string;
  };
  /** An administrator tries whether mail arrives. */
  readonly test: Record<never, never>;
}
export type MailTemplate = keyof MailTemplates;

const catalogue: {
  readonly [Template in MailTemplate]: {
    readonly subject: string;
    readonly text: string;
  };
} = {
  'password-link': {
    subject: '{organisation}: a new password',
    text: `Somebody asked for a new password for your account at {organisation}.

Choose one here within {minutes} minutes; the link works once:
{link}

If that was not you, do nothing: your password stays as it is.`,
  },
  registration: {
    subject: '{organisation}: finish your registration',
    text: `Somebody asked to register at {organisation} with this address.

Choose a password here within {hours} hours; the link works once:
{link}

If that was not you, do nothing: nobody is registered.`,
  },
  'registration-known': {
    subject: '{organisation}: you are known already',
    text: `Somebody asked to register at {organisation} with this address. It belongs to somebody who is known there already, so nothing was made.

If that was you, sign in instead. If you have no password, ask an administrator for one.`,
  },
  anchor: {
    subject: '{organisation}: anchor of {made}',
    text: `An anchor of the ledger of {organisation} was made at {made}. Keep this mail away from the server: whoever changes or cuts the ledger afterwards cannot change what stands here.

Fingerprint (SHA-256):
{first}
{second}

It lists {streams} streams and is signed with the key
{key}

To compare, save this mail as a file and run
muster verify --anchor FILE`,
  },
  test: {
    subject: '{organisation}: mail arrives',
    text: 'This mail was sent from the settings of {organisation}. Mail arrives.',
  },
};

/** A mail as it is sent. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/**
 * Fills a template in. A value becomes one line: nothing in it can add a header or a paragraph.
 * @param values the template's own, and `organisation`
 */
export function renderMail(
  template: MailTemplate,
  values: Readonly<Record<string, string>>,
): MailText {
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, name: string) =>
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
      (values[name] ?? '').replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim(),
    );
  const { subject, text } = catalogue[template];
  return { subject: fill(subject), text: `${fill(text)}\n` };
}

/** How long to wait before the next try, after so many; null: given up, a day after the first. */
export function retryAfterMs(tries: number): number | null {
  const minutes = [1, 5, 15, 60, 180, 360, 720];
  const wait = minutes[tries - 1];
  return wait === undefined ? null : wait * 60_000;
}
