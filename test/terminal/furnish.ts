import type { GroupView } from '../../src/core/group.wire.ts';
import type { School } from '../school.ts';

/** Names that a terminal finds hard: wide, from right to left, long, joined, and one that would take it over. */
const hardNames = [
  ['007', 'Ada Lovelace'],
  ['008', 'Alan Turing'],
  ['009', '山田 太郎'],
  ['010', 'עדה לאבלייס'],
  ['011', 'محمد الخوارزمي'],
  ['012', 'Hubert Blaine Wolfeschlegelsteinhausenbergerdorff of Lower Saxony and Elsewhere'],
  ['013', 'Zoë 👩‍💻 Müller'],
  ['014', 'Nguyễn Thị Minh Khai'],
] as const;

/** A school with a group, people, two sessions, a door, and an attendee with an account. */
export async function furnish(school: School): Promise<{ group: string; attendee: string }> {
  const group = await school.addGroup('Physics 10B');
  await school.addGroup('Chemistry');
  await school.enrol(group, hardNames);
  const past = await school.openSession({ group, title: 'Optics' });
  const { roster } = (await school.admin.get<GroupView>(`/api/groups/${group}`)).value;
  const people = roster.map(({ person }) => person);
  await school.admin.post(`/api/sessions/${past}/marks`, {
    people: people.slice(0, 3),
    status: 'present',
  });
  await school.admin.post(`/api/sessions/${past}/close`);
  await school.openSession({ group, title: 'Waves and light' });
  await school.admin.post('/api/terminals', { name: 'Gate' });
  const attendee = people[0] ?? '';
  return { group, attendee };
}
