import { hostname } from 'node:os';
import type { Installation } from '../core/organisation.wire.ts';
import { deleteInstance, listInstances, noteInstance } from '../store/instance.ts';
import type { App } from './app.ts';

const everyMs = 10_000;

/** Keeps this instance's entry among those that run, and takes it out at the end; nothing on an embedded database. */
export async function announceInstance({
  store,
  instance: id,
  config: { version },
}: Pick<App, 'store' | 'instance' | 'config'>): Promise<AsyncDisposable> {
  if (store.engine.exclusive) return { async [Symbol.asyncDispose]() {} };
  const startedAt = store.clock.now();
  // a database that is away is told of elsewhere; the next round comes soon
  const note = () =>
    noteInstance(store, { id, machine: hostname(), version, startedAt }).catch(() => {});
  await note();
  let noting = Promise.resolve();
  const timer = setInterval(() => {
    noting = noting.then(note);
  }, everyMs).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await noting;
      await deleteInstance(store, id).catch(() => {});
    },
  };
}

/** The servers that work on this database now; null where it can be no other than this one. */
export async function presentInstances({
  store,
  instance,
}: Pick<App, 'store' | 'instance'>): Promise<Installation['instances']> {
  if (store.engine.exclusive) return null;
  const running = await listInstances(store);
  return running.map((one) => ({ ...one, here: one.id === instance }));
}
