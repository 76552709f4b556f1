import { cancelSession, loadBoard, moveSession, openSession } from '../../client/session.ts';
import { granted } from '../connection.ts';
import { Misused } from '../failure.ts';
import { count } from '../output.ts';
import { type Action, type At, action, type Outcome } from '../script/action.ts';
import { findGroup, findSession } from '../script/find.ts';
import { sessionArgument, tallyOf } from './look.ts';

const title = { type: 'string', value: 'TEXT', text: 'what it is called' } as const;
const ends = {
  type: 'string',
  value: 'TIME',
  text: 'when it closes by itself, such as 2026-11-23T10:30, in the organisation’s zone',
} as const;

/** Opening, closing and planning sessions. */
export const changeSessions: readonly Action[] = [
  action({
    name: 'open',
    arguments: [{ name: 'GROUP|SESSION' }],
    summary: 'a session of a group, now; or one that was planned',
    flags: { title, ends },
    changes: true,
    run: open,
  }),
  action({
    name: 'plan',
    arguments: [{ name: 'GROUP' }],
    summary: 'a session of a group that opens by itself',
    flags: {
      starts: { type: 'string', value: 'TIME', text: 'when, such as 2026-11-23T09:00' },
      ends,
      title,
    },
    changes: true,
    async run(at, [word = ''], values) {
      if (values.starts === undefined) throw new Misused('Say when with --starts TIME.');
      return begin(at, word, values);
    },
  }),
  action({
    name: 'close',
    arguments: sessionArgument,
    summary: 'closes a session; the enrolled without a mark become absent',
    changes: true,
    async run({ act, look }, [word = '']) {
      const id = await findSession(look, word);
      const board = granted(await loadBoard(look, id));
      if (board.state === 'closed') return same(id, 'closed');
      granted(await moveSession(act, id, 'close'));
      const { missing } = tallyOf(board);
      return {
        json: { id, state: 'closed', changed: true, absent: missing },
        lines: [`The session is closed; ${count(missing, 'person', 'people')} marked absent.`],
      };
    },
  }),
  action({
    name: 'reopen',
    arguments: sessionArgument,
    summary: 'opens a closed or cancelled session again',
    changes: true,
    async run({ act, look }, [word = '']) {
      const id = await findSession(look, word);
      if (granted(await loadBoard(look, id)).state === 'open') return same(id, 'open');
      granted(await moveSession(act, id, 'reopen'));
      return { json: { id, state: 'open', changed: true }, lines: ['The session is open again.'] };
    },
  }),
  action({
    name: 'cancel',
    arguments: sessionArgument,
    summary: 'cancels a session: it counts for nobody',
    flags: { reason: { type: 'string', value: 'TEXT', text: 'why; it is needed' } },
    changes: true,
    async run({ act, look }, [word = ''], { reason = '' }) {
      const id = await findSession(look, word);
      if (granted(await loadBoard(look, id)).state === 'cancelled') return same(id, 'cancelled');
      granted(await cancelSession(act, id, reason));
      return {
        json: { id, state: 'cancelled', changed: true },
        lines: ['The session is cancelled.'],
      };
    },
  }),
];

const same = (id: string, state: string): Outcome => ({
  json: { id, state, changed: false },
  lines: [`The session is ${state} already.`],
});

async function open(
  at: At,
  [word = '']: readonly string[],
  values: { readonly title?: string; readonly ends?: string },
): Promise<Outcome> {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(word)) return begin(at, word, values);
  const board = await loadBoard(at.look, word);
  // an id may be a group's too
  if (!board.ok) return begin(at, word, values);
  if (board.value.state === 'open') return same(word, 'open');
  granted(await moveSession(at.act, word, 'open'));
  return {
    json: { id: word, state: 'open', changed: true },
    lines: ['The session is open.'],
  };
}

async function begin(
  { act, look, isDryRun, visit, zone }: At,
  word: string,
  values: { readonly title?: string; readonly starts?: string; readonly ends?: string },
): Promise<Outcome> {
  const { id: group, name } = await findGroup(look, word);
  const { title: called, starts, ends: until } = values;
  const { id } = granted(
    await openSession(act, {
      group,
      ...(called === undefined ? {} : { title: called }),
      ...(starts === undefined ? {} : { startsAt: readTime('--starts', starts, zone) }),
      ...(until === undefined ? {} : { endsAt: readTime('--ends', until, zone) }),
    }),
  );
  const said = `A session of ${name} is ${starts === undefined ? 'open' : 'planned'}`;
  if (isDryRun) return { json: { group }, lines: [`${said}.`] };
  const url = `${visit.origin}/app/sessions/${id}`;
  return { json: { id, group, url }, lines: [`${said}: ${id}`] };
}

/** @throws Misused for what is no local date and time, or an instant */
function readTime(flag: string, text: string, zone: string): number {
  try {
    return /(Z|[+-]\d\d:?\d\d)$/i.test(text)
      ? Temporal.Instant.from(text).epochMilliseconds
      : Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
  } catch {
    throw new Misused(`${flag} takes a time such as 2026-11-23T09:00, not "${text}".`);
  }
}
