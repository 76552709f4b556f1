import { useEffect, useRef } from 'preact/hooks';
import { loadPersonHistory } from '../../client/people.ts';
import { eventWord } from '../../core/event-word.ts';
import type { OwnField, PersonView } from '../../core/people.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import '../part/list.css';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { fieldLabel } from './field-label.ts';

/** What was done to the person's data, newest first: when, by whom, and what became other than it was. */
export function History(props: { person: PersonView; fields: readonly OwnField[] }) {
  const { person: id } = props.person;
  const history = useLoaded(() => loadPersonHistory(send, id), `history ${id}`);
  const shown = useRef(props.person);
  useEffect(() => {
    if (shown.current === props.person) return;
    // the person was asked for again: something was done
    shown.current = props.person;
    void history.reload();
  }, [props.person]);
  return (
    <Loaded of={history}>
      {({ events }) =>
        events.length === 0 ? (
          <p class="quiet">{text('people.history-none')}</p>
        ) : (
          <ol class="plain-list">
            {events.map((event) => (
              <li key={event.id}>
                <time>{momentText(event.at)}</time> {eventWord(event.type)}
                {event.group && ` (${event.group.name})`}{' '}
                <span class="quiet small">
                  {text('people.history-by', { actor: event.actor.name || event.actor.id })}
                  {event.reason && ` · ${event.reason}`}
                </span>
                {event.changes.map(({ field, before, after }) => (
                  <div key={field} class="small">
                    {text('people.history-change', {
                      field: fieldLabel(field, props.fields),
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
