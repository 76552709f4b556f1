import { listSessions } from '../../client/session.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { EmptyState } from '../part/empty-state.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { SessionTable } from '../session/session-table.tsx';

const shown = 20;

/** The newest sessions of a group; `turn` asks again. */
export function GroupSessions({ group, turn }: { group: string; turn: number }) {
  const sessions = useLoaded(() => listSessions(send, { group }), `${group} ${turn}`);
  return (
    <Loaded of={sessions}>
      {(rows) =>
        rows.length === 0 ? (
          <EmptyState title={text('group.no-sessions')} lead={text('group.no-sessions-lead')} />
        ) : (
          <SessionTable rows={rows.slice(0, shown)} />
        )
      }
    </Loaded>
  );
}
