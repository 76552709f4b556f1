import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId } from '../core/brand.ts';
import type { MailLine, MailSettings } from '../core/mail.wire.ts';
import { commit } from '../store/ledger.ts';
import { claimMail, failStranded, type Mail, queueMail, settleMail } from '../store/mail.ts';
import { mailRoutes } from './mail.route.ts';
import { loadMailServer, sendDueMail } from './mail.ts';
import { openThrowawayApp, type ThrowawayApp } from './throwaway.ts';

/** A mail server that says what it is told to say (RFC 5321), and keeps what it took. */
class SmtpServer implements AsyncDisposable {
  readonly taken: string[] = [];
  /** What it answers to the end of a mail; null: it hangs up without a word. */
  answer: string | null = '250 taken';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<SmtpServer> {
    const server = createServer();
    const smtp = new SmtpServer(server);
    server.on('connection', (socket) => smtp.#talk(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return smtp;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  #talk(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.write('220 test\r\n');
    let text = '';
    let inData = false;
    socket.on('data', (piece) => {
      text += piece.toString('utf8');
      for (;;) {
        const end = text.indexOf(inData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const part = text.slice(0, end);
        text = text.slice(end + (inData ? 5 : 2));
        if (inData) {
          inData = false;
          this.taken.push(part);
          if (this.answer === null) socket.destroy();
          else socket.write(`${this.answer}\r\n`);
        } else if (/^DATA/i.test(part)) {
          inData = true;
          socket.write('354 go on\r\n');
        } else if (/^EHLO/i.test(part)) socket.write('250 test\r\n');
        else if (/^QUIT/i.test(part)) socket.end('221 bye\r\n');
        else socket.write('250 fine\r\n');
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let place: ThrowawayApp;
let admin: PersonId;
let smtp: SmtpServer;
const tenure = { signal: new AbortController().signal, holds: () => true };

beforeEach(async () => {
  place = await openThrowawayApp(mailRoutes);
  admin = await place.addPerson('Ada Admin', 'admin');
  smtp = await SmtpServer.start();
});
afterEach(async () => {
  await smtp[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

const settings = (change: Partial<MailSettings> = {}): MailSettings => ({
  host: '127.0.0.1',
  port: smtp.port,
  security: 'none',
  user: '',
  from: 'muster@example.org',
  ...change,
});
const set = (change: Partial<MailSettings> = {}) =>
  place.ask(admin, '/api/mail/settings', settings(change));
const queue = () =>
  commit(place.store, (writing) =>
    queueMail(place.store, writing, [
      {
        to: 'ada@example.org',
        template: 'password-link',
        data: { link: 'https://muster.example.org/app/new-password#secret', minutes: '30' },
      },
    ]),
  );
const outbox = async () =>
  (await place.ask(admin, '/api/mail')).body as (MailLine & Record<string, unknown>)[];

describe('the outbox', () => {
  test('a mail is sent once, and its link is gone afterwards', async () => {
    await set();
    await queue();
    await sendDueMail(place.app, tenure);
    await sendDueMail(place.app, tenure);
    expect(smtp.taken).toHaveLength(1);
    expect(smtp.taken[0]).toContain('To: ada@example.org');
    expect(smtp.taken[0]).toContain('new-password#secret');
    const [mail] = await outbox();
    expect(mail).toMatchObject({ state: 'sent', tries: 1, problem: null, text: null });
  });

  test('what is refused for now is tried again later, what is refused for good is not', async () => {
    await set();
    await queue();
    smtp.answer = '451 later';
    await sendDueMail(place.app, tenure);
    await sendDueMail(place.app, tenure);
    expect(smtp.taken).toHaveLength(1);
    expect((await outbox())[0]).toMatchObject({ state: 'due', tries: 1 });
    place.place.clock.at += 61_000;
    smtp.answer = '550 no such person';
    await sendDueMail(place.app, tenure);
    const [mail] = await outbox();
    expect(mail).toMatchObject({ state: 'failed', tries: 2 });
    expect(mail?.problem).toContain('no such person');
  });

  test('a mail whose fate nobody knows is not sent again by itself, and can be by hand', async () => {
    await set();
    await queue();
    smtp.answer = null;
    await sendDueMail(place.app, tenure);
    place.place.clock.at += 24 * 3_600_000;
    await sendDueMail(place.app, tenure);
    expect(smtp.taken).toHaveLength(1);
    const [mail] = await outbox();
    expect(mail).toMatchObject({ state: 'failed' });
    smtp.answer = '250 taken';
    expect((await place.ask(admin, `/api/mail/${mail?.id}/retry`, {})).status).toBe(200);
    await sendDueMail(place.app, tenure);
    expect(smtp.taken).toHaveLength(2);
    const ids = smtp.taken.map((text) => /^Message-ID: (.+)$/im.exec(text)?.[1]);
    expect(ids[0]).toBe(ids[1]);
  });

  test('a server that is not there loses no mail', async () => {
    await set({ port: 1 });
    await queue();
    await sendDueMail(place.app, tenure);
    expect((await outbox())[0]).toMatchObject({
      state: 'due',
      tries: 1,
      problem: expect.stringMatching(/^The mail server does not answer \(/),
    });
    await set();
    place.place.clock.at += 61_000;
    await sendDueMail(place.app, tenure);
    expect(smtp.taken).toHaveLength(1);
  });

  test('of two who send at once one takes a mail, and one that was stopped with it leaves it to people', async () => {
    await queue();
    const claims = await Promise.all([claimMail(place.store), claimMail(place.store)]);
    expect(claims.filter((mail) => mail !== null)).toHaveLength(1);
    await failStranded(place.store, 'stopped');
    expect((await outbox())[0]).toMatchObject({ state: 'failed', problem: 'stopped' });
  });

  test('a sender who was given up sends nothing a second time', async () => {
    await set();
    await queue();
    const lost = await claimMail(place.store);
    await failStranded(place.store, 'stopped');
    place.place.clock.at += 1_000;
    const [mail] = await outbox();
    await place.ask(admin, `/api/mail/${mail?.id}/retry`, {});
    const again = await claimMail(place.store);
    const refused = { kind: 'refused', problem: 'later', final: false } as const;
    await settleMail(place.store, lost as Mail, refused);
    expect((await outbox())[0]?.state).toBe('sending');
    await settleMail(place.store, again as Mail, { kind: 'sent' });
    place.place.clock.at += 24 * 3_600_000;
    await sendDueMail(place.app, tenure);
    expect(smtp.taken).toEqual([]);
    expect((await outbox())[0]?.state).toBe('sent');
  });

  test('that a mail was sent counts also when it is heard late', async () => {
    await queue();
    const lost = await claimMail(place.store);
    await failStranded(place.store, 'stopped');
    await settleMail(place.store, lost as Mail, { kind: 'sent' });
    expect((await outbox())[0]).toMatchObject({ state: 'sent', problem: null });
  });

  test('a mail whose end could not be written down does not stay under way', async () => {
    await queue();
    await claimMail(place.store);
    await sendDueMail(place.app, tenure);
    expect((await outbox())[0]).toMatchObject({ state: 'failed', tries: 1 });
  });

  test('without a server mails wait, and an administrator can read them', async () => {
    await queue();
    await sendDueMail(place.app, tenure);
    const [mail] = await outbox();
    expect(mail).toMatchObject({ state: 'due', dueAt: null });
    expect(mail?.text).toContain('new-password#secret');
  });
});

describe('the settings', () => {
  test('the password is kept sealed, told to nobody, and stays when it is left out', async () => {
    await set({ user: 'muster', password: 'Kirschbaum7' });
    const seen = (await place.ask(admin, '/api/mail/settings')).body;
    expect(seen).toMatchObject({ hasPassword: true, settings: { user: 'muster' } });
    expect(JSON.stringify(seen)).not.toContain('Kirschbaum7');
    await set({ user: 'muster', port: 2525 });
    expect((await place.ask(admin, '/api/mail/settings')).body).toMatchObject({
      hasPassword: true,
      settings: { port: 2525 },
    });
    const rows = await place.store.engine.read.selectFrom('setting').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain('Kirschbaum7');
  });

  test('the password that is kept goes to no other server, and not in the clear', async () => {
    const has = async () => (await place.ask(admin, '/api/mail/settings')).body.hasPassword;
    const server = { host: 'mail.one.example', user: 'muster', security: 'starttls' } as const;
    for (const other of [{ host: 'mail.evil.example' }, { security: 'none' } as const]) {
      await set({ ...server, password: 'Kirschbaum7' });
      await set({ ...server, port: 2525 });
      expect(await has()).toBe(true);
      await set({ ...server, ...other });
      expect(await has(), JSON.stringify(other)).toBe(false);
    }
  });

  test('as schema version 3 kept them they are read, and sealed as a whole once they are set again', async () => {
    const { store } = place;
    const { engine, organisation, vault } = store;
    const sealed = Buffer.from(vault.sealOwn('setting/mail', 'Kirschbaum7')).toString('base64');
    const kept = { host: 'mail.old.example', port: 465, security: 'tls', user: 'muster' };
    await commit(store, ({ tx }) => {
      const value = JSON.stringify({ ...kept, from: 'muster@old.example', sealed });
      const row = { organisation, setting: 'mail', value };
      return engine.upsertMany(tx, 'setting', ['organisation', 'setting'], [row]);
    });
    expect(await loadMailServer(store)).toMatchObject({ ...kept, password: 'Kirschbaum7' });
    await set({ user: 'muster', host: kept.host, security: 'tls' });
    expect((await loadMailServer(store))?.password).toBe('Kirschbaum7');
    const rows = await engine.read.selectFrom('setting').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain('muster@');
  });

  test('a sender that is no address is refused; an empty host takes the server away', async () => {
    expect((await set({ from: 'nobody' })).status).toBe(422);
    await set();
    await set({ host: '' });
    expect((await place.ask(admin, '/api/mail/settings')).body.settings).toBeNull();
  });

  test('are for administrators alone', async () => {
    const host = await place.addPerson('Hana Host', 'host');
    for (const path of ['/api/mail', '/api/mail/settings']) {
      expect((await place.ask(host, path)).status).toBe(403);
      expect((await place.ask(null, path)).status).toBe(401);
    }
    expect((await place.ask(host, '/api/mail/settings', settings())).status).toBe(403);
  });
});
