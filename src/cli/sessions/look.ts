import { listSessions, loadBoard, registerCsvUrl } from '../../client/session.ts';
import { deriveTally } from '../../core/rate.ts';
import type { Board } from '../../core/session.wire.ts';
import { byNumber } from '../../terminal/mark-list.ts';
import { describeCounts, personLine } from '../../terminal/roll-people.ts';
import { dayAndTime } from '../../terminal/when.ts';
import { granted } from '../connection.ts';
import { Misused } from '../failure.ts';
import { count } from '../output.ts';
import { printRoll } from '../roll-print.ts';
import { type Action, action } from '../script/action.ts';
import { saveText } from '../script/file.ts';
import { findGroup, findSession } from '../script/find.ts';
import { writeTable } from '../script/table.ts';
import { awaitStop } from '../stop-signal.ts';

export const sessionArgument = [{ name: 'SESSION' }] as const;
const wide = 200;

/** Looking at sessions. */
export const lookAtSessions: readonly Action[] = [
  action({
    name: 'list',
    summary: 'sessions that you may see, the newest 200',
    flags: {
      group: { type: 'string', value: 'GROUP', text: 'of this group only' },
      state: { type: 'string', value: 'planned|open|closed|cancelled', text: 'in this state only' },
      date: { type: 'string', value: 'YYYY-MM-DD', text: 'of this day only' },
    },
    async run({ look, zone }, _words, { group, ...filter }) {
      const id = group === undefined ? undefined : (await findGroup(look, group)).id;
      const wanted = { ...filter, ...(id === undefined ? {} : { group: id }) };
      const sessions = granted(await listSessions(look, wanted));
      const rows = sessions.map((each) => [
        dayAndTime(each.startsAt, zone),
        each.state,
        `${each.came} of ${each.expected}`,
        each.id,
        each.title || each.groupName || 'Attendance',
      ]);
      return {
        json: { sessions, total: sessions.length },
        lines: [
          ...writeTable(['STARTS', 'STATE', 'CAME', 'ID', 'TITLE'], rows),
          count(sessions.length, 'session'),
        ],
      };
    },
  }),
  action({
    name: 'show',
    arguments: sessionArgument,
    summary: 'a session with its counts',
    async run({ look, zone }, [word = '']) {
      const board = granted(await loadBoard(look, await findSession(look, word)));
      const { people, origins, serverTime, ...session } = board;
      const counts = tallyOf(board);
      return {
        json: { session, counts },
        lines: [
          `Title: ${titleOf(board)}`,
          `Id: ${board.id}`,
          `State: ${board.state}${board.cancelReason ? ` (${board.cancelReason})` : ''}`,
          `Starts: ${dayAndTime(board.startsAt, zone)}`,
          ...(board.endsAt === null ? [] : [`Ends: ${dayAndTime(board.endsAt, zone)}`]),
          `Counts: ${describeCounts(counts)}`,
        ],
      };
    },
  }),
  action({
    name: 'roll',
    arguments: sessionArgument,
    summary: 'who is there: everybody of a session with their marks',
    flags: {
      follow: {
        type: 'boolean',
        default: false,
        text: 'goes on with a line for each arrival and change, until the session ends',
      },
    },
    async run({ look, visit, isJson }, [word = ''], { follow }) {
      if (follow && isJson) throw new Misused('--follow prints lines as they come, not --json.');
      const board = granted(await loadBoard(look, await findSession(look, word)));
      if (follow) {
        using stop = awaitStop();
        await printRoll(visit, board, stop.stopped);
      }
      const last = follow ? granted(await loadBoard(look, board.id)) : board;
      const people = [...last.people].sort(byNumber);
      const counts = tallyOf(last);
      return {
        json: { session: last.id, state: last.state, counts, people },
        lines: [
          ...(follow ? [] : people.map((person) => personLine(person, last.zone, wide))),
          `${titleOf(last)} (${last.state}): ${describeCounts(counts)}`,
        ],
      };
    },
  }),
  action({
    name: 'export',
    arguments: [...sessionArgument, { name: 'FILE', optional: true }],
    summary: 'the register of a session as CSV, to a new file or to the terminal',
    async run({ look, visit }, [word = '', file]) {
      return saveText(visit, registerCsvUrl(await findSession(look, word)), file);
    },
  }),
];

const titleOf = ({ title, groupName }: Board): string => title || groupName || 'Attendance';

export const tallyOf = (board: Board) =>
  deriveTally(
    board.people.map(({ record }) => record),
    board.state,
  );
