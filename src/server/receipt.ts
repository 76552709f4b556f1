import type { Instant } from '../core/brand.ts';
import type { Receipt } from '../core/check-in.wire.ts';
import { claimMark } from '../core/claim-mark.ts';
import { localMinute } from '../core/local-time.ts';
import type { RecordState } from '../core/record.ts';
import { loadGroupName } from '../store/group-name.ts';
import { loadStanding } from '../store/receipt.ts';
import type { SessionRow } from '../store/session.ts';
import type { App } from './app.ts';

/** What people call the session: its title, else its group's name, else nothing. */
export async function sessionTitle(app: App, session: SessionRow): Promise<string> {
  if (session.title !== '' || session.group === null) return session.title;
  return (await loadGroupName(app.store, session.group)) ?? '';
}

export async function presentReceipt(
  app: App,
  session: SessionRow,
  {
    attempt,
    number,
    already,
    record,
    proof,
  }: {
    attempt: string;
    number: string;
    already: boolean;
    record: RecordState | null;
    proof: string;
  },
): Promise<Receipt> {
  const { zone } = app.settings.current;
  const at = (record?.at ?? session.startsAt) as Instant;
  return {
    attempt,
    status: record?.pending ? 'pending' : (record?.status ?? 'none'),
    already,
    session: await sessionTitle(app, session),
    number,
    minutesLate: record?.minutesLate ?? 0,
    time: localMinute(at, zone),
    day: dayName(at, zone),
    zone,
    mark: claimMark(attempt),
    proof,
  };
}

const days = new Map<string, Intl.DateTimeFormat>();

function dayName(at: Instant, zone: string): string {
  let format = days.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: zone });
    days.set(zone, format);
  }
  return format.format(at);
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
    number: person?.number ?? '',
    already: false,
    record: standing.record,
    proof: standing.proof,
  });
}
