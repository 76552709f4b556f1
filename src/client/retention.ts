import type { RetentionRules } from '../core/retention.ts';
import type { RetentionView, RunAnswer } from '../core/retention.wire.ts';
import type { Send } from './request.ts';

/** How long data are kept, and what the next run destroys. */
export const loadRetention = (send: Send) => send<RetentionView>('GET', '/api/retention');

/** The same for rules that are not saved yet. */
export const previewRetention = (send: Send, rules: RetentionRules) =>
  send<RetentionView>('POST', '/api/retention/preview', { rules });

/** @param confirmed whether somebody has seen what more will go */
export const saveRetention = (send: Send, rules: RetentionRules, confirmed: boolean) =>
  send<unknown>('POST', '/api/retention', { rules, confirmed });

/** Destroys at once what is too old; what takes long goes on behind the answer. */
export const runRetention = (send: Send) =>
  send<RunAnswer>('POST', '/api/retention/run', { confirmed: true });
