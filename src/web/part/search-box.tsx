import { useRef } from 'preact/hooks';
import { text } from '../message/text.ts';
import { useKeys } from './keys.tsx';
import { useQuery } from './query.ts';

/** A search that lives in the page's address; `/` goes to it. */
export function SearchBox({ name, label }: { name: string; label: string }) {
  const [query, setQuery] = useQuery(name);
  const input = useRef<HTMLInputElement>(null);
  useKeys([{ key: '/', label: 'shell.key-search', run: () => input.current?.focus() }]);
  return (
    <input
      ref={input}
      class="input search"
      type="search"
      placeholder={text('part.search')}
      aria-label={label}
      value={query}
      onInput={(event) => setQuery(event.currentTarget.value)}
    />
  );
}
