import { setTimeout } from 'node:timers/promises';
import { listGroups } from '../../client/group.ts';
import { listPeople, type PeopleFilter } from '../../client/people.ts';
import type { Send } from '../../client/request.ts';
import type { GroupLine } from '../../core/group.wire.ts';
import type { PersonLine } from '../../core/people.wire.ts';
import { checkNumber, oneLine } from '../../core/person.ts';
import { granted } from '../connection.ts';
import { Refused } from '../failure.ts';

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const pauseMs = 100;
const shownMost = 8;
/** No name is longer. */
const longest = 200;

/** A word as a sentence repeats it. */
const short = (word: string): string => (word.length > 60 ? `${word.slice(0, 59)}…` : word);

/** Everybody who matches, page by page; after a start the server reads all people into memory first. */
export async function* findPeople(look: Send, filter: PeopleFilter): AsyncGenerator<PersonLine> {
  let cursor: string | undefined;
  for (;;) {
    const page = granted(await listPeople(look, filter, cursor));
    if (page.indexed < 1) {
      await setTimeout(pauseMs);
      continue;
    }
    yield* page.people;
    if (page.cursor === null) return;
    cursor = page.cursor;
  }
}

/**
 * The one person with this number, id, e-mail address or whole name.
 * @throws Refused where there is none, or where several have the name
 */
export async function findPerson(look: Send, word: string): Promise<PersonLine> {
  const checked = checkNumber(word);
  const number = checked.ok ? checked.number : null;
  const name = oneLine(word).toLowerCase();
  const named: PersonLine[] = [];
  // an id is not searched for; who is wanted by it is met on the way
  const query = uuid.test(word) ? '' : word.slice(0, longest);
  for await (const line of findPeople(look, { query, state: 'all' })) {
    if (line.person === word || (number !== null && line.number === number)) return line;
    if (line.name.toLowerCase() === name || line.email === name) named.push(line);
  }
  const [found, ...others] = named;
  if (!found) throw new Refused(`There is no person "${short(word)}".`, 'not-found');
  if (others.length === 0) return found;
  const numbers = named.map((line) => line.number ?? line.person);
  throw new Refused(
    `${named.length} people are called "${word}": name one by number or id: ${listed(numbers)}.`,
    'ambiguous',
  );
}

/**
 * The one group with this name or id.
 * @throws Refused where there is none, or where several have the name
 */
export async function findGroup(look: Send, word: string): Promise<GroupLine> {
  const groups = granted(await listGroups(look));
  const exact = groups.filter(({ id, name }) => id === word || name === word);
  const wanted = word.trim().toLowerCase();
  const named =
    exact.length > 0 ? exact : groups.filter(({ name }) => name.toLowerCase() === wanted);
  const current = named.filter(({ archived }) => !archived);
  const [found, ...others] = current.length > 0 ? current : named;
  if (!found) throw new Refused(`There is no group "${short(word)}".`, 'not-found');
  if (others.length === 0) return found;
  const ids = [found, ...others].map(({ id }) => id);
  throw new Refused(
    `${ids.length} groups are called "${word}": name one by id: ${listed(ids)}.`,
    'ambiguous',
  );
}

/**
 * The id of a session: itself, or the one that is open now in a group.
 * @throws Refused where the group has none
 */
export async function findSession(look: Send, word: string): Promise<string> {
  if (uuid.test(word)) return word;
  const { openSession, name } = await findGroup(look, word);
  if (openSession !== null) return openSession;
  throw new Refused(
    `No session of ${name} is open. Name one by its id: muster sessions list --group "${name}"`,
    'session-not-open',
  );
}

const listed = (names: readonly string[]): string =>
  names.length <= shownMost
    ? names.join(', ')
    : `${names.slice(0, shownMost).join(', ')} and ${names.length - shownMost} more`;
