import { parseArgs } from 'node:util';
import { presentSubjectJson, presentSubjectPage } from '../server/subject-access.ts';
import { findPeople } from '../store/find-person.ts';
import { loadOrganisation } from '../store/organisation.ts';
import { takeSubjectData } from '../store/subject-access.ts';
import { Misused, Refused } from './failure.ts';
import { folderFlags, folderUsage, openHere } from './folders.ts';
import { print, writeOut } from './output.ts';

export const usage = `muster person-data PERSON [flags]
  writes everything about a person (number or id) into one file, for the person
${folderUsage}
  --out FILE      a new file: HTML to read and print where its name ends in .html, else
                  JSON; without the flag JSON on the screen
  The ledger keeps that it was taken out.`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...folderFlags, out: { type: 'string' } },
    allowPositionals: true,
  });
  const [named, ...more] = positionals;
  if (named === undefined || more.length > 0)
    throw new Misused('muster person-data takes one number or id.');
  await using opened = await openHere(values);
  const { store } = opened;
  for (const person of await findPeople(store, named)) {
    const taken = await takeSubjectData(store, 'operator', person);
    if (!taken.ok) continue;
    const isPage = values.out?.endsWith('.html') === true;
    const text = isPage
      ? presentSubjectPage(taken.data, await loadOrganisation(store))
      : presentSubjectJson(taken.data);
    const path = await writeOut([text], values.out);
    if (path !== null) await print(`Written to ${path}`);
    return 0;
  }
  throw new Refused(`There is no person "${named}".`);
}
