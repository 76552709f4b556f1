// biome-ignore-all lint/a11y/useSemanticElements: rows stand where the scrolled window is, which a table cannot do
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { BoardPerson } from '../../core/session.wire.ts';
import type { Status } from '../../core/status.ts';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { useBoard, useBoardState } from './board-context.ts';
import { useHeldRows } from './held-rows.ts';
import { type ListView, listPeople } from './list.ts';
import { NameRow, rowId } from './name-row.tsx';
import { NamesEmpty } from './names-empty.tsx';
import { useNameKeys } from './names-keys.ts';
import { useRowWindow } from './row-window.ts';
import './names.css';

/** A name slides in only while its arrival is this fresh. */
const arrivalMs = 400;

/** The live list: a grid of one row per name, of which only those in view are laid out. */
export function Names({ view }: { view: ListView }) {
  const { feed, desk, openPerson } = useBoard();
  const { session } = useBoardState();
  const people = desk.people.value;
  const unsynced = desk.unsynced.value;
  const { tab, order, query } = view;
  const fresh = useMemo(
    () => listPeople(people, { tab, order, query }, session.state),
    [people, tab, order, query, session.state],
  );
  const { rows, waiting, hold, release } = useHeldRows(fresh, people);
  const grid = useRef<HTMLElement>(null);
  const { first, last, rowHeight } = useRowWindow(grid, rows.length);
  const [cursor, setCursor] = useState<string | null>(null);

  const onMark = useStable((id: string, status: Status | null) => desk.mark([id], status));
  const onOpen = useStable((id: string) => {
    setCursor(id);
    openPerson(id);
  });
  const onKey = useNameKeys({ grid, rows, cursor, setCursor, rowHeight, hold });

  useEffect(release, [tab, order, query]);
  // as in a spreadsheet, taking something back goes to where it was
  const deed = desk.deed.value;
  useEffect(() => {
    if (deed?.kind === 'undo') setCursor(deed.people[0]?.id ?? null);
  }, [deed]);

  if (rows.length === 0) return <NamesEmpty view={view} />;
  const at = rows.findIndex(({ id }) => id === cursor);
  const shown = rows
    .slice(first, last)
    .map((person, offset) => ({ person, index: first + offset }));
  if (at >= 0 && (at < first || at >= last)) shown.push({ person: rows[at]!, index: at });
  const now = performance.now();
  const isNew = ({ id }: BoardPerson) => now - (feed.arrivals.get(id) ?? -arrivalMs) < arrivalMs;
  return (
    <>
      {waiting > 0 && (
        <Button class="names-held" size="small" kind="primary" onClick={release}>
          {text('board.held', { count: waiting })}
        </Button>
      )}
      <div
        ref={grid as RefObject<HTMLDivElement>}
        role="grid"
        class="names"
        tabIndex={0}
        aria-label={text('board.list')}
        aria-rowcount={rows.length}
        aria-activedescendant={at >= 0 ? rowId(rows[at]!.id) : undefined}
        style={{ height: `${rows.length * rowHeight + 2}px` }}
        onKeyDown={onKey}
        onFocus={(event) => {
          if (event.target === event.currentTarget && at < 0) setCursor(rows[0]?.id ?? null);
        }}
        onPointerMove={(event) => event.pointerType === 'mouse' && hold()}
        onPointerLeave={release}
      >
        {shown.map(({ person, index }) => (
          <NameRow
            key={person.id}
            person={person}
            zone={session.zone}
            index={index}
            top={index * rowHeight}
            current={person.id === cursor}
            unsynced={unsynced.has(person.id)}
            arrived={isNew(person)}
            onMark={onMark}
            onOpen={onOpen}
          />
        ))}
      </div>
    </>
  );
}

/** The same function for ever, that does what the latest one would. */
function useStable<Args extends unknown[]>(act: (...args: Args) => void): (...args: Args) => void {
  const latest = useRef(act);
  latest.current = act;
  return useRef((...args: Args) => latest.current(...args)).current;
}
