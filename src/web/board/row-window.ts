import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Height of a row, in rem as in names.css, so that it grows with the reader's text size. */
const rowRem = 3.5;
const beyond = 6;

export interface RowWindow {
  readonly first: number;
  readonly last: number;
  readonly rowHeight: number;
}

/** Which of `count` rows are near the window's view; the page itself scrolls. */
export function useRowWindow(list: RefObject<HTMLElement | null>, count: number): RowWindow {
  const [range, setRange] = useState<RowWindow>({ first: 0, last: 30, rowHeight: 56 });
  useEffect(() => {
    const measure = () => {
      const box = list.current?.getBoundingClientRect();
      if (!box) return;
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const rowHeight = rem * rowRem;
      const first = Math.max(0, Math.floor(-box.top / rowHeight) - beyond);
      const last = Math.ceil((innerHeight - box.top) / rowHeight) + beyond;
      setRange((now) =>
        now.first === first && now.last === last && now.rowHeight === rowHeight
          ? now
          : { first, last, rowHeight },
      );
    };
    measure();
    addEventListener('scroll', measure, { passive: true, capture: true });
    addEventListener('resize', measure);
    return () => {
      removeEventListener('scroll', measure, { capture: true });
      removeEventListener('resize', measure);
    };
  }, [list, count === 0]);
  return range;
}
