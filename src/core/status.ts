/** What a register says about one person in one session. */
export const statuses = ['present', 'late', 'absent', 'excused'] as const;
export type Status = (typeof statuses)[number];

/** How a record came to be: a scanned code, a typed code, a password or PIN, the host's word, the closing of the session, an old file. */
const hows = ['code', 'typed', 'terminal', 'host', 'closing', 'import'] as const;
export type How = (typeof hows)[number];

/** True where the person counts as having been there. */
export const attended = (status: Status | null): boolean =>
  status === 'present' || status === 'late';
