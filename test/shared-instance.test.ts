import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import type { Installation } from '../src/core/organisation.wire.ts';
import { startTestServer } from './app.ts';
import { serverNames } from './engines.ts';
import { startInstances } from './instances.ts';
import { openSchool } from './school.ts';
import type { Visitor } from './visitor.ts';

const listed = async (visitor: Visitor) =>
  (await visitor.get<Installation>('/api/installation')).value.instances;

test.each(serverNames)('administrators see the instances on %s, hosts do not', async (engine) => {
  await using instances = await startInstances(engine);
  const { first, second, clock } = instances;
  const school = await openSchool(first);
  const [startedAt, seenAt] = [clock.now(), clock.now()];
  const entry = { machine: hostname(), version: '0.0.0-test', startedAt, seenAt };
  const both = [first, second].map(({ app: { instance: id } }) => {
    return { ...entry, id, here: id === first.app.instance };
  });
  const found = [...((await listed(school.admin)) ?? [])];
  expect(found.sort((left) => (left.here ? -1 : 1))).toEqual(both);
  expect(await listed(await school.inviteHost())).toBeNull();

  const third = await instances.start();
  expect(await listed(school.admin)).toHaveLength(3);
  await third[Symbol.asyncDispose]();
  expect(await listed(school.admin)).toHaveLength(2);

  const { engine: database, organisation, vault } = first.app.store;
  const killed = {
    organisation,
    instance: 'killed',
    started_at: clock.now(),
    seen_at: clock.now() - 59_000,
    sealed: vault.sealOwn('instance/killed', { machine: 'far', version: '0.0.0-test' }),
  };
  await database.write((tx) => database.insertMany(tx, 'instance', [killed]));
  const seen = async () => (await listed(school.admin))?.map(({ machine }) => machine);
  expect(await seen()).toContain('far');
  clock.advance(1_000);
  expect(await seen()).not.toContain('far');
  const rows = () => database.read.selectFrom('instance').selectAll().execute();
  await expect.poll(async () => (await rows()).length).toBe(2);
  expect(JSON.stringify(await rows())).not.toContain(hostname());
});

test('where the database lies in a data folder there is nothing to list', async () => {
  await using server = await startTestServer();
  const school = await openSchool(server);
  expect(await listed(school.admin)).toBeNull();
});
