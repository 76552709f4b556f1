import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { GroupRegister } from '../../core/group.wire.ts';
import { text } from '../message/text.ts';
import { rateText, shortDateText } from '../message/when.ts';
import { useKeys } from '../part/keys.tsx';
import { useQuery } from '../part/query.ts';
import { type Mark, StatusMark } from '../part/status-mark.tsx';
import { matches } from '../part/table-order.ts';
import { useWindow } from '../part/window.tsx';
import { moveCell } from './register-move.ts';
import './register-grid.css';

/** The register as a grid with one cell in focus; names and rates stay in sight while the days scroll. */
export function RegisterGrid({ register }: { register: GroupRegister }) {
  const { route } = useLocation();
  const [query] = useQuery('q');
  const frame = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const [focus, setFocus] = useState({ row: 0, column: register.sessions.length - 1 });
  const found = useMemo(
    () =>
      query
        ? register.people.filter(({ number, name }) => matches(query, [number, name]))
        : register.people,
    [register, query],
  );
  const { shown, sentinel } = useWindow(found);
  useKeys([
    { key: '← ↑ → ↓', label: 'term.key-move' },
    { key: 'Enter', label: 'term.key-open' },
  ]);
  useEffect(() => {
    frame.current?.scrollTo({ left: frame.current.scrollWidth });
  }, []);
  const press = (event: KeyboardEvent) => {
    const session = register.sessions[focus.column];
    if (event.key === 'Enter' && session) return route(`/app/sessions/${session.id}`);
    const next = moveCell(focus, event.key, shown.length, register.sessions.length);
    if (!next) return;
    event.preventDefault();
    setFocus(next);
    const row = body.current?.rows[next.row];
    row?.querySelectorAll<HTMLElement>('td.cell')[next.column]?.focus();
  };
  return (
    <div ref={frame} class="term-scroll">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table with a cursor */}
      <table class="term" role="grid" aria-label={text('term.title')} onKeyDown={press}>
        <thead>
          <tr>
            <th scope="col" class="term-name">
              {text('group.name')}
            </th>
            {register.sessions.map(({ id, date, time, title, state }) => (
              <th key={id} scope="col" class="term-day" data-state={state}>
                <a
                  href={`/app/sessions/${id}`}
                  title={[title, date, time].filter(Boolean).join(' ')}
                  tabIndex={-1}
                >
                  {shortDateText(date)}
                  <span>{time}</span>
                </a>
              </th>
            ))}
            <th scope="col" class="term-rate">
              {text('group.rate')}
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {shown.map((person, row) => (
            <tr key={person.person}>
              <th scope="row" class="term-name">
                <bdi>{person.name}</bdi>
                <span class="quiet small">{person.number}</span>
              </th>
              {person.marks.map((mark, column) => (
                <td
                  key={register.sessions[column]?.id}
                  class="cell"
                  tabIndex={row === focus.row && column === focus.column ? 0 : -1}
                  onFocus={() => setFocus({ row, column })}
                >
                  {mark === '-' ? (
                    <span class="quiet" title={text('status.not-enrolled')}>
                      –
                    </span>
                  ) : (
                    mark !== null && <StatusMark mark={mark satisfies Mark} show="letter" />
                  )}
                </td>
              ))}
              <td class="term-rate">{rateText(person.rate.rate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {sentinel}
    </div>
  );
}
