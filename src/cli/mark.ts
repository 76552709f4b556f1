import { loadBoard, markPeople, undoMark } from '../client/session.ts';
import { checkNumber, oneLine } from '../core/person.ts';
import type { Board, BoardPerson } from '../core/session.wire.ts';
import { granted } from './connection.ts';
import type { Description } from './description.ts';
import { Misused, Refused } from './failure.ts';
import { readMarks, readStatus, type WantedMark } from './mark-lines.ts';
import { count } from './output.ts';
import { type At, action, describeAction, type Outcome, runAction } from './script/action.ts';
import { findSession } from './script/find.ts';
import { readInput } from './script/input.ts';
import { reachFlags } from './script/reach.ts';

const mark = action({
  name: 'mark',
  arguments: [
    { name: 'SESSION' },
    { name: 'PERSON', optional: true },
    { name: 'STATUS', optional: true },
  ],
  summary: 'marks people in a session, for scripts, or takes marks back',
  flags: {
    reason: { type: 'string', value: 'TEXT', text: 'goes with the mark; the ledger keeps it' },
    undo: { type: 'boolean', default: false, text: 'takes the person’s last mark back' },
    from: {
      type: 'string',
      value: 'FILE',
      text: 'many marks at once: CSV with number, status and maybe a reason, or a JSON object a line with these names; - reads it. At most 5,000. All are made, or none',
    },
  },
  changes: true,
  async run(at, [word = '', person, status], { reason, undo, from }) {
    checkWriting({ person, status, reason, undo, from });
    const wanted =
      from !== undefined
        ? readMarks(await readInput(from))
        : undo
          ? null
          : [{ line: 1, person: person ?? '', status: readStatus(status ?? ''), reason }];
    const board = granted(await loadBoard(at.look, await findSession(at.look, word)));
    return wanted ? markAll(at, board, wanted) : takeBack(at, board, findOn(board, person ?? ''));
  },
});

const described = describeAction(mark);

export const description: Description = {
  ...described,
  flags: { ...described.flags, ...reachFlags },
  notes: [
    'SESSION is an id, or a group of which a session is open now. STATUS is present, late, absent, excused, or none, which takes every mark away.',
  ],
  examples: [
    { command: 'muster mark "Physics 9b" 007 late --reason "bus"', text: 'one person' },
    { command: 'muster mark "Physics 9b" --from marks.csv', text: 'many at once' },
    { command: 'muster mark "Physics 9b" 007 --undo', text: 'takes it back' },
  ],
};

export const run = (args: string[]): Promise<number> => runAction(description, mark, args);

function checkWriting(given: {
  readonly person: string | undefined;
  readonly status: string | undefined;
  readonly reason: string | undefined;
  readonly undo: boolean;
  readonly from: string | undefined;
}): void {
  const { person, status, reason, undo, from } = given;
  const isRight =
    from !== undefined
      ? person === undefined && !undo && reason === undefined
      : undo
        ? person !== undefined && status === undefined && reason === undefined
        : person !== undefined && status !== undefined;
  if (!isRight)
    throw new Misused('It takes a session with PERSON STATUS, with PERSON --undo, or with --from.');
}

/** @throws Refused where the session has nobody, or several, of this number or name */
function findOn({ people }: Board, word: string): BoardPerson {
  const checked = checkNumber(word);
  const number = checked.ok ? checked.number : null;
  const exact = people.find((person) => person.id === word || person.number === number);
  const name = oneLine(word).toLowerCase();
  const [found, ...others] = exact
    ? [exact]
    : people.filter((person) => person.name.toLowerCase() === name);
  if (!found) throw new Refused(`"${word}" is not in this session.`, 'not-found');
  if (others.length === 0) return found;
  const numbers = [found, ...others].map((person) => person.number).join(', ');
  throw new Refused(`Several are called "${word}": name one by number: ${numbers}.`, 'ambiguous');
}

/** Everybody is found before anybody is marked, and all marks are one transaction. */
async function markAll({ act }: At, board: Board, wanted: readonly WantedMark[]): Promise<Outcome> {
  const missing: string[] = [];
  const all = wanted.flatMap((mark) => {
    try {
      return [{ ...mark, on: findOn(board, mark.person) }];
    } catch (error) {
      if (!(error instanceof Refused) || wanted.length === 1) throw error;
      missing.push(`line ${mark.line}: ${error.message}`);
      return [];
    }
  });
  if (missing.length > 0)
    throw new Refused(`Nobody was marked. ${missing.slice(0, 20).join(' ')}`, 'not-found');
  // named by number and by name, somebody may still stand there twice
  const found = [...new Map(all.map((mark) => [mark.on.id, mark])).values()];
  const batches = Map.groupBy(found.filter(isNew), ({ status, reason }) =>
    JSON.stringify([status, reason ?? null]),
  );
  const [first, ...also] = [...batches.values()].flatMap(([each, ...rest]) => {
    if (!each) return [];
    const note = each.reason === undefined ? {} : { note: each.reason };
    return [{ people: [each, ...rest].map(({ on }) => on.id), status: each.status, ...note }];
  });
  if (first) granted(await markPeople(act, board.id, { ...first, also }));
  const marks = found.map((each) => ({
    person: each.on.id,
    number: each.on.number,
    status: each.status,
    changed: isNew(each),
  }));
  return {
    json: { session: board.id, marks },
    lines:
      marks.length > 1
        ? [
            `${count(marks.filter(({ changed }) => changed).length, 'person', 'people')} marked, ${marks.filter(({ changed }) => !changed).length} as they were.`,
          ]
        : found.map((each) => {
            const said = `${each.on.number} ${each.on.name}`;
            const stands = each.status ?? 'without a mark';
            return `${said} is ${stands}${isNew(each) ? '' : ' already'}.`;
          }),
  };
}

/** Whether the mark says anything that does not stand already. */
const isNew = ({
  on,
  status,
  reason,
}: Pick<WantedMark, 'status' | 'reason'> & { readonly on: BoardPerson }): boolean =>
  on.record.pending || on.record.status !== status || (reason !== undefined && reason !== on.note);

async function takeBack({ act }: At, board: Board, person: BoardPerson): Promise<Outcome> {
  granted(await undoMark(act, board.id, person.id, person.seq));
  return {
    json: { session: board.id, person: person.id, number: person.number, undone: true },
    lines: [`The last mark of ${person.number} ${person.name} is taken back.`],
  };
}
