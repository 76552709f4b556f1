import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { administer } from './engine/administer.ts';
import { engineNames, freshDatabase, serverAddress } from './engines.ts';

describe.each(engineNames)('a database for tests on %s', (engine) => {
  test('is there, empty, of its own, and gone afterwards', async () => {
    const first = await freshDatabase(engine);
    const second = await freshDatabase(engine);
    await using _second = second;
    expect(first.address).not.toEqual(second.address);
    const reach = async () => {
      const { address } = first;
      if (address.engine === 'sqlite') return existsSync(address.folder as string);
      const { database } = address;
      const use = address.engine === 'postgres' ? 'select 1' : `use ${database}`;
      return administer(serverAddress(address.engine), [use], database).then(
        () => true,
        () => false,
      );
    };
    expect(await reach()).toBe(true);
    await first[Symbol.asyncDispose]();
    expect(await reach()).toBe(false);
  });
});
