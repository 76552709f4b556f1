import { useRef } from 'preact/hooks';
import { text } from '../message/text.ts';
import { useKeys } from '../part/keys.tsx';
import { useQuery } from '../part/query.ts';
import { type ListView, type Order, orders, type Tab, tabs } from './list.ts';
import './list-tools.css';

/** Tab, order and search of the list, as they stand in the page's address. */
export function useListView(): ListView {
  const [tab] = useQuery('tab');
  const [order] = useQuery('by');
  const [query] = useQuery('q');
  return {
    tab: tabs.find((known) => known === tab) ?? 'all',
    order: orders.find((known) => known === order) ?? 'newest',
    query,
  };
}

/** Chooses what the list shows. */
export function ListTools(props: { view: ListView; conflicts: number }) {
  const { view, conflicts } = props;
  const [, setTab] = useQuery('tab');
  const [, setOrder] = useQuery('by');
  const [, setQuery] = useQuery('q');
  const search = useRef<HTMLInputElement>(null);
  useKeys([{ key: '/', label: 'shell.key-search', run: () => search.current?.focus() }]);
  const nameOf = (tab: Tab) =>
    text(`board.tab-${tab}`) + (tab === 'conflicts' && conflicts > 0 ? ` ${conflicts}` : '');
  return (
    <div class="list-tools">
      <fieldset class="tabs">
        <legend class="unseen">{text('board.list')}</legend>
        {tabs.map((tab) => (
          <label key={tab} class="tab">
            <input
              type="radio"
              name="tab"
              class="unseen"
              checked={view.tab === tab}
              onChange={() => setTab(tab === 'all' ? '' : tab)}
            />
            {nameOf(tab)}
          </label>
        ))}
      </fieldset>
      <input
        ref={search}
        class="input list-search"
        type="search"
        placeholder={text('board.search')}
        aria-label={text('board.search')}
        value={view.query}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      <select
        class="input list-order"
        aria-label={text('board.order')}
        onChange={(event) => {
          const { value } = event.currentTarget;
          setOrder(value === 'newest' ? '' : value);
        }}
      >
        {orders.map((order: Order) => (
          <option key={order} value={order} selected={order === view.order}>
            {text(`board.order-${order}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
