/** In several scripts: folding what is not ASCII takes longer. */
const firstNames =
  'Amélie Björn Chiamaka Elif François Hina Iñaki João Łukasz Olena Priya Søren Wei Zoë'.split(' ');
const lastNames =
  'Åkesson Obi Yıldız N’Diaye 佐藤 Gonçalves Wójcik Шевченко सिंह Østergaard 王伟 Smith Farooq'.split(
    ' ',
  );
const departments = ['Physics', 'Chemistry', 'Llengües', 'Геодезия', '工学部'];

/** A person of the list that is brought in. */
export const personAt = (index: number) => ({
  number: `P${index}`,
  name: `${firstNames[index % firstNames.length]} ${lastNames[Math.floor(index / 31) % lastNames.length]}`,
  email: `p${index}@example.org`,
  department: departments[index % departments.length] as string,
  job: `Member ${index % 40}`,
  contact: `+49 30 ${index}`,
});

/** So many people as the import takes them. */
export function makeList(count: number): string {
  const lines = ['Number,Name,E-Mail,Department,Job,Phone'];
  for (let index = 0; index < count; index += 1) {
    const { number, name, email, department, job, contact } = personAt(index);
    lines.push([number, name, email, department, job, contact].join(','));
  }
  return lines.join('\n');
}

/** What comes while somebody types a name, a number, an address, and turns pages and filters. */
export function makeQueries(round: number, count: number): Record<string, string>[] {
  const name = `${firstNames[round % firstNames.length]} ${lastNames[round % lastNames.length]}`;
  const typed = [1, 2, 3, 5, 8].map((length) => ({ query: name.slice(0, length) }));
  const number = `P${(round * 7_919) % count}`;
  return [
    ...typed,
    { query: number },
    { query: `${number.toLowerCase()}@exa` },
    { query: 'member 7 phys', sort: '-number' },
    { query: 'nobody at all' },
    { sort: 'number' },
    { role: 'none', sort: '-added' },
    { group: 'none', query: 'zo' },
  ];
}
