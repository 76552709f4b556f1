// A Redis server for tests: one that is named, or one of our own.
import { RedisServer } from './cluster/redis-server.ts';

export interface TestRedis extends AsyncDisposable {
  readonly address: string;
}

/**
 * Null, loudly, where none is installed.
 * @throws under CI, where it must not be missing
 */
export async function findRedis(): Promise<TestRedis | null> {
  const address = process.env.MUSTER_TEST_REDIS;
  if (address) return { address, async [Symbol.asyncDispose]() {} };
  try {
    return await RedisServer.start();
  } catch (error) {
    const sentence = `Redis was not tested: ${(error as Error).message}, or name one with MUSTER_TEST_REDIS=redis://HOST:PORT.`;
    if (process.env.CI) throw new Error(sentence);
    process.stderr.write(`\n!! ${sentence}\n\n`);
    return null;
  }
}
