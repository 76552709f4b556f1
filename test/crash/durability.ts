import type { Syscall } from './syscall-trace.ts';

const isSync = ({ name }: Syscall) => name === 'fdatasync' || name === 'fsync';
const isOnLog = ({ target }: Syscall) => target.endsWith('.db-wal');
const isWrite = ({ name }: Syscall) => name.startsWith('pwrite') || name === 'write';
/** The log's own head, 32 bytes at its beginning, is written and synced before the first commit's pages. */
const isLogHead = ({ text }: Syscall) => /, 32, 0$/.test(text);

/** What one transaction put into the write-ahead log, and the sync that ended it. */
export interface LoggedCommit {
  readonly writes: readonly Syscall[];
  readonly sync: Syscall | null;
}

/** The transactions in the log, in order: each is its writes up to the sync that follows them. */
export function listCommits(calls: readonly Syscall[]): LoggedCommit[] {
  const commits: LoggedCommit[] = [];
  let writes: Syscall[] = [];
  for (const call of calls.filter(isOnLog)) {
    if (isWrite(call)) writes.push(call);
    if (!isSync(call) || writes.every(isLogHead)) continue;
    commits.push({ writes, sync: call });
    writes = [];
  }
  if (writes.length > 0) commits.push({ writes, sync: null });
  return commits;
}

/** A 200 on its way to a phone, with the attempt that it answers. */
export interface AnswerCall {
  readonly attempt: string;
  readonly call: Syscall;
}

export function listAnswers(calls: readonly Syscall[]): AnswerCall[] {
  const sends = calls.filter(
    ({ target, text }) => target.startsWith('TCP') && text.includes('HTTP/1.1 200'),
  );
  return sends.flatMap((call) =>
    [...call.text.matchAll(/\\"attempt\\":\\"([A-Za-z0-9-]{16,64})\\"/g)].map(([, attempt]) => ({
      attempt: attempt as string,
      call,
    })),
  );
}

/**
 * Why each answer that left too early did: before its batch was in the log, or before a sync that began after the
 * last of the batch's writes had come back well.
 * @param batchOf the place of an attempt's transaction among `commits`
 */
export function listEarlyAnswers(
  answers: readonly AnswerCall[],
  commits: readonly LoggedCommit[],
  batchOf: ReadonlyMap<string, number>,
): string[] {
  return answers.flatMap(({ attempt, call }) => {
    const commit = commits[batchOf.get(attempt) ?? -1];
    const said = (why: string) => [`${attempt}: ${why} (line ${call.begin + 1} of the trace)`];
    if (!commit) return said('no transaction in the log');
    const { sync, writes } = commit;
    if (!sync) return said('the log was not synced');
    if (writes.some(({ end }) => end > sync.begin)) return said('the log was synced too early');
    if (sync.result !== 0) return said('the sync failed');
    return sync.end < call.begin ? [] : said('it left before the sync');
  });
}
