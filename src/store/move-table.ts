import type { Schema } from './schema.ts';

/** What belongs to the servers that run now, to the database as a whole, or is derived anew: never moved. */
type Unmoved =
  | 'challenge'
  | 'installation'
  | 'instance'
  | 'latch'
  | 'lease'
  | 'stretch'
  | 'stretch_end';
export type MovedTable = Exclude<keyof Schema, Unmoved>;

/** A row as any engine gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** Every table that is moved, with the key by which it is walked, in the order in which they are moved. */
const keys: { readonly [Table in MovedTable]: readonly (keyof Schema[Table] & string)[] } = {
  // first: a database with an organisation and no installation is one whose move is not finished
  organisation: ['organisation'],
  person: ['organisation', 'person'],
  person_key: ['organisation', 'person'],
  role: ['organisation', 'person', 'role'],
  credential: ['organisation', 'person'],
  sign_in: ['organisation', 'sign_in'],
  sign_in_link: ['organisation', 'token_hash'],
  invitation: ['organisation', 'invitation'],
  group: ['organisation', 'group'],
  group_host: ['organisation', 'group', 'person'],
  enrolment: ['organisation', 'group', 'person'],
  session: ['organisation', 'session'],
  stream: ['organisation', 'stream'],
  event: ['organisation', 'stream', 'seq'],
  record: ['organisation', 'session', 'person'],
  attempt: ['organisation', 'ticket'],
  claim: ['organisation', 'session', 'browser'],
  failure: ['organisation', 'subject', 'at', 'failure'],
  setting: ['organisation', 'setting'],
  group_supervisor: ['organisation', 'group', 'person'],
  guarded_enrolment: ['organisation', 'group', 'person'],
  retired_number: ['organisation', 'number_index'],
  assigned_password: ['organisation', 'person'],
  pin: ['organisation', 'person'],
  passkey: ['organisation', 'passkey'],
  totp: ['organisation', 'person'],
  recovery_code: ['organisation', 'person', 'code_hash'],
  mailed_link: ['organisation', 'token_hash'],
  mail: ['organisation', 'mail'],
  legal_hold: ['organisation', 'person'],
  terminal: ['organisation', 'terminal'],
  anchor: ['organisation', 'made_at', 'digest'],
  retention_run: ['organisation', 'run'],
  retention_mark: ['organisation', 'kind', 'stream'],
};

export const movedTables = Object.keys(keys) as MovedTable[];

export const keyOf = (table: MovedTable): readonly string[] => keys[table];
