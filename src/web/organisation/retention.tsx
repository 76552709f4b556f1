import { loadRetention } from '../../client/retention.ts';
import { retentionKinds } from '../../core/retention.ts';
import type { RetentionRun, RetentionView } from '../../core/retention.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import '../part/list.css';
import { Page, Section } from '../part/page.tsx';
import { NextRun } from './retention-next.tsx';
import { PublicText } from './retention-public.tsx';
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
