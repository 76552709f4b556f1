import type { Instant, LocalDate, SessionId } from '../core/brand.ts';
import { localTime } from '../core/local-time.ts';
import type { BoardPerson } from '../core/session.wire.ts';
import { attended } from '../core/status.ts';
import { listBoardPeople, loadBoardPeople } from '../store/board.ts';
import type { Directory } from '../store/directory.ts';
import { loadSession } from '../store/session.ts';
import type { Store } from '../store/store.ts';
import { byteOrderMark, writeCsv } from './csv.ts';
import { Pace } from './pace.ts';

const headings = ['Number', 'Name', 'Status', 'Time', 'Minutes late', 'How', 'Note'];
const rowsAtOnce = 250;

/**
 * A session's register as CSV for spreadsheets (RFC 4180, UTF-8 with its signature): everybody on its board, by
 * number, then name. Two phones that claim one person give the status `disputed`. The time is that of coming, with
 * its date where that is not the session's.
 * @returns empty text where there is no such session
 */
export async function renderSessionCsv(
  store: Store,
  directory: Directory,
  id: SessionId,
  zone: string,
): Promise<string> {
  const session = await loadSession(store, store.engine.read, id);
  if (!session) return '';
  const people = await loadBoardPeople(store, directory, id, await listBoardPeople(store, session));
  people.sort(byNumber);
  const pace = new Pace();
  const pieces = [byteOrderMark, writeCsv([headings], '\r\n')];
  for (let start = 0; start < people.length; start += rowsAtOnce) {
    const some = people.slice(start, start + rowsAtOnce);
    pieces.push(
      writeCsv(
        some.map((person) => cells(person, session.date, zone)),
        '\r\n',
      ),
    );
    await pace.breathe();
  }
  return pieces.join('');
}

function cells(
  { number, name, record, note }: BoardPerson,
  date: LocalDate,
  zone: string,
): string[] {
  const { status, at, minutesLate, how, pending } = record;
  return [
    number,
    name,
    pending ? 'disputed' : (status ?? ''),
    attended(status) && at !== null ? timeOf(at, date, zone) : '',
    status === 'late' && !pending ? String(minutesLate) : '',
    how ?? '',
    note ?? '',
  ];
}

function timeOf(at: Instant, date: LocalDate, zone: string): string {
  const local = localTime(at, zone);
  return local.date === date ? local.time : `${local.date} ${local.time}`;
}

const order = new Intl.Collator('en', { numeric: true });

const byNumber = (left: BoardPerson, right: BoardPerson): number =>
  order.compare(left.number, right.number) ||
  order.compare(left.name, right.name) ||
  (left.id < right.id ? -1 : 1);
