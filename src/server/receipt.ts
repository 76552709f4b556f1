import type { Instant } from '../core/brand.ts';
import type { Receipt } from '../core/check-in.wire.ts';
import { claimMark } from '../core/claim-mark.ts';
import { localMinute } from '../core/local-time.ts';
import type { RecordState } from '../core/record.ts';
import { loadStanding } from '../store/receipt.ts';
import type { SessionRow } from '../store/session.ts';
import type { App } from './app.ts';

/** What people call the session: its title, else its group's name, else who holds it. */
export async function sessionTitle(app: App, session: SessionRow): Promise<string> {
  const group = session.group === null ? '' : await app.directory.groupName(session.group);
  return session.title || group || app.settings.current.name || 'Muster';
}

export async function presentReceipt(
  app: App,
  session: SessionRow,
  {
    attempt,
    browser,
    number,
    already,
    record,
    claimedAt = null,
    proof,
  }: {
    attempt: string;
    browser: string;
    number: string;
    already: boolean;
    record: RecordState | null;
    /** When the phone asked; told where nothing stands any more. */
    claimedAt?: Instant | null;
    proof: string;
  },
): Promise<Receipt> {
  const { zone } = app.settings.current;
  const { time, day } = sayWhen(record?.at ?? claimedAt ?? session.startsAt, zone);
  return {
    attempt,
    status: record?.pending ? 'pending' : (record?.status ?? 'none'),
    already,
    session: await sessionTitle(app, session),
    number,
    minutesLate: record?.minutesLate ?? 0,
    time,
    day,
    zone,
    mark: claimMark(session.id, browser),
    proof,
  };
}

interface When {
  readonly time: string;
  readonly day: string;
}

const said = new Map<string, When>();

/** Time and day in the site's zone; a rush asks for the same minute again and again. */
function sayWhen(at: Instant, zone: string): When {
  const key = `${Math.floor(at / 60_000)}/${zone}`;
  let when = said.get(key);
  if (!when) {
    const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: zone });
    when = { time: localMinute(at, zone), day: format.format(at) };
    if (said.size > 1_000) said.clear();
    said.set(key, when);
  }
  return when;
}

/** What stands behind an earlier attempt of this browser; null where it made none. */
export async function findReceipt(
  app: App,
  attempt: string,
  browser: string,
): Promise<Receipt | null> {
  const { store, directory } = app;
  const row = await store.engine.read
    .selectFrom('attempt')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('attempt', '=', attempt)
    .where('browser', '=', browser)
    .executeTakeFirst();
  if (!row) return null;
  const standing = await loadStanding(store, row);
  if (!standing) return null;
  const person = (await directory.get([row.person])).values().next().value;
  return presentReceipt(app, standing.session, {
    attempt,
    browser,
    number: person?.number ?? '',
    already: false,
    record: standing.record,
    claimedAt: standing.claimedAt,
    proof: standing.proof,
  });
}
