import type { LocalDate } from '../core/brand.ts';
import { localTime } from '../core/local-time.ts';
import type { Directory, Known } from '../store/directory.ts';
import type { Store } from '../store/store.ts';
import { byteOrderMark, writeCsv } from './csv.ts';
import { type Arrival, DayBook } from './day-book.ts';
import { Pace } from './pace.ts';

export const dayFileName = (date: LocalDate): string => `attendance_${date}.csv`;

const header = 'Roll,Name,Time\n';
const rowsAtOnce = 250;

interface Row {
  readonly second: number;
  readonly roll: string;
  readonly name: string;
  readonly time: string;
  readonly person: string;
}

/**
 * The day file of a local date, as text: everybody who came on it and stands as present or late, by time, then roll;
 * people as they are known now, an erased one as `erased`.
 *
 * Lines end in LF, which every spreadsheet reads and which leaves the first line exactly `Roll,Name,Time`. The file
 * begins with the UTF-8 signature only where a name or number needs more than ASCII: without it Excel would show
 * those wrong, and a file that needs none stays readable by whatever compares the header byte by byte.
 */
export async function renderDayFile(
  store: Store,
  directory: Directory,
  date: LocalDate,
  zone: string,
  book: DayBook = new DayBook(store),
): Promise<string> {
  const pace = new Pace();
  const arrivals = await book.arrivals(date, zone);
  const known = await directory.get(arrivals.map(({ person }) => person));
  const rows: Row[] = [];
  for (const [index, arrival] of arrivals.entries()) {
    rows.push(readRow(arrival, known.get(arrival.person), zone));
    if (index % rowsAtOnce === 0) await pace.breathe();
  }
  rows.sort(byTime);
  const pieces = [header];
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const some = rows.slice(start, start + rowsAtOnce);
    pieces.push(
      writeCsv(
        some.map(({ roll, name, time }) => [roll, name, time]),
        '\n',
      ),
    );
    await pace.breathe();
  }
  const text = pieces.join('');
  return /^\p{ASCII}*$/u.test(text) ? text : byteOrderMark + text;
}

function readRow({ person, at }: Arrival, known: Known | undefined, zone: string): Row {
  const erased = !known || known.state === 'erased';
  return {
    second: Math.floor(at / 1_000),
    roll: erased ? 'erased' : (known.number ?? ''),
    name: erased ? 'erased' : known.name,
    time: localTime(at, zone).time,
    person,
  };
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** The same people at the same times always give the same bytes. */
const byTime = (left: Row, right: Row): number =>
  left.second - right.second ||
  compare(left.roll, right.roll) ||
  compare(left.person, right.person);
