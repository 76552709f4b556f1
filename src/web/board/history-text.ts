import type { HistoryLine } from '../../core/session.wire.ts';
import { type Key, text } from '../message/text.ts';
import { statusText } from './name-row.tsx';

type RecordSentence = Extract<Key, `board.event-${string}`>;

/** Types of events that have a sentence of their own. */
const sentences: Readonly<Record<string, RecordSentence>> = {
  'check-in': 'board.event-check-in',
  'check-in.disputed': 'board.event-disputed',
  'check-in.settled': 'board.event-settle',
  mark: 'board.event-mark',
  'mark.undone': 'board.event-undo',
  note: 'board.event-note',
  absence: 'board.event-closing',
  'guest.merged': 'board.event-merge',
  'person.merged': 'board.event-merge',
  'roster.attached': 'board.event-merge',
  'record.imported': 'board.event-import',
};

/** An event in plain words. */
export function eventText({ type, record, note }: HistoryLine): string {
  const standing = record === null ? text('board.event-nothing') : recordText(record);
  const key = sentences[type] ?? 'board.event-other';
  if (key === 'board.event-note') {
    return note ? text(key, { note }) : text('board.event-note-away');
  }
  if (key === 'board.event-mark' && record?.status === null) return text('board.event-unmark');
  if (key === 'board.event-disputed') return text(key);
  return text(key as 'board.event-other', { record: standing });
}

function recordText(record: NonNullable<HistoryLine['record']>): string {
  if (record.status === null && !record.pending) return text('board.event-nothing');
  return statusText({ record }).toLowerCase();
}

/** Who did it; a person is named by the server. */
export function actorText(actor: string): string {
  if (actor === 'phone') return text('board.actor-phone');
  if (actor === 'job') return text('board.actor-job');
  if (actor === 'operator') return text('board.actor-operator');
  return actor;
}
