import type { MergeResult } from '../../core/people.wire.ts';
import { text } from '../message/text.ts';
import { dateText } from '../message/when.ts';

/** What a merge does besides the fields: what moves, which marks stand, and what ends. */
export function MergeEffects(props: { of: MergeResult; take: ReadonlySet<string> }) {
  const { from, into, groups, records, conflicts, endsAccount } = props.of;
  const number = props.take.has('number') || into.number === null ? from.number : into.number;
  const retired = [from.number, into.number].filter((one) => one !== null && one !== number);
  return (
    <ul class="merge-effects">
      {groups.length > 0 && (
        <li>{text('people.merge-groups', { names: groups.map(({ name }) => name).join(', ') })}</li>
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
      {retired.map((one) => (
        <li key={one}>{text('people.merge-number', { number: one ?? '' })}</li>
      ))}
      {endsAccount && <li>{text('people.merge-account', { name: nameInMerge(from) })}</li>}
    </ul>
  );
}

/** Two who are one often have one name: the number tells them apart. */
export const nameInMerge = ({ name, number }: MergeResult['from']): string =>
  number ? `${name} (${number})` : name;
