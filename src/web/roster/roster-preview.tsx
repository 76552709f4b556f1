import type { RosterPreview, RosterRow } from '../../core/roster.wire.ts';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { Section } from '../part/page.tsx';
import { Notice } from '../part/problem-note.tsx';
import { type Column, Table } from '../part/table.tsx';
import { rowProblemText } from './row-problem.ts';

const kinds = ['add', 'enrol', 'change', 'same', 'wrong'] as const;

/** What an import would do, row by row, and the button that does it. */
export function RosterPreviewView(props: {
  preview: RosterPreview;
  busy: boolean;
  onApply: () => void;
}) {
  const { counts, rows, total } = props.preview;
  const changing = counts.add + counts.enrol + counts.change;
  const wrong = counts.wrong;
  return (
    <Section title={text('roster.preview')}>
      <ul class="tally" aria-live="polite">
        {kinds
          .filter((kind) => counts[kind] > 0)
          .map((kind) => (
            <li key={kind} data-wrong={kind === 'wrong' || undefined}>
              {text(`roster.count-${kind}`, { count: counts[kind] })}
            </li>
          ))}
      </ul>
      {changing > 0 ? (
        <div class="line">
          <Button kind="primary" busy={props.busy} onClick={props.onApply}>
            {text('roster.apply', { count: changing })}
          </Button>
          {wrong > 0 && <span class="quiet">{text('roster.apply-wrong', { wrong })}</span>}
        </div>
      ) : (
        <Notice>{text(counts.same > 0 ? 'roster.nothing' : 'roster.all-wrong')}</Notice>
      )}
      <Table
        id="rows"
        caption={text('roster.preview')}
        columns={previewColumns()}
        rows={rows}
        keyOf={(row) => String(row.line)}
      />
      {rows.length < total && (
        <p class="quiet small">{text('roster.rows-shown', { count: rows.length, total })}</p>
      )}
    </Section>
  );
}

function previewColumns(): readonly Column<RosterRow>[] {
  return [
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
      show: (row) =>
        row.action === 'wrong' ? (
          <div class="wrong">
            <strong>{text('roster.action-wrong')}</strong>
            {row.problems.map((problem) => (
              <p key={problem} class="small">
                {rowProblemText(problem)}
              </p>
            ))}
          </div>
        ) : (
          text(`roster.action-${row.action}`)
        ),
    },
  ];
}
