import type { OrganisationId, SessionId, StreamName } from '../core/brand.ts';
import type { Clock, Random } from '../core/clock.ts';
import type { Engine } from './engine.ts';
import type { KeyFolder } from './key-folder.ts';
import type { Vault } from './vault.ts';

/** An open database with the keys to read it. Every query of this room takes one. */
export interface Store {
  readonly engine: Engine;
  readonly vault: Vault;
  readonly keys: KeyFolder;
  readonly organisation: OrganisationId;
  readonly clock: Clock;
  readonly random: Random;
  /** Told after each commit which streams grew; only wakes readers, the truth is in the ledger. */
  readonly wake: (streams: readonly StreamName[]) => void;
  /** Told each time a transaction is decided again, after a conflict or a lost connection. */
  readonly onRetry?: () => void;
  /** What is done with it is decided in full, and then taken back: nothing of it stays. */
  readonly isRehearsal?: boolean;
  /**
   * From where is done what is done with it: the event of the organisation's stream that says address and device of the
   * sign-in. Every event that is appended names it. Nothing where nobody is signed in.
   */
  readonly signIn?: number;
}

export const sessionStream = (session: SessionId) => `session:${session}` as StreamName;
/** People: added, changed, merged, erased. */
export const peopleStream = 'people' as StreamName;
/** Who read what is sensitive. */
export const readsStream = 'reads' as StreamName;
/** Groups, their hosts and enrolments. */
export const groupStream = (group: string) => `group:${group}` as StreamName;
/** The group whose stream this is, or null. */
export const groupOf = (stream: string): string | null =>
  stream.startsWith('group:') ? stream.slice('group:'.length) : null;
/** Settings, accounts, invitations, sign-ins, keys, backups. */
export const organisationStream = 'organisation' as StreamName;

/** The session whose stream this is, or null. */
export const sessionOf = (stream: string): SessionId | null =>
  stream.startsWith('session:') ? (stream.slice('session:'.length) as SessionId) : null;
