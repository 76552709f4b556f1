import type { AuditPage } from '../core/audit.wire.ts';
import { queryOf, type Send } from './request.ts';

export interface AuditFilter {
  readonly from?: string;
  readonly until?: string;
  readonly actor?: string;
  readonly subject?: string;
  readonly kind?: string;
  readonly stream?: string;
}

/** What happened, newest first, a page of it. */
export const listAudit = (send: Send, filter: AuditFilter, cursor?: string) =>
  send<AuditPage>('GET', `/api/audit${queryOf({ ...filter, ...(cursor ? { cursor } : {}) })}`);

/** What the filters show, as a file. */
export const auditFileUrl = (filter: AuditFilter, format: 'csv' | 'json'): string =>
  `/api/audit/export${queryOf({ format, ...filter })}`;
