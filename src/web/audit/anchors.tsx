import { useState } from 'preact/hooks';
import { anchorUrl, listAnchors, makeAnchor, saveAnchorSettings } from '../../client/anchor.ts';
import { writeFingerprint } from '../../core/anchor.ts';
import type { AnchorLine, AnchorList, AnchorSettings } from '../../core/anchor.wire.ts';
import { may, me } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { useAction } from '../part/action.ts';
import { Button, ButtonLink } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { useQuery } from '../part/query.ts';
import { Table } from '../part/table.tsx';
import { showToast } from '../part/toast.tsx';
import '../organisation/recovery.css';
import './anchors.css';

/** Anchors of the ledger: made each day, to be printed, mailed and kept elsewhere. */
export function AnchorsPage() {
  const anchors = useLoaded(() => listAnchors(send), 'anchors');
  const [shown, show] = useQuery('anchor');
  const one = anchors.value?.anchors.find(({ digest }) => digest === shown);
  if (one && anchors.value) return <Sheet anchor={one} publicKey={anchors.value.key} />;
  return (
    <Page
      title={text('anchor.title')}
      lead={text('anchor.lead')}
      up={{ href: '/app/audit', label: text('audit.title') }}
    >
      <Loaded of={anchors}>
        {(list) => (
          <>
            {may('anchor.change') && <Settings list={list} onSaved={anchors.reload} />}
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

function Settings(props: { list: AnchorList; onSaved: () => Promise<void> }) {
  const { settings } = props.list;
  const [time, setTime] = useState(settings.time ?? '');
  const [to, setTo] = useState(settings.to.join(', '));
  const save = useAction((wanted: AnchorSettings) => saveAnchorSettings(send, wanted));
  const submit = async () => {
    const addresses = to.split(/[\s,;]+/).filter((address) => address !== '');
    const saved = await save.run({ time: time === '' ? null : time, to: addresses });
    if (!saved) return;
    setTo(saved.to.join(', '));
    showToast(text('part.saved'));
    await props.onSaved();
  };
  return (
    <Section title={text('anchor.daily')}>
      <div class="reading">
        <Form
          submit={text('anchor.save')}
          busy={save.busy}
          problem={save.problem}
          onSubmit={() => void submit()}
        >
          <TextField
            type="time"
            optional
            label={text('anchor.time')}
            hint={text('anchor.time-hint')}
            value={time}
            onText={setTime}
          />
          <TextField
            optional
            label={text('anchor.to')}
            hint={text('anchor.to-hint')}
            value={to}
            onText={setTo}
          />
        </Form>
      </div>
    </Section>
  );
}

/** One on paper. */
function Sheet({ anchor, publicKey }: { anchor: AnchorLine; publicKey: string }) {
  const [, show] = useQuery('anchor');
  const groups = writeFingerprint(anchor.digest).split(' ');
  return (
    <Page
      title={text('anchor.sheet', { when: momentText(anchor.madeAt) })}
      lead={me.value?.organisation ?? ''}
      width="narrow"
    >
      <div class="sheet">
        <p>{text('anchor.sheet-lead')}</p>
        <h2>{text('anchor.fingerprint')}</h2>
        <p class="fingerprint fingerprint-large">
          <code>{groups.slice(0, 8).join(' ')}</code> <code>{groups.slice(8).join(' ')}</code>
        </p>
        <p class="quiet">{text('anchor.sheet-streams', { count: anchor.streams })}</p>
        <p class="quiet fingerprint">
          {text('anchor.key')} <code>{publicKey}</code>
        </p>
        <p>{text('anchor.sheet-use')}</p>
        <p class="fingerprint">
          <code>muster verify --anchor "{groups.join(' ')}"</code>
        </p>
      </div>
      <div class="line screen-only">
        <Button kind="primary" onClick={() => print()}>
          {text('part.print')}
        </Button>
        <ButtonLink href={anchorUrl(anchor.digest)} download>
          {text('anchor.download')}
        </ButtonLink>
        <Button kind="quiet" onClick={() => show('')}>
          {text('anchor.back')}
        </Button>
      </div>
    </Page>
  );
}
