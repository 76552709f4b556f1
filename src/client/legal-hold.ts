import type { LegalHolds } from '../core/legal-hold.wire.ts';
import { queryOf, type Send } from './request.ts';

/** Whose data are kept; with a person only theirs. */
export const listHolds = (send: Send, person?: string) =>
  send<LegalHolds>('GET', `/api/legal-holds${queryOf({ person })}`);

/** Places a legal hold on a person's data, or lifts it. */
export const changeHold = (send: Send, person: string, verb: 'place' | 'lift', reason: string) =>
  send<unknown>('POST', `/api/people/${encodeURIComponent(person)}/legal-hold/${verb}`, { reason });
