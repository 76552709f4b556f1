import type { Owned } from './owned.ts';
import type {
  AnchorTable,
  RetentionMarkTable,
  RetentionRunTable,
  StretchTable,
} from './schema-keeping.ts';

/**
 * The tables, as Kysely sees them. Organisation first in every key. Ids are text made by the application,
 * instants bigint epoch milliseconds, booleans 0/1, JSON text, sealed values bytes.
 */
export interface Schema {
  organisation: OrganisationTable;
  person: PersonTable;
  person_key: PersonKeyTable;
  role: RoleTable;
  credential: CredentialTable;
  sign_in: SignInTable;
  invitation: InvitationTable;
  group: GroupTable;
  group_host: GroupHostTable;
  enrolment: EnrolmentTable;
  session: SessionTable;
  stream: StreamTable;
  event: EventTable;
  record: RecordTable;
  attempt: AttemptTable;
  claim: ClaimTable;
  installation: InstallationTable;
  lease: LeaseTable;
  failure: FailureTable;
  latch: LatchTable;
  sign_in_link: SignInLinkTable;
  instance: InstanceTable;
  setting: SettingTable;
  group_supervisor: GroupSupervisorTable;
  guarded_enrolment: GuardedEnrolmentTable;
  retired_number: RetiredNumberTable;
  assigned_password: AssignedPasswordTable;
  pin: PinTable;
  passkey: PasskeyTable;
  challenge: ChallengeTable;
  totp: TotpTable;
  recovery_code: RecoveryCodeTable;
  mailed_link: MailedLinkTable;
  mail: MailTable;
  legal_hold: LegalHoldTable;
  terminal: TerminalTable;
  stretch: StretchTable;
  stretch_end: StretchTable;
  anchor: AnchorTable;
  retention_run: RetentionRunTable;
  retention_mark: RetentionMarkTable;
}

export interface OrganisationTable extends Owned {
  name: string;
  zone: string;
  language: string;
  words: string;
  day_files: number;
  created_at: number;
  /** The organisation key under the master key. */
  wrapped_key: Uint8Array;
}

export interface PersonTable extends Owned {
  person: string;
  /** Keyed blind index of the number; a guest's holds the session too, so guests of two classes never meet. */
  number_index: string | null;
  email_index: string | null;
  /** The session whose guest this is, or null for a person of the organisation. */
  guest_of: string | null;
  /** `active`, `inactive` (deactivated), `merged` or `erased`. */
  state: string;
  /** Where a merged guest or person went. */
  merged_into: string | null;
  /** Number, name, e-mail and whatever else is known, under the person's key; null once erased. */
  sealed: Uint8Array | null;
  added_at: number;
}

export interface PersonKeyTable extends Owned {
  person: string;
  epoch: number;
  wrapped: Uint8Array;
}

export interface RoleTable extends Owned {
  person: string;
  role: string;
}

export interface CredentialTable extends Owned {
  person: string;
  hash: string;
  changed_at: number;
}

export interface SignInTable extends Owned {
  /** SHA-256 of the cookie's handle, its first part. */
  sign_in: string;
  person: string;
  created_at: number;
  seen_at: number;
  expires_at: number;
  /** Device, address and hashes of the cookie's secret, under the organisation key. */
  sealed: Uint8Array;
}

export interface InvitationTable extends Owned {
  invitation: string;
  token_hash: string;
  role: string;
  groups: string;
  /** Name and e-mail, under the organisation key. */
  sealed: Uint8Array;
  created_by: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
  revoked_at: number | null;
}

export interface GroupTable extends Owned {
  group: string;
  /** Name, under the organisation key. */
  sealed: Uint8Array;
  settings: string;
  archived: number;
  created_at: number;
}

export interface GroupHostTable extends Owned {
  group: string;
  person: string;
}

export interface EnrolmentTable extends Owned {
  group: string;
  person: string;
  from_date: string;
  until_date: string | null;
}

export interface SessionTable extends Owned {
  session: string;
  /** Four base32 characters in the rotating code; null once another session took them over. */
  code: string | null;
  group: string | null;
  /** Title and reason of a cancelling, under the organisation key. */
  sealed: Uint8Array;
  state: string;
  starts_at: number;
  ends_at: number | null;
  closed_at: number | null;
  date: string;
  settings: string;
  code_epoch: number;
  paused: number;
  /** The origin that the QR carries. */
  origin: string | null;
  created_by: string;
  created_at: number;
}

export interface StreamTable extends Owned {
  stream: string;
  seq: number;
  hash: string;
}

export interface EventTable extends Owned {
  stream: string;
  seq: number;
  id: string;
  type: string;
  occurred_at: number;
  received_at: number;
  actor: string;
  subject: string | null;
  facts: string;
  /** Salt and personal data, sealed; null where there is none or it was destroyed. */
  payload: Uint8Array | null;
  digest: string;
  hash: string;
}

