import type { Tally } from '../../core/rate.ts';
import { text } from '../message/text.ts';
import { StatusMark } from '../part/status-mark.tsx';
import './counts.css';

const marks = ['present', 'late', 'missing', 'absent', 'excused', 'pending'] as const;

/** How many stand where: figure, shape and word. What is always there is present, late and missing. */
export function Counts({ tally }: { tally: Tally }) {
  return (
    <ul class="counts" aria-label={text('board.counts')}>
      {marks.map((mark) => (
        <li key={mark} class={tally[mark] === 0 ? 'count-zero' : undefined}>
          <span class="count-figure" key={tally[mark]}>
            {tally[mark]}
          </span>
          {mark === 'missing' ? (
            <StatusMark mark="none" label={text('board.missing')} />
          ) : (
            <StatusMark mark={mark} />
          )}
        </li>
      ))}
    </ul>
  );
}
