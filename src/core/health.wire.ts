/** GET /readyz: whether requests should come here, and each check by its name: `ok`, or why not in plain words. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}
