// Before the first test of a project that needs databases, and after its last one.
import { openDatabases } from './databases.ts';

export default async function setUp(): Promise<() => Promise<void>> {
  const databases = await openDatabases();
  const complain = () => {
    for (const sentence of databases.missing) process.stderr.write(`\n!! ${sentence}\n\n`);
  };
  complain();
  if (process.env.CI && databases.missing.length > 0) {
    await databases[Symbol.asyncDispose]();
    throw new Error('Under CI no engine may be missing.');
  }
  return async () => {
    complain();
    await databases[Symbol.asyncDispose]();
  };
}
