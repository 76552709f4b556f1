import { randomUUID } from 'node:crypto';
import type { Opening, Receipt } from '../src/core/check-in.wire.ts';
import type { Problem } from '../src/core/problem.wire.ts';

/** What came back: the body as JSON where it is JSON, else as text. */
export interface Reply<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly value: T;
  readonly problem: Problem;
}

/** Somebody with a cookie jar who speaks HTTP to the server: a browser without its pages. */
export class Visitor {
  readonly origin: string;
  readonly cookies = new Map<string, string>();
  /** Sent with every request, such as a foreign Origin. */
  readonly headers: Record<string, string> = {};
  /** After so many milliseconds without an answer a request counts as failed; null: it waits. */
  patienceMs: number | null = null;

  constructor(origin: string) {
    this.origin = origin;
  }

  get<T = unknown>(path: string): Promise<Reply<T>> {
    return this.send<T>('GET', path);
  }

  post<T = unknown>(path: string, body: unknown = {}): Promise<Reply<T>> {
    return this.send<T>('POST', path, JSON.stringify(body));
  }

  async send<T>(method: string, path: string, body?: string): Promise<Reply<T>> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.origin + path, {
      method,
      redirect: 'manual',
      signal: this.patienceMs === null ? null : AbortSignal.timeout(this.patienceMs),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookie ? { cookie } : {}),
        ...this.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (set.split(';', 1)[0] ?? '').split('=');
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    const value = (json ? JSON.parse(text) : text) as T;
    return { status: response.status, headers: response.headers, value, problem: value as Problem };
  }

  /** A new attempt id of the shape that phones make. */
  static attempt(ticket = ''): string {
    return `${ticket.slice(0, 20)}-${randomUUID()}`;
  }

  /** Opens a scanned link as a phone does. */
  async scan(token: string): Promise<Reply<string> & { opening: Opening }> {
    const reply = await this.get<string>(`/${token}`);
    const block = /id="opening">(.*?)<\/script>/s.exec(reply.value)?.[1] ?? '{}';
    const page = JSON.parse(block) as { opening?: Opening; code?: string };
    return { ...reply, opening: (page.opening ?? page) as Opening };
  }

  /** Scans and checks in, in one go. */
  async checkIn(
    token: string,
    number: string,
    name?: string,
    attempt?: string,
  ): Promise<Reply<Receipt>> {
    const { opening } = await this.scan(token);
    return this.submit(opening, number, name, attempt);
  }

  submit(
    opening: Opening,
    number: string,
    name?: string,
    attempt?: string,
  ): Promise<Reply<Receipt>> {
    const { ticket } = opening;
    return this.post<Receipt>('/api/check-in', {
      attempt: attempt ?? Visitor.attempt(ticket),
      ticket,
      number,
      ...(name === undefined ? {} : { name }),
    });
  }
}
