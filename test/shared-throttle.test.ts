import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serverNames } from './engines.ts';
import { type Instances, startInstances } from './instances.ts';
import { adminPassword, Jar, setUpAdmin, setupForm, signIn, times, tokenOf } from './jar.ts';
import { openSchool } from './school.ts';

describe.each(serverNames)('two instances on %s', (engine) => {
  let instances: Instances;

  beforeEach(async () => {
    instances = await startInstances(engine);
  });
  afterEach(() => instances[Symbol.asyncDispose]());

  /** A browser at one of the two in turn, as behind a load balancer. */
  const jar = (index: number) => new Jar(index % 2 === 0 ? instances.first : instances.second);

  test('look at five of fifty passwords that are guessed at once', async () => {
    await setUpAdmin(instances.first);
    const replies = await times(50, (index) => signIn(jar(index), `wrong ${index}`));
    expect(replies.filter(({ code }) => code === 'sign-in-wrong')).toHaveLength(5);
    expect(replies.filter(({ code }) => code === 'sign-in-throttled')).toHaveLength(45);
    instances.clock.advance(1_000);
    expect((await signIn(jar(1), adminPassword)).status).toBe(200);
    for (let index = 0; index < 5; index += 1) {
      expect((await signIn(jar(index), 'wrong')).code).toBe('sign-in-wrong');
    }
  });

  test('count the wrong typed codes of a browser together', async () => {
    const { first, second } = instances;
    const school = await openSchool(first);
    const session = await school.openSession();
    const phone = school.phone();
    await phone.scan(await school.token(session));
    const codes: string[] = [];
    for (let index = 0; index < 9; index += 1) {
      const { port } = (index % 2 === 0 ? first : second).server;
      Object.assign(phone, { origin: `http://localhost:${port}` });
      codes.push((await phone.post('/api/typed-code', { code: 'ZZZZZZ' })).problem.code);
    }
    expect(codes).toEqual([...Array(8).fill('typed-code-wrong'), 'throttled']);
  });

  test('print one set-up link, and of ten set-ups at both one succeeds', async () => {
    const { first, second } = instances;
    expect(second.app.setUpLink.token).toBe(first.app.setUpLink.token);
    const form = setupForm(first);
    const replies = await times(10, (index) =>
      jar(index).post('/api/setup', { ...form, email: `a${index}@hillside.example` }),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ code }) => code === 'already-set-up')).toHaveLength(9);
  });

  test('let one in by a one-time link that is used at both at once', async () => {
    const { first } = instances;
    await setUpAdmin(first);
    const bearer = { authorization: `Bearer ${first.app.operatorToken.token}` };
    const { body } = await new Jar(first).post('/api/sign-in-links', {}, bearer);
    const token = tokenOf(body.link);
    const replies = await times(10, (index) => jar(index).post('/api/sign-in-link', { token }));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ code }) => code === 'link-invalid')).toHaveLength(9);
  });
});
