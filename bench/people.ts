import { parseArgs } from 'node:util';
import type { PersonId } from '../src/core/brand.ts';
import type { Vault } from '../src/store/vault.ts';
import { measureSearch, time } from './people-search.ts';
import { measureSignIns } from './people-sign-in.ts';
import { openBenchStore } from './rush-seed.ts';
import { makeScratch, readEngine } from './scratch.ts';

const { values } = parseArgs({
  options: {
    /** A server on which databases may be created; without it the embedded engine. */
    database: { type: 'string' },
    people: { type: 'string', default: '50000' },
  },
});
const count = Number(values.people);
await using scratch = await makeScratch(values.database);
await using opened = await openBenchStore(scratch.place);
const { store } = opened;
const sealPerSecond = await measureSeal(store.vault);
const times = await measureSearch(store, count);
const signIns = await measureSignIns(values.database);
console.log(
  `${count} people: imported in ${times.importMs} ms, a write beside it p99 ${times.besideImportP99Ms} ms; ` +
    `index in ${times.indexMs} ms, ${times.indexBytesPerPerson} bytes each; search p99 ${times.searchP99Ms} ms`,
);
console.log(
  `300 sign-ins at once: all in ${signIns.signInAllMs} ms, check-ins meanwhile p99 ${signIns.checkInP99Ms} ms`,
);
console.log(
  JSON.stringify({
    bench: 'people',
    engine: readEngine(values.database),
    people: count,
    ...times,
    ...signIns,
    sealPerSecond,
  }),
);

/** Identities sealed and opened again, each counted once. */
async function measureSeal(vault: Vault): Promise<number> {
  const rounds = 20_000;
  const person = 'bench' as PersonId;
  const key = vault.makePersonKey(person);
  const identity = { number: 'P1', name: 'Amélie Fournier', email: 'amelie@example.org' };
  const ms = await time(() => {
    for (let index = 0; index < rounds; index += 1) {
      vault.openPerson(person, key, vault.sealPerson(person, key, identity));
    }
  });
  return Math.round((rounds / ms) * 1_000);
}
