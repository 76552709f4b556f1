import { open } from 'node:fs/promises';

/** Makes a rename in a folder durable; where the system cannot sync folders (Windows), it does so by itself. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path).catch(() => null);
  if (!handle) return;
  try {
    await handle.sync();
  } catch {
    // not every file system can
  } finally {
    await handle.close();
  }
}
