import type { BackupLine, BackupsView } from '../../core/backup.wire.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { EmptyState } from '../part/empty-state.tsx';
import { type Column, Table } from '../part/table.tsx';

/** The backups that are there, the newest first. */
export function BackupFiles({ view }: { view: BackupsView }) {
  if (view.backups.length === 0) {
    return <EmptyState title={text('backup.none')} lead={text('backup.none-lead')} />;
  }
  return (
    <>
      {view.place === 'elsewhere' && <p class="quiet">{text('backup.files-elsewhere')}</p>}
      <Table
        id="backups"
        caption={text('backup.files')}
        columns={columns()}
        rows={view.backups}
        keyOf={({ name }) => name}
      />
    </>
  );
}

const columns = (): readonly Column<BackupLine>[] => [
  {
    id: 'made',
    label: text('backup.made-at'),
    role: 'row',
    cell: ({ madeAt }) => madeAt,
    show: ({ madeAt }) => momentText(madeAt),
  },
  {
    id: 'size',
    label: text('backup.size'),
    align: 'end',
    cell: ({ bytes }) => bytes,
    show: ({ bytes }) => sizeText(bytes),
  },
  {
    id: 'ledger',
    label: text('backup.ledger'),
    cell: ({ sound }) => text(sound ? 'backup.ledger-sound' : 'backup.ledger-unsound'),
  },
  {
    id: 'name',
    label: text('backup.name'),
    role: 'away',
    cell: ({ name }) => name,
    show: ({ name }) => <code>{name}</code>,
  },
];

function sizeText(bytes: number): string {
  const [unit, size] =
    bytes < 1e6 ? ['kilobyte', 1e3] : bytes < 1e9 ? ['megabyte', 1e6] : ['gigabyte', 1e9];
  const options = { style: 'unit', unit, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(undefined, options).format(bytes / (size as number));
}
