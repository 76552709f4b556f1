import { join } from 'node:path';
import { loadInstallation, loadOrganisation } from '../client/organisation.ts';
import type { Send } from '../client/request.ts';
import { loadBoard } from '../client/session.ts';
import { deriveTally } from '../core/rate.ts';
import type { Board } from '../core/session.wire.ts';
import { describeCounts } from '../terminal/roll-people.ts';
import { granted } from './connection.ts';

/** How a roll was left: its session has ended, or it goes on without this terminal. */
export type RollEnd = 'ended' | 'left';

/** What is said when the screen is gone: the counts, and where the register is. */
export async function describeClosing(
  send: Send,
  id: string,
  { end, url, isOwn }: { end: RollEnd; url: string; isOwn: boolean },
): Promise<string[]> {
  const board = granted(await loadBoard(send, id));
  const tally = deriveTally(
    board.people.map(({ record }) => record),
    board.state,
  );
  const counts = describeCounts(tally);
  const title = board.title || 'Attendance';
  const file = await dayFileOf(send, board);
  return [
    end === 'ended' ? `${title} is ${board.state}: ${counts}.` : `${title} stays open: ${counts}.`,
    ...(file ? [`Day file  ${file}`] : []),
    `Register  muster export session ${id}`,
    ...(tally.pending > 0 ? ['Two phones claim one number: settle that on the board.'] : []),
    ...(end === 'left'
      ? [
          isOwn
            ? 'The server stops with this command: muster start goes on with it.'
            : `Board     ${url}`,
        ]
      : []),
  ];
}

async function dayFileOf(send: Send, { date }: Board): Promise<string | null> {
  const [installation, settings] = await Promise.all([
    loadInstallation(send),
    loadOrganisation(send),
  ]);
  const folder = installation.ok ? installation.value.folders?.dayFiles : null;
  if (!folder || !settings.ok || !settings.value.dayFiles) return null;
  return join(folder, `attendance_${date}.csv`);
}
