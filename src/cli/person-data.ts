import { parseArgs } from 'node:util';
import { presentSubjectJson } from '../server/subject-access.ts';
import { presentSubjectPage } from '../server/subject-page.ts';
import { findPeople } from '../store/find-person.ts';
import { loadOrganisation } from '../store/organisation.ts';
import { takeSubjectData } from '../store/subject-access.ts';
import type { Description } from './description.ts';
import { Misused, Refused } from './failure.ts';
import { folderFlags, openHere } from './folders.ts';
import { print, writeOut } from './output.ts';

export const description: Description = {
  name: 'person-data',
  arguments: [{ name: 'PERSON' }, { name: 'FILE', optional: true }],
  summary:
    'writes everything about a person (number or id), for the person, to FILE or as JSON to the terminal',
  flags: folderFlags,
  notes: [
    'A FILE whose name ends in .html is to be read and printed; any other is JSON.',
    'The ledger keeps that it was taken out.',
  ],
};

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: folderFlags,
    allowPositionals: true,
  });
  const [named, file, ...more] = positionals;
  if (named === undefined || more.length > 0)
    throw new Misused('muster person-data takes one number or id, and a file.');
  await using opened = await openHere(values);
  const { store } = opened;
  for (const person of await findPeople(store, named)) {
    const taken = await takeSubjectData(store, 'operator', person);
    if (!taken.ok) continue;
    const isPage = file?.endsWith('.html') === true;
    const text = isPage
      ? presentSubjectPage(taken.data, await loadOrganisation(store))
      : presentSubjectJson(taken.data);
    const path = await writeOut([text], file === '-' ? undefined : file);
    if (path !== null) await print(`Written to ${path}`);
    return 0;
  }
  throw new Refused(`There is no person "${named}".`);
}
