import type { EventId, StreamName } from '../core/brand.ts';

/**
 * What does not hold. `gap`: an event is missing or out of order; `hash`: the event was changed; `head`: the
 * stream's end was changed or cut off; `payload`: it is gone or does not open; `digest`: it is not the one that was
 * hashed; `record`, `hold`: what is stored for a person is not what the events say; `cutoff`: a run of retention was to
 * destroy more than the rules of its time let go; `held`: somebody was erased in spite of a legal hold.
 */
export interface LedgerFault {
  readonly kind:
    | 'gap'
    | 'hash'
    | 'head'
    | 'payload'
    | 'digest'
    | 'record'
    | 'hold'
    | 'cutoff'
    | 'held';
  readonly stream: StreamName;
  readonly seq: number;
  /** The event at which it shows; null where there is none. */
  readonly id: EventId | null;
  /** Whose record or hold it is, for `record`, `hold` and `held`. */
  readonly person?: string;
}
