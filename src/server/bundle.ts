import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildBundle } from './bundle-build.ts';
import { stampBundle } from './bundle-stamp.ts';

export interface BundleOptions {
  /** The folder of the installation: where `src` and `package.json` lie. */
  readonly root: string;
  readonly log: (message: string) => void;
}

export interface Bundle {
  /** Has `app/` (files to serve below /app/) and `phone/` (for `loadPhonePage`), and never changes. */
  readonly folder: string;
  readonly built: boolean;
}

/** An unfinished build that is older than this was left by a process that died. */
const abandonedMs = 60 * 60_000;
/** What is rebuilt again and again, as while somebody works on the pages, stays for so long. */
const servedMs = 24 * 60 * 60_000;

/**
 * The built pages; builds them first where the sources have changed. A build lies in a folder named by what it was
 * made of and appears there whole, so two processes that start at once do not disturb each other, nor one that
 * still serves the build before.
 */
export async function buildBundleWhenStale({ root, log }: BundleOptions): Promise<Bundle> {
  const place = join(root, 'dist/web');
  const stamp = stampBundle(root);
  const folder = join(place, stamp);
  if (existsSync(folder)) return { folder, built: false };

  log('Building the pages. This happens once after each change.');
  const unfinished = join(place, `.${stamp}-${randomBytes(4).toString('hex')}`);
  await mkdir(unfinished, { recursive: true });
  try {
    await buildBundle(root, unfinished);
    await rename(unfinished, folder).catch((error: unknown) => {
      // another process was faster: its build is the same
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  await removeOldBuilds(place, stamp);
  return { folder, built: true };
}

/** Leaves the newest build, the one before it, and those of the last day: running processes may still serve them. */
async function removeOldBuilds(place: string, stamp: string): Promise<void> {
  const entries = (await readdir(place))
    .filter((name) => name !== stamp)
    .map((name) => ({
      name,
      changedAt: statSync(join(place, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }));
  const builds = entries
    .filter(({ name }) => !name.startsWith('.'))
    .sort((left, right) => right.changedAt - left.changedAt)
    .slice(1)
    .filter(({ changedAt }) => Date.now() - changedAt > servedMs);
  const abandoned = entries.filter(
    ({ name, changedAt }) => name.startsWith('.') && Date.now() - changedAt > abandonedMs,
  );
  for (const { name } of [...builds, ...abandoned]) {
    await rm(join(place, name), { recursive: true, force: true });
  }
}
