import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { Section } from '../part/page.tsx';
import { Notice } from '../part/problem-note.tsx';
import { type Column, Table } from '../part/table.tsx';
import type { ListLook, ListRow } from './list.ts';
import { ListTally } from './list-tally.tsx';
import { rowProblemText } from './row-problem.ts';

/** What an import would do, row by row, and the button that does it. */
export function ListPreview(props: {
  look: ListLook;
  busy: boolean;
  /** Said where every row is as before. */
  nothing: string;
  /** What a field is called, where rows tell what changes. */
  labelOf: (field: string) => string;
  onApply: () => void;
}) {
  const { counts, rows, total } = props.look;
  const { add = 0, enrol = 0, change = 0, same = 0, wrong = 0 } = counts;
  const changing = add + enrol + change;
  return (
    <Section title={text('roster.preview')}>
      <ListTally counts={counts} done={false} />
      {changing > 0 ? (
        <div class="line">
          <Button kind="primary" busy={props.busy} onClick={props.onApply}>
            {text('roster.apply', { count: changing })}
          </Button>
          {wrong > 0 && <span class="quiet">{text('roster.apply-wrong', { wrong })}</span>}
        </div>
      ) : (
        <Notice>{same > 0 ? props.nothing : text('roster.all-wrong')}</Notice>
      )}
      <Table
        id="rows"
        caption={text('roster.preview')}
        columns={previewColumns(props.labelOf)}
        rows={rows}
        keyOf={(row) => String(row.line)}
      />
      {rows.length < total && (
        <p class="quiet small">{text('roster.rows-shown', { count: rows.length, total })}</p>
      )}
    </Section>
  );
}

const previewColumns = (labelOf: (field: string) => string): readonly Column<ListRow>[] => [
  { id: 'line', label: text('roster.line'), align: 'end', cell: (row) => row.line },
  { id: 'number', label: text('group.number'), cell: (row) => row.number },
  {
    id: 'name',
    label: text('group.name'),
    role: 'row',
    cell: (row) => row.name,
    show: (row) => <bdi>{row.name}</bdi>,
  },
  { id: 'email', label: text('group.email'), role: 'away', cell: (row) => row.email },
  {
    id: 'action',
    wrap: true,
    label: text('roster.action'),
    cell: (row) => text(`roster.action-${row.action}`),
    show: (row) => <Outcome row={row} labelOf={labelOf} />,
  },
];

function Outcome({ row, labelOf }: { row: ListRow; labelOf: (field: string) => string }) {
  const word = text(`roster.action-${row.action}`);
  return row.action === 'wrong' ? (
    <div class="wrong">
      <strong>{word}</strong>
      {row.problems.map((problem) => (
        <p key={problem} class="small">
          {rowProblemText(problem, row.firstLine ?? null)}
        </p>
      ))}
    </div>
  ) : (
    <>
      {word}
      {(row.changes ?? []).map(({ field, before, after }) => (
        <p key={field} class="small quiet">
          {text('people.history-change', {
            field: labelOf(field),
            before: before ?? '–',
            after: after ?? '–',
          })}
        </p>
      ))}
    </>
  );
}
