import { destroyUnusedEpochs, followEpochs } from '../store/epoch.ts';
import { KeyError } from '../store/key-folder.ts';
import type { App } from './app.ts';
import { repeatedly } from './jobs.ts';

const followMs = 10_000;

/**
 * Destroys epoch keys that an erasure has left without use, here and in this instance's key folder, and follows
 * erasures on other instances. An instance that lacks the key in force can read nobody, so it is not ready.
 */
export async function keepEpochs(
  { store, health, databaseAway }: Pick<App, 'store' | 'health' | 'databaseAway'>,
  everyMs = followMs,
): Promise<AsyncDisposable> {
  let isMissing = false;
  let wasTold = false;
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
      isMissing = false;
      wasTold = false;
    } catch (error) {
      isMissing = error instanceof KeyError;
      // such as a key folder that is mounted read-only: somebody has to destroy the old key there
      if (!wasTold) databaseAway.log(error, 'epoch keys');
      wasTold = true;
    }
  };
  await attempt(() => destroyUnusedEpochs(store));
  if (store.engine.exclusive) return { async [Symbol.asyncDispose]() {} };
  health.register('keys', async () =>
    isMissing ? 'an epoch key that another instance has made is not in the key folder' : null,
  );
  return repeatedly(everyMs, () => attempt(() => followEpochs(store)));
}
