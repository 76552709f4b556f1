import { retryMail } from '../../client/mail.ts';
import type { MailLine } from '../../core/mail.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { Button } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { type Column, Table } from '../part/table.tsx';
import { showToast } from '../part/toast.tsx';
import './mail.css';

/** Every mail: to whom, and what became of it. One that was given up can be tried again. */
export function Outbox(props: { rows: readonly MailLine[]; onChange: () => Promise<void> }) {
  const { rows, onChange } = props;
  if (rows.length === 0) {
    return <EmptyState title={text('mail.empty')} lead={text('mail.empty-lead')} />;
  }
  const again = async (mail: string) => {
    const answer = await retryMail(send, mail);
    if (answer.ok) showToast(text('mail.retried'));
    await onChange();
  };
  const columns: readonly Column<MailLine>[] = [
    {
      id: 'subject',
      label: text('mail.subject'),
      role: 'row',
      wrap: true,
      cell: (row) => row.subject,
      show: (row) => (
        <>
          {row.text === null ? (
            row.subject
          ) : (
            <details>
              <summary>{row.subject}</summary>
              <pre class="mail-text">{row.text}</pre>
            </details>
          )}
          <div class="near quiet small">{row.to}</div>
        </>
      ),
    },
    { id: 'to', label: text('mail.to'), role: 'away', wrap: true, cell: (row) => row.to },
    {
      id: 'when',
      label: text('mail.when'),
      role: 'away',
      cell: (row) => row.madeAt,
      searchable: false,
      show: (row) => momentText(row.sentAt ?? row.madeAt),
    },
    {
      id: 'state',
      label: text('mail.state'),
      wrap: true,
      cell: (row) => text(`mail.state-${row.state}`),
      show: (row) => (
        <>
          {text(`mail.state-${row.state}`)}
          {row.dueAt !== null && row.tries > 0 && (
            <span class="quiet small"> · {text('mail.next', { when: momentText(row.dueAt) })}</span>
          )}
          {row.problem && <div class="quiet small">{row.problem}</div>}
        </>
      ),
    },
  ];
  return (
    <Table
      id="mail"
      caption={text('mail.outbox')}
      columns={columns}
      rows={rows}
      keyOf={(row) => row.id}
      search={rows.length > 8}
      actions={(row) =>
        row.state === 'failed' && (
          <Button kind="quiet" size="small" onClick={() => void again(row.id)}>
            {text('mail.retry')}
          </Button>
        )
      }
    />
  );
}
