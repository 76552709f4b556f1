import { setTimeout } from 'node:timers/promises';
import type { Problem } from '../client/request.ts';
import { loadBoard, markPeople, undoMark } from '../client/session.ts';
import { refusalCodes } from '../core/refusal.ts';
import type { Board, BoardPerson } from '../core/session.wire.ts';
import { MarkDesk } from './mark-desk.ts';
import { byNumber, statusKeys } from './mark-list.ts';
import { granted, type Place } from './place.ts';
import { followRoll } from './roll-feed.ts';
import { personLine } from './roll-people.ts';
import { openScreen } from './screen.ts';
import { styleFor } from './style.ts';

const patienceMs = 1_000;
const wide = 200;

/** The roll, marked by one key a person; arrivals by phone appear meanwhile. */
export function takeRoll(place: Place, board: Board): Promise<void> {
  return place.dialogue.linear ? takeByLines(place, board) : takeByKeys(place, board);
}

async function takeByKeys(place: Place, board: Board): Promise<void> {
  const { visit, explain, dialogue } = place;
  const { promise, resolve } = Promise.withResolvers<Problem | null>();
  const style = styleFor(process.stdout);
  const problem = await dialogue.lend(async () => {
    const { sendOnce: send, liveUrl, open } = visit;
    using feed = followRoll({ send, liveUrl, open, board, onChange });
    const patience = (): Promise<void> => setTimeout(patienceMs);
    const desk = new MarkDesk({ send, feed, explain, onChange, onEnd: resolve, patience });
    using screen = openScreen(process.stdin, process.stdout, {
      onKey: (key) => desk.press(key),
      onResize: draw,
    });
    let isDue = false;
    draw();

    /** Many arrivals at once are drawn once. */
    function onChange(): void {
      if (isDue) return;
      isDue = true;
      setImmediate(draw);
    }

    function draw(): void {
      isDue = false;
      if (feed.line === 'signed-out') resolve(ended('sign-in-needed'));
      if (feed.refused !== null) resolve(ended(feed.refused));
      const { columns, rows } = screen;
      screen.draw(desk.draw({ columns, rows, style }));
    }

    return await promise;
  });
  if (problem) granted(place, { ok: false, problem });
}

async function takeByLines(place: Place, first: Board): Promise<void> {
  const { dialogue, visit } = place;
  const deeds: { person: BoardPerson; seq: number }[] = [];
  dialogue.say(
    'Type a number and a mark, such as 007 P. Marks: P present, L late, A absent, E excused.',
    'A reason may follow. list reads everybody, u takes the last mark back, done ends.',
  );
  for (;;) {
    const typed = await dialogue.ask('Number and mark');
    if (typed === 'done') return;
    const board = granted(place, await loadBoard(visit.send, first.id));
    if (typed === 'list') {
      const people = [...board.people].sort(byNumber);
      dialogue.say(...people.map((person) => personLine(person, board.zone, wide)));
    } else if (typed === 'u') {
      const deed = deeds.pop();
      if (deed) granted(place, await undoMark(visit.send, first.id, deed.person.id, deed.seq));
      dialogue.say(deed ? `${deed.person.name}: taken back.` : 'Nothing was marked here yet.');
    } else {
      const deed = await markLine(place, board, typed);
      if (deed) deeds.push(deed);
    }
  }
}

/** `007 A overslept`: number, mark and reason. */
async function markLine(
  { dialogue, visit, explain }: Place,
  { id, people }: Board,
  line: string,
): Promise<{ person: BoardPerson; seq: number } | null> {
  const [, number = '', key = '', note = ''] = /^(\S+)\s+([plae])(?:\s+(.+))?$/i.exec(line) ?? [];
  const person = people.find((each) => each.number === number);
  const status = statusKeys[key.toLowerCase()];
  if (!person || !status) {
    dialogue.say(number === '' ? 'Such as: 007 P' : `Nobody here has the number ${number}.`);
    return null;
  }
  const body = { people: [person.id], status, ...(note === '' ? {} : { note }) };
  const answer = await markPeople(visit.send, id, body);
  dialogue.say(answer.ok ? `${person.name}: ${status}.` : explain(answer.problem));
  return answer.ok ? { person, seq: answer.value.seq } : null;
}

/** The server said on the live channel that there is nothing to follow any more. */
const ended = (code: string): Problem => ({
  code: refusalCodes.find((known) => known === code) ?? 'internal',
  status: 0,
  requestId: null,
  detail: {},
});
