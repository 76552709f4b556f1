// biome-ignore-all lint/a11y/useSemanticElements: rows stand where the scrolled window is, which a table cannot do
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
import { Component } from 'preact';
import type { BoardPerson } from '../../core/session.wire.ts';
import { type Status, statuses } from '../../core/status.ts';
import { may } from '../app/me.ts';
import { text } from '../message/text.ts';
import { type Mark, StatusMark } from '../part/status-mark.tsx';
import { clockText } from './clock-text.ts';

export interface NameRowProps {
  readonly person: BoardPerson;
  readonly zone: string;
  readonly index: number;
  readonly top: number;
  readonly current: boolean;
  readonly unsynced: boolean;
  readonly arrived: boolean;
  readonly onMark: (id: string, status: Status | null) => void;
  readonly onOpen: (id: string) => void;
}

const letters: Readonly<Record<Status, string>> = {
  present: 'P',
  late: 'L',
  absent: 'A',
  excused: 'E',
};

/** Which glyph stands beside a name. */
export function markOf({ record }: Pick<BoardPerson, 'record'>): Mark {
  return record.pending ? 'conflict' : (record.status ?? 'none');
}

/** The status in words, with the minutes where somebody was late. */
export function statusText({ record }: Pick<BoardPerson, 'record'>): string {
  if (!record.pending && record.status === 'late' && record.minutesLate > 0) {
    return text('board.minutes-late', { minutes: record.minutesLate });
  }
  return text(`status.${markOf({ record })}`);
}

export const rowId = (person: string): string => `row-${person}`;

/** One name of the list. Redrawn only when something about it has changed. */
export class NameRow extends Component<NameRowProps> {
  override shouldComponentUpdate(next: NameRowProps): boolean {
    const now = this.props;
    return (Object.keys(next) as (keyof NameRowProps)[]).some((key) => next[key] !== now[key]);
  }

  override render({ person, zone, index, top, current, ...rest }: NameRowProps) {
    const { unsynced, arrived, onMark, onOpen } = rest;
    const { id, name, number, record, note, guest } = person;
    return (
      <div
        role="row"
        id={rowId(id)}
        aria-rowindex={index + 1}
        aria-selected={current}
        class={`name-row ${current ? 'name-current' : ''} ${arrived ? 'name-arrived' : ''}`}
        style={{ transform: `translateY(${top}px)` }}
        data-person={id}
      >
        <div class="name-slide">
          <span role="gridcell" class="name-mark">
            <StatusMark mark={markOf(person)} show="letter" label={statusText(person)} />
          </span>
          <span role="gridcell" class="name-who">
            <button
              type="button"
              tabIndex={-1}
              class="name-button"
              aria-label={text('board.more-of', { name: name || number })}
              onClick={() => onOpen(id)}
            >
              <bdi>{name || number}</bdi>
            </button>
            <span class="name-sub">
              <bdi class="name-number">{number}</bdi>
              {guest && <span class="name-guest">{text('board.guest')}</span>}
              {note && <span class="name-note">{note}</span>}
            </span>
          </span>
          <span role="gridcell" class="name-when">
            <span class="name-status">{statusText(person)}</span>
            <span class="name-sub">
              {unsynced ? (
                <StatusMark mark="pending" label={text('board.not-saved')} />
              ) : (
                record.at !== null &&
                `${clockText(record.at, zone)} · ${record.how ? text(`board.how-${record.how}`) : ''}`
              )}
            </span>
          </span>
          <span role="gridcell" class="name-marks">
            {(may('session.mark') ? statuses : []).map((status) => (
              <button
                key={status}
                type="button"
                tabIndex={-1}
                class={`mark-button mark-${status}`}
                aria-pressed={record.status === status && !record.pending}
                aria-label={text('board.mark-as', { name, status: text(`status.${status}`) })}
                title={text(`status.${status}`)}
                onClick={() => onMark(id, status)}
              >
                {letters[status]}
              </button>
            ))}
          </span>
        </div>
      </div>
    );
  }
}
