import type { Me } from '../src/core/account.wire.ts';
import type { Problem } from '../src/core/problem.wire.ts';
import type { TestServer } from './app.ts';

export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came
  readonly body: any;
  readonly code: Problem['code'] | undefined;
  /** `set-cookie` headers as they came. */
  readonly setCookies: readonly string[];
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Address of the proxy that a test server has to trust for `Jar` to come from elsewhere. */
export const proxyAddress = '192.0.2.200';
const proxiedOrigin = 'https://muster.example';

/** A browser that talks to a test server in process and keeps its cookies. */
export class Jar {
  readonly #server: Pick<TestServer<unknown>, 'server'>;
  readonly #address: string | null;
  readonly #userAgent: string;
  readonly cookies = new Map<string, string>();

  /** @param address where the browser is, through a proxy that ends TLS; null: on the machine itself */
  constructor(
    server: Pick<TestServer<unknown>, 'server'>,
    { address = null as string | null, userAgent = 'Firefox/140.0 (Windows)' } = {},
  ) {
    this.#server = server;
    this.#address = address;
    this.#userAgent = userAgent;
  }

  get origin(): string {
    return this.#address === null ? 'http://localhost' : proxiedOrigin;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.#send('GET', path, undefined, headers);
  }

  post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Reply> {
    return this.#send('POST', path, body, headers);
  }

  async #send(
    method: 'GET' | 'POST',
    url: string,
    body: unknown,
    extra: Record<string, string>,
  ): Promise<Reply> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.#server.server.http.inject({
      method,
      url,
      remoteAddress: this.#address === null ? '127.0.0.1' : proxyAddress,
      headers: {
        host: new URL(this.origin).host,
        'user-agent': this.#userAgent,
        ...(this.#address === null
          ? {}
          : { 'x-forwarded-for': this.#address, 'x-forwarded-proto': 'https' }),
        ...(cookie ? { cookie } : {}),
        ...(method === 'POST' ? { origin: this.origin, 'content-type': 'application/json' } : {}),
        ...extra,
      },
      ...(method === 'POST' ? { payload: JSON.stringify(body) } : {}),
    });
    const setCookies = [response.headers['set-cookie'] ?? []].flat();
    for (const line of setCookies) this.#keep(line);
    const parsed = response.body === '' ? null : JSON.parse(response.body);
    return {
      status: response.statusCode,
      body: parsed,
      code: response.statusCode >= 400 ? parsed.code : undefined,
      setCookies,
      headers: response.headers,
    };
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/Max-Age=0(;|$)/.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export const adminPassword = 'three green boats drift';
export const hostPassword = 'seven old trees whisper';

/** What the set-up form sends. */
export const setupForm = (server: Pick<TestServer<unknown>, 'app'>) => ({
  token: server.app.setUpLink.token ?? 'none',
  organisation: 'Hillside School',
  zone: 'Europe/Berlin',
  language: 'en',
  words: 'school',
  name: 'Amara Okafor',
  email: 'amara@hillside.example',
  password: adminPassword,
});

/** Sets the installation up and gives the administrator's browser. */
export async function setUpAdmin(
  server: Pick<TestServer<unknown>, 'app' | 'server'>,
  jar = new Jar(server),
): Promise<Jar> {
  const reply = await jar.post('/api/setup', setupForm(server));
  if (reply.status !== 200) throw new Error(`set-up answered ${JSON.stringify(reply.body)}`);
  return jar;
}

/** Invites somebody through the administrator's browser and lets them accept in a browser of their own. */
export async function inviteAndAccept(
  server: Pick<TestServer<unknown>, 'app' | 'server'>,
  admin: Jar,
  invited: { name: string; email: string; role?: 'admin' | 'host'; groups?: readonly string[] },
  jar = new Jar(server),
): Promise<{ jar: Jar; me: Me }> {
  const { role = 'host', groups = [], ...rest } = invited;
  const { body } = await admin.post('/api/invitations', { ...rest, role, groups });
  const token = tokenOf(body.link);
  const reply = await jar.post('/api/invitation/accept', {
    ...rest,
    token,
    password: hostPassword,
  });
  if (reply.status !== 200) throw new Error(`accepting answered ${JSON.stringify(reply.body)}`);
  return { jar, me: reply.body as Me };
}

/** The token in a link, which stands after the `#`. */
export const tokenOf = (link: string): string => new URL(link).hash.slice(1);

/** The administrator of `setupForm`. */
export const adminEmail = 'amara@hillside.example';

export const signIn = (jar: Jar, password: string, login = adminEmail): Promise<Reply> =>
  jar.post('/api/sign-in', { login, password });

/** The same at once, so many times. */
export const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
