import {
  cancelSession,
  listSessions,
  loadBoard,
  moveSession,
  openSession,
  registerCsvUrl,
  type SessionFilter,
} from '../client/session.ts';
import { deriveTally } from '../core/rate.ts';
import type { Board, SessionLine } from '../core/session.wire.ts';
import { granted, type MenuItem, type Place, runMenu } from './place.ts';
import { describeCounts } from './roll-people.ts';
import { takeRoll } from './take-roll.ts';
import { dayAndTime } from './when.ts';

/** Opens a session of a group, or a quick roll, and goes to it. */
export async function openNow(place: Place, group?: string): Promise<void> {
  const title = await place.dialogue.ask('Title (may stay empty)', { optional: true });
  const plan = { ...(group ? { group } : {}), ...(title ? { title } : {}) };
  const { id } = granted(place, await openSession(place.visit.send, plan));
  await showSession(place, id);
}

/** Sessions, the newest first. */
export const showSessions = (place: Place, filter: SessionFilter): Promise<void> =>
  runMenu(
    place,
    () => 'Sessions',
    async () => {
      const sessions = granted(place, await listSessions(place.visit.send, filter));
      if (sessions.length === 0) place.dialogue.say('There are no sessions yet.');
      return sessions.map((session) => ({
        label: describeSession(session, place.me.zone),
        run: () => showSession(place, session.id),
      }));
    },
  );

const describeSession = (session: SessionLine, zone: string): string => {
  const { title, groupName, startsAt, state, came, expected } = session;
  const name = title || groupName || 'Attendance';
  return `${dayAndTime(startsAt, zone)} ${name} (${state}, ${came} of ${expected} came)`;
};

async function showSession(place: Place, id: string): Promise<void> {
  const { dialogue, visit } = place;
  let board = granted(place, await loadBoard(visit.send, id));
  const move = (name: 'open' | 'close' | 'reopen', done: string) => async () => {
    granted(place, await moveSession(visit.send, id, name));
    dialogue.say(done);
  };
  const close = async (): Promise<void> => {
    const { missing } = tallyOf(board);
    const sure = missing === 0 || (await dialogue.confirm(`Close and mark ${missing} absent?`));
    if (sure) await move('close', 'The session is closed.')();
  };
  const cancel = async (): Promise<void> => {
    const reason = await dialogue.ask('Why is it cancelled?');
    granted(place, await cancelSession(visit.send, id, reason));
    dialogue.say('The session is cancelled: it counts for nobody.');
  };
  await runMenu(
    place,
    () => `${titleOf(board)}, ${board.state}: ${describeCounts(tallyOf(board))}`,
    async () => {
      board = granted(place, await loadBoard(visit.send, id));
      const { state } = board;
      const items: (MenuItem | false)[] = [
        state === 'planned' && { label: 'Open', run: move('open', 'The session is open.') },
        state !== 'planned' && {
          label: state === 'open' ? 'Take the roll' : 'Correct the roll',
          hint: 'P L A E by key, arrivals appear by themselves',
          run: () => takeRoll(place, board),
        },
        state === 'open' && { label: 'Close', run: close },
        (state === 'closed' || state === 'cancelled') && {
          label: 'Open again',
          run: move('reopen', 'The session is open again.'),
        },
        { label: 'Keep the register as a file', run: () => keepRegister(place, board) },
        state !== 'cancelled' && { label: 'Cancel the session', run: cancel },
      ];
      return items.filter((item) => item !== false);
    },
  );
}

async function keepRegister(
  { dialogue, visit, keepFile }: Place,
  { id, date }: Board,
): Promise<void> {
  const text = await visit.fetchText(registerCsvUrl(id));
  if (text === null) dialogue.complain('The server did not give the register.');
  else
    dialogue.say(
      `The register is in ${await keepFile(`register_${date}_${id.slice(-6)}.csv`, text)}`,
    );
}

const titleOf = ({ title, groupName }: Board): string => title || groupName || 'Attendance';

const tallyOf = (board: Board) =>
  deriveTally(
    board.people.map(({ record }) => record),
    board.state,
  );
