import type { Owned } from './owned.ts';

/** Runs by the rules of retention that destroyed something. */
export interface RetentionRunTable extends Owned {
  /** Sequence of the event `retention.begun` in the organisation's stream. */
  run: number;
  began_at: number;
  actor: string;
  /** JSON: by kind the instant before which everything goes. */
  cutoffs: string;
  /** JSON: by kind how much went so far. */
  counts: string;
  /** Null while it goes on, or where it was broken off. */
  ended_at: number | null;
}

/** How far in a stream everything of a kind is gone. */
export interface RetentionMarkTable extends Owned {
  kind: string;
  stream: string;
  seq: number;
}

/**
 * Events of one stream that were received within a quarter of an hour: the audit finds what happened in all streams by
 * time through them. Derived from the ledger, after the fact; of each stream the last one stands in `stretch_end`.
 */
export interface StretchTable extends Owned {
  stream: string;
  first_seq: number;
  last_seq: number;
  /** The earliest and the latest instant at which one of them was received. */
  from_at: number;
  until_at: number;
}

/** Signed ends of streams that were made, to be shown and sent again. */
export interface AnchorTable extends Owned {
  made_at: number;
  /** SHA-256 of the text, in hex. */
  digest: string;
  streams: number;
  text: string;
}
