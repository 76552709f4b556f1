import { parseCookie } from 'cookie';

/** The cookies of a request that does not pass through the router: the upgrade of the live channel. */
export const parseCookies = (header: string | undefined): Record<string, string | undefined> =>
  header === undefined ? {} : parseCookie(header);
