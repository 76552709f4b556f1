import type { OwnField, ShownPerson } from '../../core/people.wire.ts';
import { text } from '../message/text.ts';
import { dateText, dayText } from '../message/when.ts';
import './person.css';

/** What is kept of a person; what was never given is left out. */
export function PersonFacts(props: { person: ShownPerson; fields: readonly OwnField[] }) {
  const { person, fields } = props;
  const rows: [string, string | null][] = [
    [text('people.number'), person.number],
    [text('people.email'), person.email],
    [text('people.contact'), person.contact],
    [text('people.address'), person.address],
    [text('people.birthDate'), person.birthDate && dateText(person.birthDate)],
    [text('people.job'), person.job],
    [text('people.department'), person.department],
    ...fields.map(({ id, name }): [string, string | null] => [name, person.own[id] ?? null]),
    [text('people.added-at'), dayText(person.addedAt)],
  ];
  const given = rows.filter(([, value]) => value);
  return (
    <dl class="person-facts">
      {given.map(([label, value]) => (
        <div key={label}>
          <dt class="quiet small">{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
