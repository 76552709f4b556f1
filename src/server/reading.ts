import type { PersonId } from '../core/brand.ts';
import type { Engine } from '../store/engine.ts';
import { commit } from '../store/ledger.ts';
import { readsStream } from '../store/store.ts';
import type { App } from './app.ts';
import type { Context } from './route.ts';

/** What is read. */
export type Reading =
  | 'audit.read'
  | 'mail.read'
  | 'person.read'
  | 'register.read'
  | 'roster.exported'
  | 'session.exported'
  | 'session.history-read';

/** Path and query of the request: they say whose it is. */
type Asked = Pick<Context<unknown>, 'params' | 'query'>;

interface Noted {
  readonly at: number;
  readonly done: Promise<void>;
}

const onceInMs = 10 * 60_000;
const mostKept = 10_000;
const lately = new WeakMap<Engine, Map<string, Noted>>();

/**
 * Writes down that somebody reads what is sensitive, before they get it: once in ten minutes for one reader, the place
 * from which they come, and one thing. What cannot be written down is not shown: the exception of a database that is away, or whose disk is full,
 * becomes that refusal.
 */
export function noteReading(
  { store }: Pick<App, 'store'>,
  reader: string,
  type: Reading,
  { params, query }: Asked,
): Promise<void> {
  const { group, session } = params;
  const subject = (params.person ?? readId(query.person)) as PersonId | null;
  const noted = lately.get(store.engine) ?? new Map<string, Noted>();
  lately.set(store.engine, noted);
  const key = [store.organisation, reader, store.signIn, type, subject, group, session].join();
  const now = store.clock.now();
  const isLate = (at: number) => now < at || now - at >= onceInMs;
  const before = noted.get(key);
  if (before && !isLate(before.at)) return before.done;
  const done = commit(store, async ({ now: occurredAt, append }) => {
    const facts = { group, session };
    await append([{ stream: readsStream, type, occurredAt, actor: reader, subject, facts }]);
  });
  noted.delete(key);
  noted.set(key, { at: now, done });
  done.catch(() => noted.delete(key));
  for (const [old, { at }] of noted) {
    if (noted.size <= mostKept && !isLate(at)) break;
    noted.delete(old);
  }
  return done;
}

const readId = (text: string | undefined): string | null =>
  text !== undefined && /^[\da-f-]{36}$/.test(text) ? text : null;
