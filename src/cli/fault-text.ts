import type { LedgerFault } from '../store/ledger-fault.ts';
import type { FileFault } from '../store/verify-file.ts';

const texts: Readonly<Record<LedgerFault['kind'] | FileFault['kind'], string>> = {
  gap: 'an event before this one is missing, or they are out of order',
  hash: 'this event was changed',
  head: 'the stream ends here, but not by what its head says: events were cut off or slipped in',
  payload: 'its sealed data are gone, do not open or are not what was hashed',
  digest: 'its sealed data are not what was hashed',
  record: 'the stored record is not what the events say; muster rebuild mends it',
  hold: 'the stored legal hold is not what the events say',
  held: 'somebody was erased whom a legal hold kept',
  cutoff: 'this run of retention was to destroy more than the rules of its time let go',
  line: 'this line is not as it was exported',
  cut: 'the file ends too early, or goes on after its end',
};

/** What does not hold in the database, in one line. */
export function describeFault({ kind, stream, seq, id, person }: LedgerFault): string {
  const who = person === undefined ? '' : `, person ${person}`;
  return `${stream}, event ${seq}${id === null ? '' : ` (${id})`}${who}: ${texts[kind]}`;
}

/** What does not hold in an exported file, in one line. */
export function describeFileFault({ kind, line, stream, seq }: FileFault): string {
  const event = stream === null ? '' : `, ${stream}${seq === null ? '' : `, event ${seq}`}`;
  return `line ${line}${event}: ${texts[kind]}`;
}
