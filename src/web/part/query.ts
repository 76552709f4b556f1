import { useLocation } from 'preact-iso';

/** A value that lives in the page's address, so that it survives the back button and can be sent to somebody. */
export function useQuery(name: string): [string, (value: string) => void] {
  const { query, route } = useLocation();
  const set = (value: string) => {
    const url = new URL(location.href);
    if (value === '') url.searchParams.delete(name);
    else url.searchParams.set(name, value);
    route(url.pathname + url.search, true);
  };
  return [query[name] ?? '', set];
}
