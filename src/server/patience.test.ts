import { expect, test } from 'vitest';
import { withinPatience } from './patience.ts';

/** Notes what is logged. */
function listen() {
  const logged: unknown[] = [];
  const databaseAway = { log: (error: unknown) => void logged.push(error) };
  return { app: { databaseAway: databaseAway as never }, logged };
}

test('an answer in time is the answer, and a failure in time the failure', async () => {
  const { app, logged } = listen();
  expect(await withinPatience(app, Promise.resolve('there'))).toBe('there');
  await expect(withinPatience(app, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(logged).toEqual([]);
});

test('whoever waits for too long is told to come again, and what fails later is noted', async () => {
  const { app, logged } = listen();
  const work = Promise.withResolvers<string>();
  expect(await withinPatience(app, work.promise, 5)).toMatchObject({ code: 'database-away' });
  const failure = new Error('much later');
  work.reject(failure);
  await expect.poll(() => logged).toEqual([failure]);
});
