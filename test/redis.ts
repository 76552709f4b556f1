// A Redis server for tests.
import { RedisServer } from './cluster/redis-server.ts';

/**
 * A server of our own; null, loudly, where none is installed.
 * @throws under CI, where it must not be missing
 */
export async function startRedis(): Promise<RedisServer | null> {
  try {
    return await RedisServer.start();
  } catch (error) {
    const sentence = `Redis was not tested: ${(error as Error).message}.`;
    if (process.env.CI) throw new Error(sentence);
    process.stderr.write(`\n!! ${sentence}\n\n`);
    return null;
  }
}
