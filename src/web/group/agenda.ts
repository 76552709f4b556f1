import type { Answer, Send } from '../../client/request.ts';
import { listSessions } from '../../client/session.ts';
import type { SessionLine } from '../../core/session.wire.ts';

/** What runs now, and what else today and later holds. */
export interface Agenda {
  readonly running: readonly SessionLine[];
  readonly others: readonly SessionLine[];
}

/** Asks for the open, the planned and today's sessions at once. */
export async function loadAgenda(send: Send, today: string): Promise<Answer<Agenda>> {
  const answers = await Promise.all([
    listSessions(send, { state: 'open' }),
    listSessions(send, { state: 'planned' }),
    listSessions(send, { date: today }),
  ]);
  const lines = new Map<string, SessionLine>();
  for (const answer of answers) {
    if (!answer.ok) return answer;
    for (const line of answer.value) lines.set(line.id, line);
  }
  return { ok: true, value: deriveAgenda([...lines.values()]) };
}

/** Open ones by themselves, the rest in the order of the day. */
function deriveAgenda(lines: readonly SessionLine[]): Agenda {
  const sorted = lines.toSorted((left, right) => left.startsAt - right.startsAt);
  return {
    running: sorted.filter(({ state }) => state === 'open'),
    others: sorted.filter(({ state }) => state !== 'open'),
  };
}
