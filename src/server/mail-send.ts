import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import type { MailText } from '../core/mail.ts';
import type { MailSettings } from '../core/mail.wire.ts';
import type { MailOutcome } from '../store/mail.ts';

const limitMs = 20_000;

interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
  readonly message?: string;
}

/**
 * Hands one mail to the server (SMTP, RFC 5321). Its id is the Message-ID at every try, so that a mail that did come
 * twice is recognised as one.
 */
export async function sendMail(
  settings: MailSettings,
  mail: MailText & { readonly id: string; readonly to: string },
): Promise<MailOutcome> {
  const { host, port, security, user, password = '', from } = settings;
  const { subject, text, to, id } = mail;
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost';
  const message = await new MailComposer({
    from,
    to,
    subject,
    text,
    messageId: `<${id}@${domain}>`,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
  const connection = new SMTPConnection({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    socketTimeout: limitMs,
  });
  let handedOver = false;
  try {
    await step(connection, (done) => connection.connect(done));
    if (user) {
      const credentials = { credentials: { user, pass: password } };
      await step(connection, (done) => connection.login(credentials as never, done));
    }
    handedOver = true;
    await step(connection, (done) => connection.send({ from, to }, message, done));
    connection.quit();
    return { kind: 'sent' };
  } catch (error) {
    connection.close();
    return judgeFailure(error as SmtpError, handedOver);
  }
}

/** One step of the conversation; a connection that breaks ends it. */
function step(
  connection: SMTPConnection,
  begin: (done: (error?: unknown) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    connection.once('end', () => reject(new Error('the mail server hung up')));
    begin((error) => (error ? reject(error) : resolve()));
  });
}

/** What nodemailer's codes mean to whoever set the mail server. */
const plain: Readonly<Record<string, string>> = {
  EAUTH: 'The mail server does not take user or password',
  ECONNECTION: 'The mail server does not answer',
  EDNS: 'No mail server has this name',
  ESOCKET: 'The mail server does not answer',
  ETIMEDOUT: 'The mail server does not answer in time',
  ETLS: 'The mail server offers no encrypted connection',
};

/**
 * What a failed try means. An answer of the server says that it did not take the mail, for now (4xx) or for good (5xx;
 * RFC 5321, 4.2.1); silence once the mail was being handed over may mean either.
 */
function judgeFailure(
  { code = '', responseCode, message = '' }: SmtpError,
  handedOver: boolean,
): MailOutcome {
  const said = message.split('\n')[0]?.slice(0, 300) ?? '';
  const meaning = plain[code];
  const problem = meaning === undefined ? said : `${meaning} (${said})`;
  if (responseCode === undefined && handedOver) return { kind: 'unknown', problem };
  // before that it is our settings that are wrong, and they can be mended
  return {
    kind: 'refused',
    problem,
    final: handedOver && responseCode !== undefined && responseCode >= 500,
  };
}
