import { expect, test } from 'vitest';
import { missingPrivileges } from './mariadb-grant.ts';

const all = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'INDEX'];
const to = 'TO `muster`@`%`';

test.each<[string, string[], string[]]>([
  [
    'nothing is missing to an administrator',
    [`GRANT ALL PRIVILEGES ON *.* ${to} WITH GRANT OPTION`],
    [],
  ],
  ['nor to the owner of the database', [`GRANT ALL PRIVILEGES ON \`my_db\`.* ${to}`], []],
  ['usage is nothing', [`GRANT USAGE ON *.* ${to} IDENTIFIED BY PASSWORD '*1'`], all],
  [
    'what one line lacks another may give',
    [
      `GRANT SELECT, INSERT, UPDATE, DELETE ON *.* ${to}`,
      `GRANT CREATE, DROP, ALTER, INDEX ON \`my_db\`.* TO \`role\``,
    ],
    [],
  ],
  [
    'what is missing is named',
    [`GRANT SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX ON \`my_db\`.* ${to}`],
    ['DELETE', 'DROP'],
  ],
  ['another database does not count', [`GRANT ALL PRIVILEGES ON \`other\`.* ${to}`], all],
  ['one table is not the database', [`GRANT ALL PRIVILEGES ON \`my_db\`.\`event\` ${to}`], all],
  ['signs that stand for others are understood', [`GRANT ALL PRIVILEGES ON \`m%\`.* ${to}`], []],
  ['one that stands for itself too', [`GRANT ALL PRIVILEGES ON \`my\\_db\`.* ${to}`], []],
  ['and for itself only', [`GRANT ALL PRIVILEGES ON \`my\\_d\\_\`.* ${to}`], all],
  ['a point is a point', [`GRANT ALL PRIVILEGES ON \`my.db\`.* ${to}`], all],
])('%s', (_, grants, missing) => {
  expect(missingPrivileges(grants, 'my_db')).toEqual(missing);
});
