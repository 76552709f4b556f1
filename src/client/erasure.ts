import type { ErasureCertificate, ErasurePage } from '../core/erasure.wire.ts';
import { queryOf, type Send } from './request.ts';

export const erasePerson = (
  send: Send,
  person: string,
  request: { name: string; reason?: string },
) => send<ErasureCertificate>('POST', `/api/people/${encodeURIComponent(person)}/erase`, request);

/** What was erased, a page of it. */
export const listErasures = (send: Send, cursor?: string) =>
  send<ErasurePage>('GET', `/api/erasures${queryOf({ cursor })}`);

export const loadErasure = (send: Send, number: string) =>
  send<ErasureCertificate>('GET', `/api/erasures/${encodeURIComponent(number)}`);
