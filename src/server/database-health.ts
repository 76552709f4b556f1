import { hasNewestSchema } from '../store/migrate.ts';
import type { Store } from '../store/store.ts';
import type { Health } from './health.ts';

/** An instance without its database, or beside a newer one that has moved the schema on, is not ready. */
export function checkDatabase(health: Health, { engine, organisation }: Store): void {
  health.register('database', async () => {
    await engine.read
      .selectFrom('organisation')
      .select('organisation')
      .where('organisation', '=', organisation)
      .execute();
    return null;
  });
  health.register('migrations', async () =>
    (await hasNewestSchema(engine)) ? null : 'the schema is of another version',
  );
}
