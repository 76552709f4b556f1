import type { PersonLine } from '../../core/people.wire.ts';
import { text } from '../message/text.ts';
import { dayText } from '../message/when.ts';
import '../part/table.css';

/** People as rows, in the order in which the server found them. */
export function PeopleTable({ rows }: { rows: readonly PersonLine[] }) {
  return (
    <div class="table-frame">
      <div class="table-scroll">
        <table class="table">
          <caption class="unseen">{text('people.title')}</caption>
          <thead>
            <tr>
              <th scope="col">
                <span class="table-sort">{text('people.name')}</span>
              </th>
              <th scope="col">
                <span class="table-sort">{text('people.number')}</span>
              </th>
              <th scope="col" class="away wrap">
                <span class="table-sort">{text('people.email')}</span>
              </th>
              <th scope="col" class="away wrap">
                <span class="table-sort">{text('people.groups')}</span>
              </th>
              <th scope="col" class="away">
                <span class="table-sort">{text('people.department')}</span>
              </th>
              <th scope="col" class="away">
                <span class="table-sort">{text('people.added-at')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.person}>
                <th scope="row" class="wrap">
                  <a href={`/app/people/${row.person}`}>{row.name || text('people.nothing')}</a>
                  <span class="quiet small">{noteOf(row)}</span>
                </th>
                <td>{row.number}</td>
                <td class="away wrap">{row.email}</td>
                <td class="away wrap">{row.groups.map(({ name }) => name).join(', ')}</td>
                <td class="away">{row.department}</td>
                <td class="away">{dayText(row.addedAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function noteOf({ state, roles }: PersonLine): string {
  const words = roles
    .filter((role) => role !== 'attendee')
    .map((role) => text(`hosts.role-${role}`));
  if (state === 'inactive') words.push(text('people.state-inactive'));
  return words.length > 0 ? ` · ${words.join(', ')}` : '';
}