export interface RecordTable extends Owned {
  session: string;
  person: string;
  status: string | null;
  at: number | null;
  minutes_late: number;
  how: string | null;
  pending: number;
  /** The event that says so. */
  seq: number;
}

/**
 * What was answered to which attempt, for ever: a repeat gets the first outcome. Tickets are made in order of time, so
 * rows that are written together lie together.
 */
export interface AttemptTable extends Owned {
  ticket: string;
  /** Unique in the organisation. */
  attempt: string;
  browser: string;
  /** Keyed: says whether a repeat is the same. Empty where nobody can tell any more. */
  body_digest: string;
  session: string;
  person: string;
  seq: number;
}

/** Standing claims: one browser speaks for one person in a session. */
export interface ClaimTable extends Owned {
  session: string;
  browser: string;
  person: string;
  at: number;
  /** `code` or `typed`. */
  via: string;
}

/** Of the database as a whole: one row where the database is a server's, none in an embedded one. */
export interface InstallationTable {
  installation: string;
  /** HMAC of the installation's id under the master key: tells a wrong key before anything is opened with it. */
  key_check: string;
  made_at: number;
}

/** Which instance does a job now. */
export interface LeaseTable extends Owned {
  job: string;
  holder: string;
  until: number;
}

/** A wrong password, a wrong code: what throttles count. */
export interface FailureTable extends Owned {
  /** Blind index of what is throttled: an account, a network, a browser. */
  subject: string;
  at: number;
  failure: string;
  /** Until when it counts. */
  until: number;
}

/** A row to be locked for a transaction: whoever has it is alone with what it is named after. */
export interface LatchTable extends Owned {
  latch: string;
  /** What the holder leaves for the next one; 0 where it leaves nothing. */
  value: number;
}

/** One-time links of the operator. */
export interface SignInLinkTable extends Owned {
  token_hash: string;
  person: string;
  expires_at: number;
}

/** Servers that work on this database now. */
export interface InstanceTable extends Owned {
  instance: string;
  started_at: number;
  seen_at: number;
  /** Name of the machine and version, under the organisation key. */
  sealed: Uint8Array;
}

/** Configuration of the organisation, as JSON by name. Secrets in it are sealed. */
export interface SettingTable extends Owned {
  setting: string;
  value: string;
}

/** Who approves for a group. */
export interface GroupSupervisorTable extends Owned {
  group: string;
  person: string;
}

/** Whom a host enrolled by a number without knowing the person. */
export interface GuardedEnrolmentTable extends Owned {
  group: string;
  person: string;
}

/** Blind indexes of numbers that nobody else may have again. */
export interface RetiredNumberTable extends Owned {
  number_index: string;
  /** Who bore it and may take it back; null once that person is erased. */
  person: string | null;
}

/** Whose password somebody else chose: it is to be changed before anything else. */
export interface AssignedPasswordTable extends Owned {
  person: string;
  assigned_at: number;
}

/** A short secret for shared terminals. */
export interface PinTable extends Owned {
  person: string;
  hash: string;
  changed_at: number;
}

export interface PasskeyTable extends Owned {
  /** SHA-256 of the credential's id. */
  passkey: string;
  person: string;
  public_key: Uint8Array;
  counter: number;
  /** Name, transports, site and the credential's id, under the organisation key. */
  sealed: Uint8Array;
  made_at: number;
  used_at: number | null;
}

/** Challenges that were answered: none is taken twice. */
export interface ChallengeTable extends Owned {
  challenge: string;
  expires_at: number;
}

export interface TotpTable extends Owned {
  person: string;
  /** The secret, under the organisation key. */
  sealed: Uint8Array;
  confirmed_at: number | null;
  /** The newest step that was used: none is taken twice. */
  last_step: number;
}

export interface RecoveryCodeTable extends Owned {
  person: string;
  code_hash: string;
}

/** Single-use links that were mailed. */
export interface MailedLinkTable extends Owned {
  token_hash: string;
  purpose: string;
  person: string | null;
  sealed: Uint8Array;
  expires_at: number;
}

/** The outbox. */
export interface MailTable extends Owned {
  mail: string;
  /** `due`, `sending`, `sent` or `failed`. */
  state: string;
  due_at: number;
  made_at: number;
  tries: number;
  sent_at: number | null;
  /** Address, template, data and the last problem, under the organisation key. */
  sealed: Uint8Array;
}

/** Keeps a person's data from erasure and retention. */
export interface LegalHoldTable extends Owned {
  person: string;
  placed_at: number;
  placed_by: string;
  /** The reason, under the organisation key. */
  sealed: Uint8Array;
}

/** Paired shared terminals. */
export interface TerminalTable extends Owned {
  terminal: string;
  token_hash: string;
  sealed: Uint8Array;
  paired_at: number;
  seen_at: number | null;
  revoked_at: number | null;
}
