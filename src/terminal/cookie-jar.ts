/** The cookies of one server, in memory only: they are gone with the process. */
export class CookieJar {
  readonly #values = new Map<string, string>();

  /** Takes over what an answer sets. */
  take(setCookies: readonly string[]): void {
    for (const line of setCookies) {
      const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /;\s*max-age=0\b/i.test(line)) this.#values.delete(name);
      else this.#values.set(name, value);
    }
  }

  /** The header to send; empty where there is none. */
  get header(): string {
    return [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}
