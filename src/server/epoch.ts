import { destroyUnusedEpochs, followEpochs } from '../store/epoch.ts';
import { KeyError } from '../store/key-folder.ts';
import type { App } from './app.ts';
import { repeatedly } from './jobs.ts';

const everyMs = 10_000;

/**
 * Destroys epoch keys that an erasure has left without use, here and in this instance's key folder, and follows
 * erasures on other instances. An instance that lacks the key in force can read nobody, so it is not ready.
 */
export async function keepEpochs({
  store,
  health,
  log,
}: Pick<App, 'store' | 'health' | 'log'>): Promise<AsyncDisposable> {
  let isMissing = false;
  health.register('keys', async () =>
    isMissing ? 'an epoch key that another instance has made is not in the key folder' : null,
  );
  await destroyUnusedEpochs(store);
  return repeatedly(everyMs, async () => {
    try {
      await followEpochs(store);
      isMissing = false;
    } catch (error) {
      if (!(error instanceof KeyError)) return;
      if (!isMissing) log.error({ err: error }, 'epoch key missing');
      isMissing = true;
    }
  });
}
