import { useState } from 'preact/hooks';
import { moveSession, registerCsvUrl } from '../../client/session.ts';
import { may } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { Menu } from '../part/menu.tsx';
import { AttachDialog } from './attach-dialog.tsx';
import { useBoard, useBoardState, useDeed } from './board-context.ts';
import { CancelDialog } from './cancel-dialog.tsx';
import { SettingsDialog } from './settings-dialog.tsx';
import { tallyOf } from './state.ts';

type Shown = 'cancel' | 'settings' | 'attach' | null;

/** Open, close, reopen; the rarer moves and the papers in a menu. */
export function SessionMoves() {
  const { id, desk } = useBoard();
  const { session } = useBoardState();
  const [shown, setShown] = useState<Shown>(null);
  const deed = useDeed();
  const { state } = session;
  const mayRun = may('session.run');
  const { missing } = tallyOf(session, desk.people.value);
  const hide = () => setShown(null);
  const close = () =>
    void deed(
      moveSession(send, id, 'close'),
      missing > 0 ? text('board.closed-said', { count: missing }) : text('board.closed-plain'),
    );
  return (
    <div class="board-moves">
      {mayRun && state === 'planned' && (
        <Button kind="primary" onClick={() => void deed(moveSession(send, id, 'open'))}>
          {text('board.open-now')}
        </Button>
      )}
      {mayRun && state === 'open' && (
        <Button onClick={close}>
          {missing > 0 ? text('board.close-and-mark', { count: missing }) : text('board.close')}
        </Button>
      )}
      {mayRun && (state === 'closed' || state === 'cancelled') && (
        <Button onClick={() => void deed(moveSession(send, id, 'reopen'), text('board.reopened'))}>
          {text('board.reopen')}
        </Button>
      )}
      <Menu
        label={
          <>
            {text('board.more')} <span aria-hidden="true">▾</span>
          </>
        }
      >
        <a class="menu-item" href={`/app/sessions/${id}/register`}>
          {text('board.register')}
        </a>
        <a class="menu-item" href={registerCsvUrl(id)} download>
          {text('board.csv')}
        </a>
        {mayRun && session.group === null && (
          <button type="button" class="menu-item" onClick={() => setShown('attach')}>
            {text('board.attach')}
          </button>
        )}
        {mayRun && (state === 'planned' || state === 'open') && (
          <button type="button" class="menu-item" onClick={() => setShown('settings')}>
            {text('board.settings')}
          </button>
        )}
        {mayRun && state !== 'cancelled' && (
          <button type="button" class="menu-item" onClick={() => setShown('cancel')}>
            {text('board.cancel')}
          </button>
        )}
      </Menu>
      {shown === 'cancel' && <CancelDialog onClose={hide} />}
      {shown === 'settings' && <SettingsDialog onClose={hide} />}
      {shown === 'attach' && <AttachDialog onClose={hide} />}
    </div>
  );
}
