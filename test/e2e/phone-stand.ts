// A server that answers the phone page as it is told to, in place of the real one.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckInRequest, Opening, Receipt } from '../../src/core/check-in.wire.ts';
import type { PhonePage } from '../../src/core/phone-page.wire.ts';
import type { RefusalCode, RefusalDetail } from '../../src/core/refusal.ts';
import { buildBundle } from '../../src/server/bundle-build.ts';
import { loadPhonePage, type PhonePageRenderer } from '../../src/server/phone-page.ts';

export type Reply =
  | { readonly status: number; readonly body: unknown; readonly retryAfter?: number }
  /** The connection breaks without an answer. */
  | 'drop'
  /** The connection stays open without an answer. */
  | 'silence';

export const organisation = 'Hillside School';
export const opening: Opening = {
  ticket: 'TICKET.1',
  session: 'Algebra I, group B',
  asksName: false,
  ticketMs: 120_000,
};

export function formPage(changes: Partial<Opening> = {}): PhonePage {
  return {
    organisation,
    mode: 'form',
    opening: { ...opening, ...changes },
    browserKnown: true,
  };
}

export function receipt(changes: Partial<Receipt> = {}): Receipt {
  return {
    attempt: 'attempt-of-the-stand',
    status: 'present',
    already: false,
    session: opening.session,
    number: '0042A',
    minutesLate: 0,
    time: '09:02',
    day: 'Monday, 23 November 2026',
    zone: 'Europe/Berlin',
    mark: 'K7Q2',
    proof: '3fa9c01b2e',
    ...changes,
  };
}

export function accepted(changes: Partial<Receipt> = {}): Reply {
  return { status: 200, body: receipt(changes) };
}

export function refusal(code: RefusalCode, status: number, detail?: RefusalDetail): Reply {
  return { status, body: { type: 'urn:x', title: 'x', status, code, requestId: 'r', detail } };
}

/** `page` is what the next opening of a link shows; replies are used up in turn, the last one stays. */
export class PhoneStand {
  page: PhonePage = formPage();
  checkIns: Reply[] = [accepted()];
  looks: Reply[] = [];
  typedCodes: Reply[] = [];
  readonly sent: CheckInRequest[] = [];
  readonly sentAt: number[] = [];
  readonly paths: string[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #folder = mkdtempSync(join(tmpdir(), 'muster-stand-'));
  #renderer: PhonePageRenderer | undefined;

  /** Builds the page and listens. @returns the origin. */
  async start(): Promise<string> {
    await buildBundle(join(import.meta.dirname, '../..'), this.#folder, ['phone']);
    this.#renderer = loadPhonePage(this.#folder);
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  reset(): void {
    this.page = formPage();
    this.checkIns = [accepted()];
    this.looks = [];
    this.typedCodes = [];
    for (const log of [this.sent, this.sentAt, this.paths]) log.length = 0;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    this.paths.push(path);
    // on a connection that was used before, a browser would repeat a dropped request by itself
    response.setHeader('connection', 'close');
    let text = '';
    for await (const chunk of request) text += String(chunk);
    if (path === '/api/check-in') {
      this.sent.push(JSON.parse(text) as CheckInRequest);
      this.sentAt.push(performance.now());
      this.#reply(response, this.checkIns);
    } else if (path === '/api/typed-code') this.#reply(response, this.typedCodes);
    else if (path.startsWith('/api/check-in/')) this.#reply(response, this.looks);
    else {
      const { html, csp } = this.#renderer?.render(this.page) ?? { html: '', csp: '' };
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.setHeader('content-security-policy', csp);
      response.end(html);
    }
  }

  #reply(response: ServerResponse, replies: Reply[]): void {
    const reply = (replies.length > 1 ? replies.shift() : replies[0]) ?? refusal('not-found', 404);
    if (reply === 'drop') response.socket?.destroy();
    else if (reply !== 'silence') {
      if (reply.retryAfter) response.setHeader('retry-after', reply.retryAfter);
      response.setHeader('content-type', 'application/json');
      response.writeHead(reply.status).end(JSON.stringify(reply.body));
    }
  }
}
