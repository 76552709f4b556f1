import { join } from 'node:path';
import { checkInRoutes } from './check-in.route.ts';
import { pageRoutes } from './pages.ts';
import type { PhonePageRenderer } from './phone-page.ts';
import type { Route } from './route.ts';
import { sessionRoutes } from './session.route.ts';

/** Every route there is. The permission walk in the tests goes through this list. */
export function allRoutes(phone: PhonePageRenderer, webFolder: string): readonly Route[] {
  return [...checkInRoutes(phone), ...sessionRoutes, ...pageRoutes(join(webFolder, 'app'))];
}
