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
import { keepDownload } from './keep.ts';
import { byNumber } from './mark-list.ts';
import { may } from './may.ts';
import { granted, type MenuItem, type Place, runMenu } from './place.ts';
import { planSession } from './plan.ts';
import { describeCounts, personLine } from './roll-people.ts';
import { settleClaims } from './settle.ts';
import { takeRoll } from './take-roll.ts';
import { dayAndTime } from './when.ts';

const wide = 200;

/** Opens a session of a group, or a quick roll, and goes to it. */
export async function openNow(place: Place, group?: string): Promise<void> {
  const title = await place.dialogue.ask('Title (may stay empty)', { optional: true });
  const plan = { ...(group ? { group } : {}), ...(title ? { title } : {}) };
  const { id } = granted(place, await openSession(place.visit.send, plan));
  await showSession(place, id);
}

/** Plans a session of a group, and goes to it. */
export async function planLater(place: Place, group: string): Promise<void> {
  await showSession(place, await planSession(place, group));
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
  // a narrow window cuts the end off
  return `${state} ${dayAndTime(startsAt, zone)} ${name}, ${came} of ${expected} came`;
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
      const runs = may(place, 'session.run');
      const disputes = board.people.filter(({ record }) => record.pending).length;
      const items: (MenuItem | false)[] = [
        !runs && {
          label: 'Show the roll',
          run: () => dialogue.read(readRoll(board)),
        },
        disputes > 0 &&
          may(place, 'session.settle') && {
            label: `Settle ${disputes} in dispute`,
            run: () => settleClaims(place, id),
          },
        runs && state === 'planned' && { label: 'Open', run: move('open', 'The session is open.') },
        runs &&
          state !== 'planned' && {
            label: state === 'open' ? 'Take the roll' : 'Correct the roll',
            hint: dialogue.linear ? '' : 'one key a person',
            run: () => takeRoll(place, board),
          },
        runs && state === 'open' && { label: 'Close', run: close },
        runs &&
          (state === 'closed' || state === 'cancelled') && {
            label: 'Open again',
            run: move('reopen', 'The session is open again.'),
          },
        {
          label: 'Keep the register as a file',
          run: () =>
            keepDownload(place, registerCsvUrl(id), `register_${board.date}_${id.slice(-6)}.csv`),
        },
        runs && state !== 'cancelled' && { label: 'Cancel the session', run: cancel },
      ];
      return items.filter((item) => item !== false);
    },
  );
}

/** Everybody on a line of their own, by number. */
const readRoll = ({ people, zone }: Board): string[] =>
  people.length === 0
    ? ['Nobody is here.']
    : [...people].sort(byNumber).map((person) => personLine(person, zone, wide));

const titleOf = ({ title, groupName }: Board): string => title || groupName || 'Attendance';

const tallyOf = (board: Board) =>
  deriveTally(
    board.people.map(({ record }) => record),
    board.state,
  );
