import { useState } from 'preact/hooks';
import { loadHistory } from '../../client/session.ts';
import type { BoardPerson } from '../../core/session.wire.ts';
import { send } from '../app/send.ts';
import { destroyedText } from '../message/destroyed-text.ts';
import { text } from '../message/text.ts';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { useBoard, useBoardState } from './board-context.ts';
import { clockSeconds } from './clock-text.ts';
import { actorText, eventText } from './history-text.ts';

/** The events behind a person's record, newest first, asked for when it is opened. */
export function HistoryList({ person }: { person: BoardPerson }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="merge" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text('board.history')}</summary>
      {open && <Lines person={person} />}
    </details>
  );
}

function Lines({ person }: { person: BoardPerson }) {
  const { id } = useBoard();
  const { session } = useBoardState();
  const lines = useLoaded(
    () => loadHistory(send, id, person.id),
    `history ${person.id} ${person.seq}`,
  );
  return (
    <Loaded of={lines} lines={2}>
      {(list) => {
        if (list.length === 0) return <p class="quiet">{text('board.history-empty')}</p>;
        const newestFirst = list.toSorted((left, right) => right.seq - left.seq);
        return (
          <ol class="history" reversed>
            {newestFirst.map((line) => (
              <li key={line.seq}>
                <time>{clockSeconds(line.at, session.zone)}</time>
                <div>
                  {eventText(line)}
                  {line.destroyed && <div class="small quiet">{destroyedText(line.destroyed)}</div>}
                  <div class="small quiet">
                    {text('board.history-by', { actor: actorText(line.actor) })}
                    {Math.abs(line.receivedAt - line.at) > 2_000 &&
                      ` · ${text('board.history-received', { time: clockSeconds(line.receivedAt, session.zone) })}`}
                    {' · '}
                    <span title={line.hash}>
                      {text('board.history-proof', { hash: line.hash.slice(0, 10) })}
                    </span>
                  </div>
                </div>
              </li>
            ))}
          </ol>
        );
      }}
    </Loaded>
  );
}
