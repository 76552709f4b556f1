import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { type Reply, Visitor } from '../visitor.ts';

/** A visitor whose connections come from an address of its own. */
export class VisitorFrom extends Visitor {
  readonly #address: string;
  /** Every cookie as it was set. */
  readonly setCookies: string[] = [];

  constructor(address: string, origin: string) {
    super(origin);
    this.#address = address;
  }

  override async send<T>(method: string, path: string, body?: string): Promise<Reply<T>> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request(this.origin + path, {
        method,
        localAddress: this.#address,
        agent: false,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(cookie ? { cookie } : {}),
          ...this.headers,
        },
      });
      asked.on('response', resolve);
      asked.on('error', reject);
      asked.end(body);
    });
    for (const set of response.headers['set-cookie'] ?? []) {
      this.setCookies.push(set);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.cookies.set(name, value);
    }
    const said = await text(response);
    const isJson = response.headers['content-type']?.includes('json');
    const value = (isJson ? JSON.parse(said) : said) as T;
    const headers = new Headers();
    for (const [name, one] of Object.entries(response.headers)) headers.set(name, String(one));
    return { status: response.statusCode ?? 0, headers, value, problem: value as never };
  }
}
