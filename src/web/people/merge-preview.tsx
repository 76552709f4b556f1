import type { MergeResult, OwnField } from '../../core/people.wire.ts';
import { text } from '../message/text.ts';
import { dateText } from '../message/when.ts';
import { fieldLabel } from './field-label.ts';
import './merge-preview.css';

/** What a merge does: every field as it is and as it will be, what moves, which marks stand, and what ends. */
export function MergePreview(props: { of: MergeResult; fields: readonly OwnField[] }) {
  const { from, into, fields, groups, records, conflicts, ...ends } = props.of;
  return (
    <>
      <p>{text('people.merge-into', { from: nameOf(from), into: nameOf(into) })}</p>
      <table class="merge-fields">
        <caption class="unseen">{text('people.merge-fields')}</caption>
        <thead>
          <tr>
            {(['field', 'goes', 'stays', 'then'] as const).map((column) => (
              <th key={column} scope="col">
                {text(`people.merge-${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fields.map(({ field, ...stands }) => (
            <tr key={field}>
              <th scope="row">{fieldLabel(field, props.fields)}</th>
              <td>{stands.from ?? '–'}</td>
              <td>{stands.into ?? '–'}</td>
              <td>{stands.result ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul>
        {groups.length > 0 && (
          <li>
            {text('people.merge-groups', { names: groups.map(({ name }) => name).join(', ') })}
          </li>
        )}
        {records > 0 && <li>{text('people.merge-records', { count: records })}</li>}
        {conflicts.length > 0 && (
          <li>
            {text('people.merge-conflicts', { count: conflicts.length })}
            <ul>
              {conflicts.map(({ session, title, date, ...marks }) => (
                <li key={session}>
                  {text('people.merge-conflict', {
                    session: [dateText(date), title].filter(Boolean).join(' '),
                    from: text(`status.${marks.from ?? 'none'}`),
                    into: text(`status.${marks.into ?? 'none'}`),
                    result: text(`status.${marks.result ?? 'none'}`),
                  })}
                </li>
              ))}
            </ul>
          </li>
        )}
        {ends.retiresNumber && (
          <li>{text('people.merge-number', { number: from.number ?? '' })}</li>
        )}
        {ends.endsAccount && <li>{text('people.merge-account', { name: nameOf(from) })}</li>}
      </ul>
    </>
  );
}

/** Two who are one often have one name: the number tells them apart. */
const nameOf = ({ name, number }: MergeResult['from']): string =>
  number ? `${name} (${number})` : name;
