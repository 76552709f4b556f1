// How a server finds what a check-in is decided on, on a database in which nothing was written yet.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serverNames } from '../engines.ts';
import { type OpenedEngine, openFresh } from './open-engine.ts';

const many = (text: string) => Array.from({ length: 64 }, (_, index) => `${text}${index}`);

describe.each(serverNames.filter((name) => name === 'postgres'))('plans on %s', (name) => {
  let opened: OpenedEngine;
  beforeAll(async () => {
    opened = await openFresh(name);
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  const organisation = 'TESTTEST';
  const queries = () => {
    const { read } = opened.engine;
    return {
      ticket: read
        .selectFrom('attempt')
        .selectAll()
        .where('organisation', '=', organisation)
        .where('ticket', 'in', many('ticket')),
      attempt: read
        .selectFrom('attempt')
        .selectAll()
        .where('organisation', '=', organisation)
        .where('attempt', 'in', many('attempt')),
      browser: read
        .selectFrom('claim')
        .selectAll()
        .where('organisation', '=', organisation)
        .where('session', 'in', ['session'])
        .where('browser', 'in', many('browser')),
      person: read
        .selectFrom('record')
        .selectAll()
        .where('organisation', '=', organisation)
        .where('session', 'in', ['session'])
        .where('person', 'in', many('person')),
      number_index: read
        .selectFrom('person')
        .selectAll()
        .where('organisation', '=', organisation)
        .where('number_index', 'in', many('number'))
        .where('state', '=', 'active'),
    };
  };

  test.each(['ticket', 'attempt', 'browser', 'person', 'number_index'] as const)(
    'rows are looked up by %s, not walked through',
    async (column) => {
      const { sql: text, parameters } = queries()[column].compile();
      const values = parameters.map((value) =>
        sql.lit(Array.isArray(value) ? `{${value.join(',')}}` : value),
      );
      // the plan that is kept for whatever is asked later
      const plan = await opened.engine.write(async (tx) => {
        await sql`set local plan_cache_mode = force_generic_plan`.execute(tx);
        await sql`prepare asked as ${sql.raw(text)}`.execute(tx);
        const { rows } = await sql<{ 'QUERY PLAN': string }>`
          explain (costs off) execute asked (${sql.join(values)})`.execute(tx);
        await sql`deallocate asked`.execute(tx);
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      });
      const condition = plan.split('\n').find((line) => line.includes('Index Cond'));
      expect(condition, plan).toContain(`${column} = ANY`);
      expect(condition, plan).toContain('organisation =');
    },
  );
});
