import type { PersonView } from '../../core/people.wire.ts';
import { text } from '../message/text.ts';
import { dateText, rateText } from '../message/when.ts';
import '../part/list.css';

/** Groups of a person, since when, and the rate in each; linked for whoever may open them. */
export function PersonGroups(props: { groups: PersonView['groups']; linked: boolean }) {
  if (props.groups.length === 0) return <p class="quiet">{text('people.no-groups')}</p>;
  return (
    <ul class="plain-list">
      {props.groups.map(({ id, name, from, until, rate }) => (
        <li key={id}>
          {props.linked ? <a href={`/app/groups/${id}`}>{name}</a> : name}{' '}
          <span class="quiet">
            {until
              ? text('people.from-until', { from: dateText(from), until: dateText(until) })
              : text('people.since', { date: dateText(from) })}
            {rate.counted > 0 && ` · ${rateText(rate.rate)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
