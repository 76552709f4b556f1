import { destroyUnusedEpochs, followEpochs } from '../store/epoch.ts';
import { requireOwner } from '../store/key-claim.ts';
import { KeyError } from '../store/key-folder.ts';
import { KeysTaken } from '../store/key-owner.ts';
import type { App } from './app.ts';
import { repeatedly } from './jobs.ts';

const followMs = 10_000;

/**
 * Destroys epoch keys that an erasure has left without use, here and in this instance's key folder, and follows
 * erasures on other instances. An instance that lacks the key in force can read nobody, so it is not ready; one whose
 * keys were taken over by another database answers nothing any more, until they are taken back.
 */
export async function keepEpochs(
  { store, health, databaseAway }: Pick<App, 'store' | 'health' | 'databaseAway'>,
  everyMs = followMs,
): Promise<AsyncDisposable> {
  let problem: string | null = null;
  let wasTold = false;
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
      problem = null;
      health.isBarred = false;
      wasTold = false;
    } catch (error) {
      problem = describe(error);
      if (error instanceof KeysTaken) health.isBarred = true;
      // such as a key folder that is mounted read-only: somebody has to destroy the old key there
      if (!wasTold) databaseAway.log(error, 'epoch keys');
      wasTold = true;
    }
  };
  await attempt(() => destroyUnusedEpochs(store));
  health.register('keys', async () => problem);
  // an embedded database has no other instance
  const follow = store.engine.exclusive ? requireOwner : followEpochs;
  return repeatedly(everyMs, () => attempt(() => follow(store)));
}

function describe(error: unknown): string | null {
  if (error instanceof KeysTaken) return 'the key folder belongs to another database now';
  return error instanceof KeyError
    ? 'an epoch key that another instance has made is not in the key folder'
    : null;
}
