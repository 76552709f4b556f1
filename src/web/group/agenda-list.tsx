import type { SessionLine } from '../../core/session.wire.ts';
import { dateText, timeText } from '../message/when.ts';
import { cameText } from '../session/session-table.tsx';
import { StateWord } from '../session/state-word.tsx';
import { titleOf } from '../session/title.ts';

/** Sessions of the day as lines that lead to their boards. */
export function AgendaList({ lines }: { lines: readonly SessionLine[] }) {
  return (
    <ul class="agenda">
      {lines.map((line) => (
        <li key={line.id}>
          <a class="agenda-line" href={`/app/sessions/${line.id}`}>
            <span class="agenda-time">
              {line.endsAt === null
                ? timeText(line.startsAt)
                : `${timeText(line.startsAt)}–${timeText(line.endsAt)}`}
              {line.state === 'planned' && <span class="quiet small"> {dateText(line.date)}</span>}
            </span>
            <span class="agenda-name">
              {titleOf(line)}
              {line.groupName && line.groupName !== titleOf(line) && (
                <span class="quiet small"> · {line.groupName}</span>
              )}
            </span>
            <span class="agenda-came">{cameText(line)}</span>
            <StateWord state={line.state} />
          </a>
        </li>
      ))}
    </ul>
  );
}
