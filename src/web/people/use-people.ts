import { useMemo } from 'preact/hooks';
import { listPeople, type PeopleFilter } from '../../client/people.ts';
import type { PeoplePage } from '../../core/people.wire.ts';
import { send } from '../app/send.ts';
import { usePages } from '../part/pages.ts';

/** Typing pauses for so long before the server is asked. */
const typingMs = 120;
/** While the server reads everybody into its index it is asked again after this. */
const indexingMs = 400;

/** The people who match, page by page. */
export function usePeople(filter: PeopleFilter) {
  const found = usePages<PeoplePage>({
    about: JSON.stringify(filter),
    ask: (cursor) => listPeople(send, filter, cursor),
    pauseMs: typingMs,
    againMs: ({ indexed }) => (indexed < 1 ? indexingMs : null),
  });
  const { pages, unfinished } = found;
  const people = useMemo(() => pages?.flatMap((page) => page.people), [pages]);
  return {
    ...found,
    people,
    total: pages?.at(-1)?.total ?? 0,
    indexed: unfinished?.indexed ?? 1,
  };
}
