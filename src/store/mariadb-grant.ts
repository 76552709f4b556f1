const needed = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'INDEX'];

const shape = /^GRANT (?<list>.+) ON (?<database>\*|`(?:[^`]|``)+`)\.\* TO /;

/** Privileges that none of the lines of `show grants` gives in this database. */
export function missingPrivileges(grants: readonly string[], database: string): string[] {
  const given = new Set<string>();
  for (const grant of grants) {
    const found = shape.exec(grant)?.groups;
    if (!found || !covers(found.database ?? '', database)) continue;
    for (const privilege of (found.list ?? '').split(', ')) given.add(privilege);
  }
  if (given.has('ALL PRIVILEGES')) return [];
  return needed.filter((privilege) => !given.has(privilege));
}

/** In the name of a database in a grant `_` and `%` stand for others, unless a backslash goes before them. */
function covers(pattern: string, database: string): boolean {
  if (pattern === '*') return true;
  const name = pattern.slice(1, -1).replaceAll('``', '`');
  const parts = name.match(/\\?./gs) ?? [];
  const regex = parts.map((part) => {
    if (part === '_') return '.';
    if (part === '%') return '.*';
    return part.replace(/^\\/, '').replace(/\W/, '\\$&');
  });
  return new RegExp(`^${regex.join('')}$`, 's').test(database);
}
