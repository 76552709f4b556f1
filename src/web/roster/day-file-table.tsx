import type { DayFileResult } from '../../core/roster.wire.ts';
import { text } from '../message/text.ts';
import { dateText } from '../message/when.ts';
import { type Column, Table } from '../part/table.tsx';
import { rowProblemText } from './row-problem.ts';

type DayFileLine = DayFileResult['files'][number];

/** What each file would become, with its wrong rows under it. */
export function DayFileTable({ files }: { files: readonly DayFileLine[] }) {
  const columns: readonly Column<DayFileLine>[] = [
    { id: 'name', label: text('dayfiles.name'), role: 'row', cell: (file) => file.name },
    {
      id: 'date',
      label: text('dayfiles.date'),
      cell: (file) => file.date,
      show: (file) => (file.date ? dateText(file.date) : text('dayfiles.no-date')),
    },
    { id: 'rows', label: text('dayfiles.rows'), align: 'end', cell: (file) => file.rows },
    {
      id: 'action',
      wrap: true,
      label: text('dayfiles.action'),
      cell: (file) => text(`dayfiles.action-${file.action}`),
      show: (file) => (
        <>
          {text(`dayfiles.action-${file.action}`)}
          {file.wrong.length > 0 && <WrongRows file={file} />}
        </>
      ),
    },
  ];
  return (
    <Table
      id="files"
      caption={text('dayfiles.name')}
      columns={columns}
      rows={files}
      keyOf={(file) => file.name}
    />
  );
}

function WrongRows({ file }: { file: DayFileLine }) {
  return (
    <details class="wrong">
      <summary>{text('dayfiles.wrong-rows', { count: file.wrong.length })}</summary>
      <ul class="small">
        {file.wrong.slice(0, 50).map(({ line, problem }) => (
          <li key={line}>
            {text('dayfiles.wrong-line', { line, problem: rowProblemText(problem) })}
          </li>
        ))}
      </ul>
    </details>
  );
}
