import { useState } from 'preact/hooks';
import { runRetention } from '../../client/retention.ts';
import type { RetentionDue, RetentionView } from '../../core/retention.wire.ts';
import { may } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { dayText } from '../message/when.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { Section } from '../part/page.tsx';
import { type Column, Table } from '../part/table.tsx';
import { showToast } from '../part/toast.tsx';
import { ConfirmDialog, countText } from './retention-confirm.tsx';

/** What the next run destroys; it can be done at once. */
export function NextRun({ view, onDone }: { view: RetentionView; onDone: () => Promise<void> }) {
  const [asking, setAsking] = useState(false);
  const run = useAction(() => runRetention(send));
  const due = view.due.filter(({ count }) => count > 0);
  const destroy = async () => {
    const done = await run.run(undefined);
    if (!done) return;
    setAsking(false);
    const isNone = Object.values(done.counts).every((count) => count === 0);
    if (done.goesOn) showToast(text('retention.goes-on'));
    else if (!done.ended) showToast(text('retention.broken-off'));
    else showToast(text(isNone ? 'retention.done-none' : 'retention.done'));
    await onDone();
  };
  return (
    <Section
      title={text('retention.next')}
      actions={
        may('retention.change') &&
        due.length > 0 && (
          <Button kind="danger" onClick={() => setAsking(true)}>
            {text('retention.run')}
          </Button>
        )
      }
    >
      <p class="quiet">{text('retention.next-lead')}</p>
      {due.length === 0 ? (
        <EmptyState title={text('retention.nothing')} lead={text('retention.nothing-lead')} />
      ) : (
        <DueTable due={due} />
      )}
      {view.held > 0 && <p>{text('retention.held', { count: view.held })}</p>}
      {asking && (
        <ConfirmDialog
          title={text('retention.run-title')}
          none={text('retention.done-none')}
          due={due}
          submit={text('retention.run-now')}
          busy={run.busy}
          problem={run.problem}
          onConfirm={destroy}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  );
}

function DueTable({ due }: { due: readonly RetentionDue[] }) {
  const columns: readonly Column<RetentionDue>[] = [
    {
      id: 'kind',
      label: text('retention.kind'),
      role: 'row',
      wrap: true,
      cell: ({ kind }) => text(`retention.kind-${kind}`),
    },
    {
      id: 'count',
      label: text('retention.count'),
      align: 'end',
      cell: ({ count }) => count,
      show: countText,
    },
    {
      id: 'oldest',
      label: text('retention.oldest'),
      cell: ({ oldestAt }) => oldestAt,
      show: ({ oldestAt }) => (oldestAt === null ? '' : dayText(oldestAt)),
    },
    {
      id: 'examples',
      label: text('retention.examples'),
      role: 'away',
      wrap: true,
      cell: namesOf,
    },
  ];
  return (
    <Table
      id="due"
      caption={text('retention.next')}
      columns={columns}
      rows={due}
      keyOf={({ kind }) => kind}
    />
  );
}

const namesOf = ({ examples }: RetentionDue): string =>
  [...new Set(examples.flatMap(({ person }) => person?.name ?? []))].join(', ');
