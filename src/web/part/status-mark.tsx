import type { JSX } from 'preact';
import type { Status } from '../../core/status.ts';
import { text } from '../message/text.ts';
import './status-mark.css';

/** What can stand beside a name: a status, something not yet certain, or nothing. */
export type Mark = Status | 'pending' | 'conflict' | 'none';

const shapes: Record<Mark, JSX.Element> = {
  present: <circle cx="8" cy="8" r="6.5" fill="currentColor" />,
  late: (
    <>
      <circle cx="8" cy="8" r="5.75" class="mark-outline" />
      <path d="M8 2.25a5.75 5.75 0 0 0 0 11.5z" fill="currentColor" />
    </>
  ),
  absent: <circle cx="8" cy="8" r="5.75" class="mark-outline" />,
  excused: <rect x="2.5" y="2.5" width="11" height="11" class="mark-outline" />,
  pending: <circle cx="8" cy="8" r="5.75" class="mark-outline" stroke-dasharray="1.8 2.2" />,
  conflict: <path d="M8 2 14.5 13.5h-13z" class="mark-outline" />,
  none: <path d="M4.5 8h7" class="mark-outline" />,
};

const letters: Record<Mark, string> = {
  present: 'P',
  late: 'L',
  absent: 'A',
  excused: 'E',
  pending: '·',
  conflict: '!',
  none: '',
};

export interface StatusMarkProps {
  readonly mark: Mark;
  /** Shape with the word, with the letter, or by itself; the word is always there for a screen reader. */
  readonly show?: 'word' | 'letter' | 'shape';
  /** Replaces the word, such as "Late, 7 min". */
  readonly label?: string | undefined;
}

/** A status as shape, letter and word together: colour only adds. */
export function StatusMark({ mark, show = 'word', label }: StatusMarkProps) {
  const word = label ?? text(`status.${mark}`);
  return (
    <span class={`mark mark-${mark}`} title={show === 'word' ? undefined : word}>
      <svg viewBox="0 0 16 16" class="mark-shape" aria-hidden="true">
        {shapes[mark]}
      </svg>
      {show === 'letter' && (
        <span class="mark-letter" aria-hidden="true">
          {letters[mark]}
        </span>
      )}
      <span class={show === 'word' ? 'mark-word' : 'unseen'}>{word}</span>
    </span>
  );
}
