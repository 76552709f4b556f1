import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { text } from '../message/text.ts';
import { Button, ButtonLink } from './button.tsx';
import { toCsv } from './csv.ts';
import { download } from './download.ts';
import { useQuery } from './query.ts';
import { SearchBox } from './search-box.tsx';
import './table.css';
import { type Cell, compareCells, matches, nextOrder, readOrder } from './table-order.ts';
import { useWindow } from './window.tsx';

/** A column: what it sorts, searches and exports by, and how it looks where that differs. */
export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  readonly cell: (row: Row) => Cell;
  readonly show?: (row: Row) => ComponentChildren;
  readonly align?: 'end';
  /** `row`: this cell names its row for a screen reader. `away`: hidden on a phone. */
  readonly role?: 'row' | 'away';
  readonly searchable?: boolean;
  /** Long texts may go over several lines. */
  readonly wrap?: boolean;
}

export interface TableProps<Row> {
  /** Names the table, and its part of the address where a page has several. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly actions?: (row: Row) => ComponentChildren;
  readonly search?: boolean;
  /** File name of the export; none: no export. */
  readonly exportAs?: string;
  /** Where the server has the export ready instead. */
  readonly exportHref?: string;
}

/** A table that searches, sorts and exports; search and order live in the address. */
export function Table<Row>(props: TableProps<Row>) {
  const {
    id,
    caption,
    columns,
    rows,
    keyOf,
    actions,
    search = false,
    exportAs,
    exportHref,
  } = props;
  const [query] = useQuery(`${id}.q`);
  const [order, setOrder] = useQuery(`${id}.by`);
  const found = useMemo(() => arrange(rows, columns, query, order), [rows, columns, query, order]);
  const { shown, sentinel } = useWindow(found);
  const by = readOrder(order);
  const exportRows = () => {
    const head = columns.map((column) => column.label);
    const body = found.map((row) => columns.map((column) => column.cell(row)));
    download(`${exportAs}.csv`, toCsv([head, ...body]));
  };
  return (
    <div class="table-frame">
      {(search || exportAs || exportHref) && (
        <div class="table-tools screen-only">
          {search && <SearchBox name={`${id}.q`} label={`${text('part.search')}: ${caption}`} />}
          <span class="quiet small" role="status">
            {query
              ? text('part.rows-of', { count: found.length, total: rows.length })
              : text('part.rows', { count: rows.length })}
          </span>
          {exportHref && (
            <ButtonLink kind="quiet" size="small" href={exportHref} download>
              {text('part.export')}
            </ButtonLink>
          )}
          {exportAs && (
            <Button kind="quiet" size="small" onClick={exportRows}>
              {text('part.export')}
            </Button>
          )}
        </div>
      )}
      <div class="table-scroll">
        <table class="table">
          <caption class="unseen">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  key={column.id}
                  scope="col"
                  class={classOf(column)}
                  aria-sort={
                    by?.column === column.id ? (by.down ? 'descending' : 'ascending') : undefined
                  }
                >
                  <button
                    type="button"
                    class="table-sort"
                    onClick={() => setOrder(nextOrder(order, column.id))}
                  >
                    {column.label}
                    <span aria-hidden="true" class="table-arrow">
                      {by?.column === column.id ? (by.down ? '↓' : '↑') : ''}
                    </span>
                  </button>
                </th>
              ))}
              {actions && <td class="screen-only" />}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={keyOf(row)}>
                {columns.map((column) => {
                  const content = column.show ? column.show(row) : column.cell(row);
                  return column.role === 'row' ? (
                    <th key={column.id} scope="row" class={classOf(column)}>
                      {content}
                    </th>
                  ) : (
                    <td key={column.id} class={classOf(column)}>
                      {content}
                    </td>
                  );
                })}
                {actions && <td class="table-actions screen-only">{actions(row)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {query && found.length === 0 && <p class="quiet">{text('part.no-hits', { query })}</p>}
      {sentinel}
    </div>
  );
}

function classOf<Row>({ align, role, wrap }: Column<Row>): string | undefined {
  return (
    [align === 'end' && 'end', role === 'away' && 'away', wrap && 'wrap']
      .filter(Boolean)
      .join(' ') || undefined
  );
}

function arrange<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  query: string,
  order: string,
): readonly Row[] {
  const searched = columns.filter((column) => column.searchable !== false);
  const hits = query
    ? rows.filter((row) =>
        matches(
          query,
          searched.map((column) => column.cell(row)),
        ),
      )
    : rows;
  const by = readOrder(order);
  const column = columns.find((candidate) => candidate.id === by?.column);
  if (!by || !column) return hits;
  return hits.toSorted((left, right) =>
    compareCells(column.cell(left), column.cell(right), by.down),
  );
}
