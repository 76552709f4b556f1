import type { Me } from '../../core/account.wire.ts';

/** The organisation's own words; messages name them in braces, `{Group}` begins a sentence. */
export interface Words {
  readonly host: string;
  readonly hosts: string;
  readonly attendee: string;
  readonly attendees: string;
  readonly group: string;
  readonly groups: string;
  readonly Host: string;
  readonly Hosts: string;
  readonly Attendee: string;
  readonly Attendees: string;
  readonly Group: string;
  readonly Groups: string;
}

/** A school says teacher, student, class; a company supervisor, employee, team. */
export const vocabulary: Readonly<Record<Me['words'], Words>> = {
  school: {
    host: 'teacher',
    hosts: 'teachers',
    attendee: 'student',
    attendees: 'students',
    group: 'class',
    groups: 'classes',
    Host: 'Teacher',
    Hosts: 'Teachers',
    Attendee: 'Student',
    Attendees: 'Students',
    Group: 'Class',
    Groups: 'Classes',
  },
  work: {
    host: 'supervisor',
    hosts: 'supervisors',
    attendee: 'employee',
    attendees: 'employees',
    group: 'team',
    groups: 'teams',
    Host: 'Supervisor',
    Hosts: 'Supervisors',
    Attendee: 'Employee',
    Attendees: 'Employees',
    Group: 'Team',
    Groups: 'Teams',
  },
};
