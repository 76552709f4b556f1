import type {
  DayFileResult,
  RosterApplied,
  RosterField,
  RosterPreview,
} from '../core/roster.wire.ts';
import type { Send } from './request.ts';

/** Text of a file or of a paste, and how to read it. */
export interface RosterText {
  readonly text: string;
  readonly columns?: Partial<Record<RosterField, number>>;
  readonly header?: boolean;
  readonly from?: string;
}

export interface DayFile {
  readonly name: string;
  readonly text: string;
}

/** What an import would do; changes nothing. */
export const previewRoster = (send: Send, group: string, roster: RosterText) =>
  send<RosterPreview>('POST', `/api/groups/${group}/roster/preview`, roster);

/** Imports the rows that are right; repeating it changes nothing. */
export const applyRoster = (send: Send, group: string, roster: RosterText) =>
  send<RosterApplied>('POST', `/api/groups/${group}/roster/apply`, roster);

/** Brings in day files of earlier years; without `apply` only says what would happen. */
export const importDayFiles = (
  send: Send,
  body: { group: string; files: readonly DayFile[]; apply: boolean },
) => send<DayFileResult>('POST', '/api/day-files', body);
