import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PersonId, SessionId } from '../src/core/brand.ts';
import type { Board } from '../src/core/session.wire.ts';
import type { WatchReport, WatchTask } from './boards-watch.ts';
import type { Child } from './child.ts';
import { postRequest, quantile, RawConnection } from './rush-client.ts';

const patienceMs = 60_000;
const pauseMs = 250;

/** Milliseconds on the machine's own clock, which all its processes share. */
export const machineNow = (): number => Number(process.hrtime.bigint()) / 1e6;

export interface BoardTimes {
  /** From the sending of the mark to its answer: it is durable then. Median over the events. */
  readonly answerMs: number;
  /** The same to the board in the middle, median over the events. */
  readonly boardMs: number;
  /** The same to the last board, median over the events. */
  readonly lastMs: number;
  /** The same to the last board, the slowest event. */
  readonly slowestMs: number;
}

/**
 * One event to many watching boards, several times over: from the sending of the mark, which goes to the first server,
 * to the last board that has it. The boards live in a process of their own, spread evenly over the servers.
 */
export async function measureBoards(
  servers: readonly [Child, ...Child[]],
  session: SessionId,
  { boards, events }: { boards: number; events: number },
): Promise<BoardTimes> {
  const [server] = servers;
  const { people, seq } = (await askOperator(server, `/api/sessions/${session}`)) as Board;
  const person = people[0]?.id as PersonId;
  const watchers = fork(join(import.meta.dirname, 'boards-watch.ts'));
  const gone = once(watchers, 'exit').then(() => {
    throw new Error('the process of the boards is gone');
  });
  gone.catch(() => {});
  const hear = async (): Promise<WatchReport> => {
    const signal = AbortSignal.timeout(patienceMs);
    const heard = once(watchers, 'message', { signal });
    const [report] = (await Promise.race([heard, gone])) as [WatchReport];
    return report;
  };
  try {
    const doors = servers.map(({ port, token }) => ({ port, token }));
    watchers.send({ doors, session, since: seq, boards } satisfies WatchTask);
    await hear();
    const operator = await RawConnection.open(server.port);
    const answers = new Float64Array(events);
    const middles = new Float64Array(events);
    const lasts = new Float64Array(events);
    for (let event = 0; event < events; event += 1) {
      await sleep(pauseMs);
      const body = { people: [person], status: event % 2 === 0 ? 'excused' : 'present' };
      const text = postRequest(
        `/api/sessions/${session}/marks`,
        JSON.stringify(body),
        bearer(server),
      );
      const sent = machineNow();
      const mark = async () => {
        const answer = await operator.request(text);
        answers[event] = machineNow() - sent;
        return answer;
      };
      const [report, answer] = await Promise.all([hear(), mark()]);
      if (answer.status !== 200) throw new Error(`the mark: ${answer.status} ${answer.body}`);
      const marked = (JSON.parse(answer.body) as { seq: number }).seq;
      if (report.seq !== marked) throw new Error('another event came between');
      middles[event] = report.middle - sent;
      lasts[event] = report.last - sent;
    }
    operator.close();
    return {
      answerMs: quantile(answers, 0.5),
      boardMs: quantile(middles, 0.5),
      lastMs: quantile(lasts, 0.5),
      slowestMs: Math.max(...lasts),
    };
  } finally {
    watchers.kill();
  }
}

const bearer = (server: Child): string => `Authorization: Bearer ${server.token}\r\n`;

/**
 * A question of the command line on the machine itself; with a body it is a POST.
 * @throws where the answer is a refusal
 */
export async function askOperator(server: Child, path: string, body?: unknown): Promise<unknown> {
  const connection = await RawConnection.open(server.port);
  const get = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${bearer(server)}\r\n`;
  const text = body === undefined ? get : postRequest(path, JSON.stringify(body), bearer(server));
  const answer = await connection.request(text);
  connection.close();
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body);
}
