import { useState } from 'preact/hooks';
import { loadBackups } from '../../client/backup.ts';
import { loadOrganisation } from '../../client/organisation.ts';
import { loadRetention, runRetention } from '../../client/retention.ts';
import type { BackupsView } from '../../core/backup.wire.ts';
import { describePolicy, writePolicy } from '../../core/privacy.ts';
import { type RetentionRules, retentionKinds } from '../../core/retention.ts';
import type { RetentionDue, RetentionRun, RetentionView } from '../../core/retention.wire.ts';
import { may } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { dayText, momentText } from '../message/when.ts';
import { useAction } from '../part/action.ts';
import { Button, ButtonLink } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { type Column, Table } from '../part/table.tsx';
import { showToast } from '../part/toast.tsx';
import './installation.css';
import { ConfirmDialog, countText } from './retention-confirm.tsx';
import { RulesForm } from './retention-rules.tsx';

/** How long each kind of data is kept, what goes next, what went last, and what everybody is told. */
export function RetentionPage() {
  const loading = useLoaded(() => loadRetention(send), 'retention');
  return (
    <Page
      title={text('retention.title')}
      lead={text('retention.lead')}
      up={{ href: '/app/settings', label: text('settings.title') }}
    >
      <Loaded of={loading}>
        {(view) => (
          <>
            <NextRun view={view} onDone={loading.reload} />
            <Section title={text('retention.rules')}>
              <div class="reading">
                <RulesForm view={view} onSaved={loading.reload} />
              </div>
            </Section>
            <Section title={text('retention.last')}>
              <LastRun view={view} />
            </Section>
            <PublicText rules={view.rules} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function NextRun({ view, onDone }: { view: RetentionView; onDone: () => Promise<void> }) {
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

function LastRun({ view }: { view: RetentionView }) {
  const { lastRun, lookedAt } = view;
  return (
    <>
      {lastRun ? <RunLines run={lastRun} /> : <p>{text('retention.never')}</p>}
      {lookedAt !== null && (
        <p class="quiet small">{text('retention.looked', { when: momentText(lookedAt) })}</p>
      )}
    </>
  );
}

function RunLines({ run }: { run: RetentionRun }) {
  const isProgram = run.by === 'job' || run.by === 'operator';
  const by = isProgram ? text(`retention.by-${run.by as 'job' | 'operator'}`) : run.by;
  const when = momentText(run.at);
  return (
    <>
      <p>
        {text(run.endedAt === null ? 'retention.last-open' : 'retention.last-when', { when, by })}
      </p>
      <ul class="plain-list">
        {retentionKinds
          .filter((kind) => (run.counts[kind] ?? 0) > 0)
          .map((kind) => (
            <li key={kind}>
              {text(`retention.kind-${kind}`)}: {run.counts[kind]}
            </li>
          ))}
      </ul>
    </>
  );
}

function PublicText({ rules }: { rules: RetentionRules }) {
  const organisation = useLoaded(() => loadOrganisation(send), 'organisation');
  const backups = useLoaded(() => loadBackups(send), 'backups');
  const [copied, setCopied] = useState(false);
  const copy = async ({ settings, place }: BackupsView) => {
    const kept = settings.on && place !== 'none' ? settings.keep : null;
    const told = { organisation: organisation.value?.name ?? '', backups: kept };
    try {
      await navigator.clipboard.writeText(writePolicy(describePolicy(rules, told)));
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <Section title={text('retention.public')}>
      <p>{text('retention.public-lead')}</p>
      <div class="line">
        <ButtonLink href="/privacy" target="_blank">
          {text('retention.public-open')}
        </ButtonLink>
        {organisation.value && backups.value && (
          <Button onClick={() => backups.value && void copy(backups.value)}>
            <span role="status">
              {text(copied ? 'retention.public-copied' : 'retention.public-copy')}
            </span>
          </Button>
        )}
      </div>
    </Section>
  );
}
