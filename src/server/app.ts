import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import type { Installation, NetworkAddress } from '../core/organisation.wire.ts';
import type { CheckInOutcome, PreparedAttempt } from '../store/check-in-attempt.ts';
import type { Directory } from '../store/directory.ts';
import type { GroupCommit } from '../store/group-commit.ts';
import type { PeopleSearch } from '../store/people-search.ts';
import type { SignedIn } from '../store/sign-in.ts';
import type { Store } from '../store/store.ts';
import type { BackupJob } from './backup-job.ts';
import type { Config } from './config.ts';
import type { DatabaseAway } from './database-away.ts';
import type { Guesses } from './guess.ts';
import type { Health } from './health.ts';
import type { Leases } from './lease.ts';
import type { LiveHub } from './live.ts';
import type { Metrics } from './metrics.ts';
import type { OperatorToken } from './operator-token.ts';
import type { PasswordHashes } from './password-hash.ts';
import type { SetUpLink } from './set-up-link.ts';
import type { Settings } from './settings.ts';
import type { SignInRush } from './sign-in-rush.ts';
import type { SignInThrottle } from './sign-in-throttle.ts';
import type { Warnings } from './warnings.ts';

/** What use cases stand on. Made in one place (start.ts); a test makes it with its own clock and randomness. */
export interface App {
  /** Names this process among the instances of an installation: random at each start. */
  readonly instance: string;
  readonly config: Config;
  readonly store: Store;
  readonly settings: Settings;
  readonly directory: Directory;
  /** Everybody of the organisation, to be searched. */
  readonly people: PeopleSearch;
  readonly checkIns: GroupCommit<PreparedAttempt, CheckInOutcome>;
  readonly live: LiveHub;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly databaseAway: DatabaseAway;
  /** What this instance does without being asked, while it is its turn. */
  readonly leases: Leases;
  /** Makes backups; null where this server was given no folder for them. */
  readonly backups: BackupJob | null;
  readonly guesses: Guesses;
  readonly warnings: Warnings;
  readonly setUpLink: SetUpLink;
  readonly operatorToken: OperatorToken;
  readonly passwords: PasswordHashes;
  readonly signInThrottle: SignInThrottle;
  readonly signInRush: SignInRush;
  readonly log: FastifyBaseLogger;
  /** Our own certificate authority, for people to install; null where there is none. */
  readonly authority: Installation['authority'];
  /** Folder of the built pages. */
  readonly webFolder: string;
  authenticate(
    request: Pick<FastifyRequest, 'headers' | 'cookies' | 'trust' | 'method'>,
  ): Promise<SignedIn | null>;
  /** Where phones can reach this server now, best first. */
  origins(): NetworkAddress[];
  /** The TLS listener's origin for the host that somebody used. */
  secureOrigin(origin: string): string;
}

/**
 * The same app for somebody who is signed in: what use cases append to the ledger names the sign-in that it came from.
 * What many share (check-ins, jobs) keeps the app's own store, so nothing of one request gets into another's events.
 */
export function actFor(app: App, me: SignedIn | null): App {
  const signIn = me?.from;
  return signIn === undefined ? app : { ...app, store: { ...app.store, signIn } };
}
