import { z } from 'zod';

/** POST /api/backups/settings (administrators): when backups are made by themselves, and which stay. */
export const backupSettings = z.strictObject({
  on: z.boolean(),
  /** Time of the day in the organisation's zone, `HH:MM`. */
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  /** The newest of so many days, weeks and months stays. */
  keep: z.strictObject({
    daily: z.int().min(1).max(31),
    weekly: z.int().min(0).max(26),
    monthly: z.int().min(0).max(60),
  }),
  /** Backups are made by other means: nobody is warned when there is none here. */
  elsewhere: z.boolean(),
});
export type BackupSettings = z.infer<typeof backupSettings>;

/**
 * Why a backup could not be made. `folder-missing`: the folder is not there; `folder-refused`: it cannot be written;
 * `no-room`: there is too little room; `failed`: something else, the log says what.
 */
export const backupProblems = ['folder-missing', 'folder-refused', 'no-room', 'failed'] as const;
export type BackupProblem = (typeof backupProblems)[number];

/** One that was made by itself or from the page. */
export interface BackupLine {
  readonly name: string;
  readonly madeAt: number;
  readonly bytes: number;
  /** Whether the ledger in it holds. */
  readonly sound: boolean;
}

/** GET /api/backups (administrators, auditors) */
export interface BackupsView {
  readonly settings: BackupSettings;
  /**
   * `here`: this server makes them; `elsewhere`: another one on the same database does; `none`: no server was given a
   * folder for them.
   */
  readonly place: 'here' | 'elsewhere' | 'none';
  /** For an administrator, where it is known. */
  readonly folder: string | null;
  /** Whether folder and data lie on the same disk; null where that is not known. */
  readonly sameDisk: boolean | null;
  /** What is wrong with the folder at this moment. */
  readonly folderProblem: BackupProblem | null;
  /** When the newest backup was made, also one by the command; null: none ever. */
  readonly newestAt: number | null;
  /** Days since then, or since the installation was begun. */
  readonly ageDays: number;
  /** Whether that is too long ago. */
  readonly old: boolean;
  /** When the next one is made by itself; null where none is. */
  readonly nextAt: number | null;
  /** One that is being made, or was asked for and begins soon; how far it is only where this server makes it. */
  readonly running: {
    readonly since: number;
    readonly progress: { readonly rows: number; readonly ofRows: number } | null;
  } | null;
  /** The last try, where it failed. */
  readonly failure: {
    readonly at: number;
    readonly problem: BackupProblem;
    readonly tries: number;
  } | null;
  /** Those that lie in the folder, newest first. */
  readonly backups: readonly BackupLine[];
}

/** POST /api/backups (administrators) -> { ok }: makes one now; GET shows how it goes on. */
