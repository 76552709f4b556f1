import { useEffect, useMemo } from 'preact/hooks';
import type { CodeFrame } from '../../core/live.wire.ts';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { useQuery } from '../part/query.ts';
import { titleOf } from '../session/title.ts';
import { clockSeconds, clockText } from './clock-text.ts';
import { Countdown, useSecondsLeft } from './countdown.tsx';
import type { Feed } from './feed.ts';
import { openSessionFeed } from './open-tools.ts';
import { ProjectorSums } from './projector-sums.tsx';
import { QrCode } from './qr-code.tsx';
import { shortAddress } from './short-address.ts';
import type { BoardSession } from './state.ts';
import { useWakeLock } from './wake-lock.ts';
import './projector.css';

/** The code alone, for the wall: readable from the last row. Names stay away unless the host shows them. */
export function ProjectorPage({ id }: { id: string }) {
  const feed = useMemo(() => openSessionFeed(id), [id]);
  useEffect(() => () => feed[Symbol.dispose](), [feed]);
  useWakeLock();
  const [look, setLook] = useQuery('look');
  const state = feed.state.value;
  const title = state && titleOf(state.session);
  useEffect(() => {
    if (title) document.title = `${title} · Muster`;
  }, [title]);
  return (
    <div class={`projector projector-${look || 'light'}`}>
      {feed.problem.value && <ProblemNote problem={feed.problem.value} />}
      {state && (
        <>
          <header class="projector-head">
            <h1>{title}</h1>
            <ProjectorTools look={look} setLook={setLook} />
          </header>
          <Wall feed={feed} session={state.session} dark={look === 'dark'} />
          <ProjectorSums state={state} />
        </>
      )}
    </div>
  );
}

function ProjectorTools(props: { look: string; setLook: (look: string) => void }) {
  const [names, setNames] = useQuery('names');
  const [counts, setCounts] = useQuery('counts');
  const { look, setLook } = props;
  return (
    <div class="projector-tools">
      <label>
        <input
          type="checkbox"
          checked={counts !== 'no'}
          onChange={(event) => setCounts(event.currentTarget.checked ? '' : 'no')}
        />
        {text('projector.counts')}
      </label>
      <label>
        <input
          type="checkbox"
          checked={names === 'yes'}
          onChange={(event) => setNames(event.currentTarget.checked ? 'yes' : '')}
        />
        {text('projector.names')}
      </label>
      <Button kind="quiet" size="small" onClick={() => setLook(look === 'dark' ? '' : 'dark')}>
        {text('projector.theme')}
      </Button>
      <Button kind="quiet" size="small" onClick={() => void toggleFullScreen()}>
        {text('projector.full-screen')}
      </Button>
    </div>
  );
}

async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen();
}

/** What fills the wall: the code, or the one word that says why there is none. */
function Wall(props: { feed: Feed; session: BoardSession; dark: boolean }) {
  const { feed, session, dark } = props;
  const code = feed.code.value;
  const { state, paused, startsAt, zone } = session;
  if (state === 'closed') return <Word word={text('projector.closed')} />;
  if (state === 'cancelled') return <Word word={text('projector.cancelled')} />;
  if (state === 'planned') {
    return <Word word={text('projector.planned', { time: clockText(startsAt, zone) })} />;
  }
  if (paused) return <Word word={text('projector.paused')} />;
  if (!code?.url) return <Word word={text('projector.offline')} />;
  return <WallCode feed={feed} code={code} session={session} dark={dark} />;
}

function Word({ word }: { word: string }) {
  return (
    <p class="projector-word" role="status">
      {word}
    </p>
  );
}

function WallCode(props: { feed: Feed; code: CodeFrame; session: BoardSession; dark: boolean }) {
  const { feed, code, session, dark } = props;
  const stale = useSecondsLeft(code.changesAt + 1_000, feed.serverNow) < 0;
  if (stale) {
    return (
      <div class="projector-word" role="status">
        {text('projector.offline')}
        {feed.line.value === 'reconnecting' && (
          <p>{text('board.reconnecting', { time: clockSeconds(feed.heardAt(), session.zone) })}</p>
        )}
      </div>
    );
  }
  const url = code.url ?? '';
  const label = text('board.code-alt', { url });
  return (
    <div class="projector-wall">
      <div class="projector-qr">
        {dark ? <QrCode url={url} label={label} /> : <QrCode url={url} label={label} quiet={2} />}
      </div>
      <div class="projector-words">
        <p class="projector-how">{text('projector.scan')}</p>
        <p class="projector-how">{text('projector.open')}</p>
        <p class="projector-address">{shortAddress(session.origin)}</p>
        {code.typed && (
          <>
            <p class="projector-how">{text('projector.type')}</p>
            <p class="projector-typed">{code.typed}</p>
          </>
        )}
        <Countdown changesAt={code.changesAt} stepMs={code.stepMs} serverNow={feed.serverNow} />
      </div>
    </div>
  );
}
