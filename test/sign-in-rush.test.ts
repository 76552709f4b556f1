import { afterEach, beforeEach, expect, test } from 'vitest';
import { insertAccount } from '../src/store/account.ts';
import { commit } from '../src/store/ledger.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { countRows, eventTypes } from './account-rows.ts';
import { startTestServer, type TestServer } from './app.ts';
import { Jar, setUpAdmin, signIn, times } from './jar.ts';

const people = 60;
const password = 'nine old bells ringing';
const addressOf = (index: number) => `person${index}@hillside.example`;
let server: TestServer<unknown>;

beforeEach(async () => {
  server = await startTestServer();
  await setUpAdmin(server);
  const hash = await server.app.passwords.hash(password);
  if (typeof hash !== 'string') throw new Error('the password could not be hashed');
  await commit(server.app.store, async (writing) => {
    for (let index = 0; index < people; index += 1) {
      const email = addressOf(index);
      const account = { name: `Person ${index}`, email, hash, roles: ['host'] as const };
      await insertAccount(server.app.store, writing, 'operator', account);
    }
  });
});
afterEach(() => server[Symbol.asyncDispose]());

test('all who come at the same moment get in as themselves, strangers among them do not', async () => {
  const before = await countRows(server, 'sign_in');
  const replies = await times(people + 20, async (index) => {
    const jar = new Jar(server);
    const reply = await signIn(jar, password, addressOf(index));
    return { reply, jar };
  });
  for (const [index, { reply, jar }] of replies.entries()) {
    if (index < people) {
      expect(reply.body).toMatchObject({ name: `Person ${index}`, email: addressOf(index) });
      expect((await jar.get('/api/me')).body.email).toBe(addressOf(index));
    } else {
      expect(reply.code).toBe('sign-in-wrong');
      expect(reply.setCookies).toEqual([]);
    }
  }
  expect(await countRows(server, 'sign_in')).toBe(before + people);
  const made = (await eventTypes(server)).filter((type) => type === 'sign-in.made');
  expect(made).toHaveLength(before + people);
  expect(await finish(verifyLedger(server.app.store))).toMatchObject({ faults: [] });
});
