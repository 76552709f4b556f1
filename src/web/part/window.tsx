import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { text } from '../message/text.ts';
import { Button } from './button.tsx';

const step = 150;

/**
 * The first rows of a long list; more are laid out as the reader comes near the end, all of them before printing.
 * Thousands of rows so never stand in the page at once unless somebody goes through them.
 */
export function useWindow<Row>(rows: readonly Row[]): {
  shown: readonly Row[];
  sentinel: VNode | null;
} {
  const [count, setCount] = useState(step);
  const end = useRef<HTMLDivElement>(null);
  const more = rows.length > count;
  useEffect(() => {
    if (!end.current || !more) return;
    const watch = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && setCount((now) => now + step),
      { rootMargin: '600px' },
    );
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [more, count]);
  useEffect(() => {
    const all = () => setCount(Number.MAX_SAFE_INTEGER);
    addEventListener('beforeprint', all);
    return () => removeEventListener('beforeprint', all);
  }, []);
  const sentinel = more ? (
    <div ref={end} class="screen-only">
      <Button kind="quiet" onClick={() => setCount(count + step)}>
        {text('part.more-rows')}
      </Button>
    </div>
  ) : null;
  return { shown: more ? rows.slice(0, count) : rows, sentinel };
}
