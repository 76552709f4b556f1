import { parseArgs } from 'node:util';
import type { SessionId } from '../core/brand.ts';
import { Directory } from '../store/directory.ts';
import { findPeople } from '../store/find-person.ts';
import { type HistoryEvent, loadPersonHistory, loadSessionHistory } from '../store/history.ts';
import { loadOrganisation } from '../store/organisation.ts';
import { loadSession } from '../store/session.ts';
import type { Store } from '../store/store.ts';
import type { Description, Flags } from './description.ts';
import { Misused, Refused } from './failure.ts';
import { folderFlags, openHere } from './folders.ts';
import { describeEvent } from './history-text.ts';
import { print } from './output.ts';

const flags = {
  ...folderFlags,
  json: { type: 'boolean', default: false, text: 'prints the events as JSON, one a line' },
} as const satisfies Flags;

export const description: Description = {
  name: 'history',
  arguments: [{ name: 'PERSON|SESSION' }],
  summary: 'prints the events behind a person (id or number) or a session (id), in plain facts',
  flags,
};

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: flags,
    allowPositionals: true,
  });
  const [named, ...more] = positionals;
  if (named === undefined || more.length > 0) {
    throw new Misused('muster history takes one number or id.');
  }
  await using opened = await openHere(values);
  const { store } = opened;
  const events = await loadHistory(store, named);
  if (values.json) {
    for (const event of events) await print(JSON.stringify(event));
    return 0;
  }
  const { zone } = await loadOrganisation(store);
  const ids = events.flatMap(({ subject, actor }) => [actor, subject ?? '']);
  const people = await new Directory(store).get(ids);
  for (const event of events) await print(describeEvent(event, people, zone));
  return 0;
}

async function loadHistory(store: Store, named: string): Promise<HistoryEvent[]> {
  const session = await loadSession(store, store.engine.read, named as SessionId);
  if (session) return loadSessionHistory(store, session.id);
  const people = await findPeople(store, named);
  if (people.length === 0) throw new Refused(`There is no person and no session "${named}".`);
  return loadPersonHistory(store, people);
}
