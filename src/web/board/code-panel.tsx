import { useState } from 'preact/hooks';
import { moveSession } from '../../client/session.ts';
import type { CodeFrame } from '../../core/live.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { Button, ButtonLink } from '../part/button.tsx';
import { useBoard, useBoardState, useDeed } from './board-context.ts';
import { Countdown, useSecondsLeft } from './countdown.tsx';
import { NetworkPanel } from './network-panel.tsx';
import { QrCode } from './qr-code.tsx';
import { shortAddress } from './short-address.ts';
import './code-panel.css';

/** The rotating code of an open session: QR, address and typed code, and the hand on it. */
export function CodePanel() {
  const { id, feed } = useBoard();
  const { session } = useBoardState();
  const [hidden, setHidden] = useState(false);
  const deed = useDeed();
  const code = feed.code.value;
  return (
    <section class="code" aria-label={text('board.code')}>
      {session.paused ? <PausedCode /> : !hidden && <ShownCode code={code} />}
      <div class="code-hand">
        {!session.paused && (
          <Button
            onClick={() => void deed(moveSession(send, id, 'refresh'), text('board.refreshed'))}
          >
            {text('board.refresh')}
          </Button>
        )}
        {!session.paused && (
          <Button onClick={() => void deed(moveSession(send, id, 'pause'))}>
            {text('board.pause')}
          </Button>
        )}
        <ButtonLink href={`/app/sessions/${id}/projector`} target="_blank">
          {text('board.projector')} <span aria-hidden="true">↗</span>
        </ButtonLink>
        <Button kind="quiet" class="code-fold" onClick={() => setHidden(!hidden)}>
          {text(hidden ? 'board.show-code' : 'board.hide-code')}
        </Button>
      </div>
      <NetworkPanel />
    </section>
  );
}

function PausedCode() {
  const { id } = useBoard();
  const deed = useDeed();
  return (
    <div class="code-paused">
      <h2>{text('board.code-paused')}</h2>
      <p>{text('board.code-paused-lead')}</p>
      <Button
        kind="primary"
        size="large"
        onClick={() => void deed(moveSession(send, id, 'resume'))}
      >
        {text('board.resume')}
      </Button>
    </div>
  );
}

function ShownCode({ code }: { code: CodeFrame | null }) {
  const { feed } = useBoard();
  const { session } = useBoardState();
  const stale = useSecondsLeft((code?.changesAt ?? 0) + 1_000, feed.serverNow) < 0;
  const { url, typed } = code ?? {};
  return (
    <>
      <div class={`code-picture ${!url || stale ? 'code-stale' : ''}`}>
        {url && <QrCode url={url} label={text('board.code-alt', { url })} />}
        {(!url || stale) && (
          <div class="code-waiting" role="status">
            <strong>{text('board.code-waiting')}</strong>
            {stale && feed.line.value === 'reconnecting' && <p>{text('board.code-stale')}</p>}
          </div>
        )}
      </div>
      <div class="code-beside">
        {code?.url && !stale && (
          <Countdown changesAt={code.changesAt} stepMs={code.stepMs} serverNow={feed.serverNow} />
        )}
        <dl class="code-words">
          <div>
            <dt>{text('board.code-how')}</dt>
          </div>
          <div>
            <dt>{text('board.code-or')}</dt>
            <dd class="code-address">{shortAddress(session.origin)}</dd>
          </div>
          {typed && (
            <div>
              <dt>{text('board.code-type')}</dt>
              <dd class="code-typed">
                {typed.slice(0, 3)}
                <span class="code-gap" />
                {typed.slice(3)}
              </dd>
            </div>
          )}
        </dl>
      </div>
    </>
  );
}
