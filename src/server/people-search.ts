import { PeopleSearch } from '../store/people-search.ts';
import type { Store } from '../store/store.ts';
import { Pace } from './pace.ts';
import type { Settings } from './settings.ts';

/** The search among people, comparing as the organisation's language does and giving way to check-ins. */
export function makePeopleSearch(store: Store, settings: Settings): PeopleSearch {
  const { language } = settings.current;
  const pace = new Pace();
  return new PeopleSearch(store, {
    // plain comparing is many times faster than numeric
    compareNames: new Intl.Collator(language).compare,
    compareNumbers: new Intl.Collator(language, { numeric: true }).compare,
    breathe: () => pace.breathe(),
  });
}
