import type { Role } from './account.wire.ts';

/**
 * How far a permission reaches: `own` is what belongs to the groups that a host runs or a supervisor supervises, the
 * quick rolls that a host opened, and for an attendee the person themselves; `all` is the whole organisation.
 */
export type Reach = 'never' | 'own' | 'all';

/** Who may do a thing; a role that is not named may never do it. */
type Rule = Readonly<Partial<Record<Role, 'own' | 'all'>>>;

const everybody = {
  admin: 'all',
  host: 'all',
  supervisor: 'all',
  auditor: 'all',
  attendee: 'all',
} as const;
const own = {
  admin: 'own',
  host: 'own',
  supervisor: 'own',
  auditor: 'own',
  attendee: 'own',
} as const;
const readers = { admin: 'all', auditor: 'all', host: 'own', supervisor: 'own' } as const;
const runners = { admin: 'all', host: 'own' } as const;
const administrators = { admin: 'all' } as const;

/** The one table of what each role may do. There is no other: what is not here is refused. */
export const permissions = {
  /** Use one's own account: see it, change its password, end its sign-ins. */
  'account.use': own,
  /** See name, zone, language and words of the organisation. */
  'organisation.read': everybody,
  /** Change the organisation's settings. */
  'organisation.change': administrators,
  /** See addresses and warnings of the installation; its folders are for administrators. */
  'installation.read': { admin: 'all', auditor: 'all', host: 'all', supervisor: 'all' },
  /** See who may be made host or supervisor of a group. */
  'host.read': { admin: 'all', auditor: 'all', host: 'all' },
  /** See who has which roles. */
  'role.read': { admin: 'all', auditor: 'all' },
  /** Give roles and take them away, others' only. */
  'role.change': administrators,
  /** See invitations. */
  'invitation.read': { admin: 'all', auditor: 'all' },
  /** Invite, and take an invitation back. */
  'invitation.change': administrators,
  /** Say with addresses of which mail domains people may register by themselves. */
  'registration.change': administrators,
  /** Give somebody a new password, or take away second steps that they lost; others' only. */
  'password.assign': administrators,
  /** Say who needs a second step. */
  'second-step.change': administrators,
  /** Have the link that sets the organisation up; for the operator only. */
  'setup-link.make': administrators,
  /** Have a link that signs somebody in; for the operator only. */
  'sign-in-link.make': administrators,
  /** Have the sheet that opens a backup on another machine. */
  'recovery.make': administrators,
  /** Search everybody, list them and export them. */
  'people.read': { admin: 'all', auditor: 'all' },
  /** See one person whole: fields, groups, attendance, history. */
  'person.read': { admin: 'all', auditor: 'all', supervisor: 'own' },
  /** Add, change, deactivate, reactivate, merge and import people of the organisation. */
  'people.change': administrators,
  /** Take out everything that is kept about a person, for that person. */
  'person.data': administrators,
  /** Take out everything that is kept about oneself. */
  'own-data.take': own,
  /** See whose data a legal hold keeps. */
  'legal-hold.read': { admin: 'all', auditor: 'all' },
  /** Place a legal hold on a person's data, and lift it. */
  'legal-hold.change': administrators,
  /** Erase a person for good. */
  'people.erase': administrators,
  /** See what was erased when and by whom, and print the certificates again. */
  'erasure.read': { admin: 'all', auditor: 'all' },
  /** See how long data are kept, and what the next run destroys. */
  'retention.read': { admin: 'all', auditor: 'all' },
  /** Say how long data are kept, and destroy at once what is too old. */
  'retention.change': administrators,
  /** Say which fields of its own the organisation keeps of people. */
  'own-field.change': administrators,
  /** See the mail server's settings and the outbox. */
  'mail.read': administrators,
  /** Set the mail server, send a test, try mails again. */
  'mail.change': administrators,
  /** See backups and their schedule; where they lie is for administrators. */
  'backup.read': { admin: 'all', auditor: 'all' },
  /** Say when backups are made and which stay; make one now. */
  'backup.change': administrators,
  /** See paired shared terminals. */
  'terminal.read': { admin: 'all', auditor: 'all' },
  /** Pair shared terminals, and revoke them. */
  'terminal.change': administrators,
  /** See groups with their people, registers and lists. */
  'group.read': readers,
  /** Make a group. */
  'group.create': { admin: 'all', host: 'all' },
  /** Change a group's name, settings and hosts; put it away. */
  'group.change': runners,
  /** Say who supervises a group. */
  'supervisor.change': administrators,
  /** Enrol people, change their dates, bring lists in. */
  'roster.change': runners,
  /** Bring in day files of earlier years. */
  'day-file.import': runners,
  /** See sessions, their boards, their history and their lists. */
  'session.read': readers,
  /** Open a session. */
  'session.create': runners,
  /** Move, close, cancel and change a session; attach a roster and merge its guests. */
  'session.run': runners,
  /** Set marks and notes by hand, and undo them. */
  'session.mark': runners,
  /** Decide whose claim stands. */
  'session.settle': { admin: 'all', host: 'own', supervisor: 'own' },
  /** Show the codes of a session. */
  'code.show': runners,
  /** See what was done in the whole organisation: who, when, from where, before and after. */
  'audit.read': { admin: 'all', auditor: 'all' },
  /** Have an anchor of the ledger made; say when that is done, and to whom it is mailed. */
  'anchor.change': administrators,
} as const satisfies Record<string, Rule>;

export type Permission = keyof typeof permissions;

/** The roles that a permission looks at, widest first; whoever is signed in is an attendee too. */
const ranked = ['admin', 'auditor', 'host', 'supervisor', 'attendee'] as const;

/** How far one role reaches. */
export function reachOfRole(permission: Permission, role: Role): Reach {
  const rule: Rule = permissions[permission];
  return rule[role] ?? 'never';
}

/** How far somebody with these roles reaches; whoever is signed in is an attendee, whatever else. */
export function reachOf(permission: Permission, roles: ReadonlySet<Role>): Reach {
  const reaches = ranked
    .filter((role) => role === 'attendee' || roles.has(role))
    .map((role) => reachOfRole(permission, role));
  if (reaches.includes('all')) return 'all';
  return reaches.includes('own') ? 'own' : 'never';
}

/** What each topic of the live channel needs. */
export const topicPermissions = {
  session: 'session.read',
  code: 'code.show',
} as const satisfies Record<string, Permission>;
