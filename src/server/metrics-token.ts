import { type Refusal, refuse } from '../core/refusal.ts';
import type { App } from './app.ts';
import { showsBearer } from './operator-token.ts';
import type { Trust } from './trust.ts';

/**
 * May the metrics be read? With the token that the configuration names, or by the operator on the machine itself. A
 * sign-in does not count: what reads them is a program.
 */
export function checkMetricsToken(
  { config, operatorToken }: Pick<App, 'config' | 'operatorToken'>,
  authorization: string | undefined,
  trust: Trust,
): { ok: true } | Refusal {
  const { metricsToken } = config;
  const shown =
    (metricsToken !== null && showsBearer(authorization, metricsToken)) ||
    (trust.loopback && operatorToken.check(authorization));
  return shown ? { ok: true } : refuse('sign-in-needed');
}
