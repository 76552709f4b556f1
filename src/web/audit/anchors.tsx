import { anchorUrl, listAnchors, makeAnchor } from '../../client/anchor.ts';
import { writeFingerprint } from '../../core/anchor.ts';
import type { AnchorLine, AnchorList } from '../../core/anchor.wire.ts';
import { may } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { useAction } from '../part/action.ts';
import { Button, ButtonLink } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { useQuery } from '../part/query.ts';
import { Table } from '../part/table.tsx';
import { showToast } from '../part/toast.tsx';
import { AnchorSettingsForm } from './anchor-settings.tsx';
import { AnchorSheet } from './anchor-sheet.tsx';
import './anchors.css';

/** Anchors of the ledger: made each day, to be printed, mailed and kept elsewhere. */
export function AnchorsPage() {
  const anchors = useLoaded(() => listAnchors(send), 'anchors');
  const [shown, show] = useQuery('anchor');
  const one = anchors.value?.anchors.find(({ digest }) => digest === shown);
  if (one && anchors.value) return <AnchorSheet anchor={one} publicKey={anchors.value.key} />;
  return (
    <Page
      title={text('anchor.title')}
      lead={text('anchor.lead')}
      up={{ href: '/app/audit', label: text('audit.title') }}
    >
      <Loaded of={anchors}>
        {(list) => (
          <>
            {may('anchor.change') && (
              <AnchorSettingsForm settings={list.settings} onSaved={anchors.reload} />
            )}
            <List list={list} onMade={anchors.reload} onShow={show} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function List(props: {
  list: AnchorList;
  onMade: () => Promise<void>;
  onShow: (digest: string) => void;
}) {
  const make = useAction(() => makeAnchor(send));
  const now = async () => {
    if (!(await make.run(undefined))) return;
    showToast(text('anchor.made'));
    await props.onMade();
  };
  return (
    <Section
      title={text('anchor.list')}
      actions={
        may('anchor.change') && (
          <Button busy={make.busy} onClick={() => void now()}>
            {text('anchor.now')}
          </Button>
        )
      }
    >
      {make.problem && <ProblemNote problem={make.problem} />}
      {props.list.anchors.length === 0 ? (
        <EmptyState title={text('anchor.none')} lead={text('anchor.none-lead')} />
      ) : (
        <Table<AnchorLine>
          id="anchors"
          caption={text('anchor.list')}
          rows={props.list.anchors}
          keyOf={({ digest }) => digest}
          columns={[
            {
              id: 'when',
              label: text('anchor.when'),
              role: 'row',
              cell: ({ madeAt }) => madeAt,
              show: ({ madeAt }) => momentText(madeAt),
            },
            {
              id: 'streams',
              label: text('anchor.streams'),
              align: 'end',
              cell: ({ streams }) => streams,
            },
            {
              id: 'digest',
              label: text('anchor.fingerprint'),
              role: 'away',
              wrap: true,
              cell: ({ digest }) => digest,
              show: ({ digest }) => (
                <code class="fingerprint small">{writeFingerprint(digest)}</code>
              ),
            },
          ]}
          actions={({ digest, madeAt }) => (
            <>
              <Button
                kind="quiet"
                size="small"
                aria-label={text('anchor.print-of', { when: momentText(madeAt) })}
                onClick={() => props.onShow(digest)}
              >
                {text('part.print')}
              </Button>
              <ButtonLink kind="quiet" size="small" href={anchorUrl(digest)} download>
                {text('anchor.download')}
              </ButtonLink>
            </>
          )}
        />
      )}
    </Section>
  );
}
