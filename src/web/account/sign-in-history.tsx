import { listSignInHistory } from '../../client/sign-in.ts';
import type { SignInPast } from '../../core/sign-in.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Section } from '../part/page.tsx';
import { type Column, Table } from '../part/table.tsx';

const ways = ['password', 'code', 'recovery-code', 'passkey', 'reset', 'link'] as const;

/** Good and refused sign-ins of one's own account. */
export function SignInHistory() {
  const past = useLoaded(() => listSignInHistory(send), 'sign-in-history');
  const columns: readonly Column<SignInPast>[] = [
    {
      id: 'when',
      label: text('past.when'),
      role: 'row',
      cell: (row) => row.at,
      show: (row) => momentText(row.at),
    },
    {
      id: 'what',
      label: text('past.what'),
      cell: (row) => text(row.ok ? 'past.made' : 'past.refused'),
    },
    { id: 'how', label: text('past.how'), role: 'away', cell: (row) => wayText(row.how) },
    {
      id: 'device',
      label: text('account.device'),
      wrap: true,
      cell: (row) => row.device || text('past.no-device'),
    },
    { id: 'address', label: text('account.address'), role: 'away', cell: (row) => row.address },
  ];
  return (
    <Section title={text('past.title')}>
      <p class="quiet">{text('past.lead')}</p>
      <Loaded of={past} lines={3}>
        {(rows) => (
          <Table
            id="past"
            caption={text('past.title')}
            columns={columns}
            rows={rows}
            keyOf={(row) => `${row.at} ${row.device} ${row.ok}`}
          />
        )}
      </Loaded>
    </Section>
  );
}

function wayText(how: string): string {
  const known = ways.find((way) => way === how);
  return known ? text(`past.how-${known}`) : '';
}
