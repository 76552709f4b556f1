import { z } from 'zod';
import { languages, vocabularies } from './account.wire.ts';
import { title } from './field.wire.ts';

/** GET/POST /api/organisation (GET: signed in, POST: admin) */
export const organisationSettings = z.strictObject({
  name: title,
  zone: z.string().max(64),
  language: z.enum(languages),
  words: z.enum(vocabularies),
  dayFiles: z.boolean(),
});
export type OrganisationSettings = z.infer<typeof organisationSettings>;

/** GET /api/installation (admin, host): what the machine knows of itself. Folders and instances only for an admin. */
export interface Installation {
  readonly version: string;
  readonly addresses: readonly NetworkAddress[];
  readonly folders: {
    readonly data: string;
    readonly keys: string;
    readonly dayFiles: string | null;
  } | null;
  /** Servers that work on this database now; null where it lies in the data folder of this one. */
  readonly instances: readonly RunningInstance[] | null;
  readonly warnings: readonly Warning[];
  /** Whether the data lie on a database server. */
  readonly onServer: boolean;
  readonly newestBackupAt: number | null;
  readonly authority: { readonly fingerprint: string; readonly url: string } | null;
}

export interface RunningInstance {
  /** Stands in each line of its log. */
  readonly id: string;
  /** Name of its machine. */
  readonly machine: string;
  readonly version: string;
  readonly startedAt: number;
  readonly seenAt: number;
  /** Whether it gave this answer. */
  readonly here: boolean;
}

/** One way in for a phone. */
export interface NetworkAddress {
  readonly origin: string;
  readonly label: string;
  readonly kind: 'lan' | 'loopback' | 'link-local' | 'virtual' | 'public';
}

/**
 * Things a host must hear of: the machine slept, its address or clock changed, a day file is held open, instances
 * cannot wake each other.
 */
export interface Warning {
  readonly kind:
    | 'slept'
    | 'address-changed'
    | 'clock-changed'
    | 'day-file-held'
    | 'disk-full'
    | 'guessing'
    | 'bus-down'
    | 'no-backup'
    | 'backup-failed';
  readonly at: number;
  readonly detail: Readonly<Record<string, string | number>>;
}

/** POST /api/recovery-sheet (admin, password again) */
export const recoveryRequest = z.strictObject({ password: z.string().min(1).max(1_000) });
export interface RecoverySheet {
  readonly organisation: string;
  readonly installation: string;
  readonly madeAt: number;
  /** The master key in groups of four base32 characters with a check group at the end of each line. */
  readonly lines: readonly string[];
  /** The keys under which people's keys lie, in lines of the same form: without them no name can be read. */
  readonly epochs: readonly { readonly epoch: number; readonly lines: readonly string[] }[];
}
