import { loadPersonHistory } from '../../client/people.ts';
import type { OwnField, PersonEvent } from '../../core/people.wire.ts';
import { send } from '../app/send.ts';
import { en } from '../message/en.ts';
import { type PlainKey, text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { Loaded, useLoaded } from '../part/loaded.tsx';

/** What was done to the person's data, newest first: when, by whom, and what became other than it was. */
export function History(props: { person: string; fields: readonly OwnField[] }) {
  const history = useLoaded(() => loadPersonHistory(send, props.person), `history ${props.person}`);
  return (
    <Loaded of={history}>
      {({ events }) =>
        events.length === 0 ? (
          <p class="quiet">{text('people.history-none')}</p>
        ) : (
          <ol class="plain-list">
            {events.map((event) => (
              <li key={event.id}>
                <time>{momentText(event.at)}</time> {wordOf(event)}
                {event.group && ` (${event.group.name})`}{' '}
                <span class="quiet small">
                  {text('people.history-by', { actor: event.actor.name || event.actor.id })}
                  {event.reason && ` · ${event.reason}`}
                </span>
                {event.changes.map(({ field, before, after }) => (
                  <div key={field} class="small">
                    {text('people.history-change', {
                      field: labelOf(field, props.fields),
                      before: before ?? '–',
                      after: after ?? '–',
                    })}
                  </div>
                ))}
              </li>
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}

const isKey = (key: string): key is PlainKey => key in en;

/** An event without a sentence of its own is called by its type. */
function wordOf({ type }: PersonEvent): string {
  const key = `people.event-${type}`;
  return isKey(key) ? text(key) : text('people.event-other', { type });
}

function labelOf(field: string, own: readonly OwnField[]): string {
  const id = field.startsWith('own.') ? field.slice('own.'.length) : null;
  if (id !== null) return own.find((known) => known.id === id)?.name ?? id;
  const key = `people.${field}`;
  return isKey(key) ? text(key) : field;
}
