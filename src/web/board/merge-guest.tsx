import { useState } from 'preact/hooks';
import { mergeGuest } from '../../client/session.ts';
import type { BoardPerson } from '../../core/session.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { StatusMark } from '../part/status-mark.tsx';
import { useBoard, useDeed } from './board-context.ts';
import { likelyPeople } from './list.ts';
import { markOf, statusText } from './name-row.tsx';
import './choices.css';

const offered = 6;

/** A guest turns out to be enrolled: one touch on the likely name makes one person of the two. */
export function MergeGuest({ guest, onDone }: { guest: BoardPerson; onDone: () => void }) {
  const { id, desk } = useBoard();
  const [query, setQuery] = useState('');
  const deed = useDeed();
  const people = desk.people.value;
  if (![...people.values()].some((person) => !person.guest)) return null;
  const likely = likelyPeople(people, guest, query).slice(0, offered);
  const merge = async (person: BoardPerson) => {
    const said = text('board.merged', { guest: guest.name || guest.number, name: person.name });
    const answer = await mergeGuest(send, id, guest.id, person.id);
    const done = await deed(
      Promise.resolve(answer.ok ? { ok: true as const, value: true } : answer),
      said,
    );
    if (done) onDone();
  };
  return (
    <details class="merge">
      <summary>{text('board.merge')}</summary>
      <div class="stack tight">
        <p class="quiet small">{text('board.merge-hint')}</p>
        <input
          class="input"
          type="search"
          aria-label={text('board.merge-search')}
          placeholder={text('board.merge-search')}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <ul class="choices">
          {likely.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                class="choice"
                aria-label={text('board.merge-into', { name: person.name })}
                onClick={() => void merge(person)}
              >
                <span>
                  <bdi>{person.name}</bdi> <bdi class="quiet">{person.number}</bdi>
                </span>
                <StatusMark mark={markOf(person)} label={statusText(person)} />
              </button>
            </li>
          ))}
        </ul>
        {likely.length === 0 && <p class="quiet">{text('board.merge-none')}</p>}
      </div>
    </details>
  );
}
