import { join } from 'node:path';

/** The app below /app/ and the phone page: built apart, because the phone page may not share a byte. */
const bundleParts = ['app', 'phone'] as const;
export type BundlePart = (typeof bundleParts)[number];

const environments: Readonly<Record<BundlePart, string>> = { app: 'client', phone: 'phone' };

async function loadVite(): Promise<typeof import('vite')> {
  try {
    return await import('vite');
  } catch (cause) {
    const message =
      'The pages are not built yet, or their sources have changed, and Vite, which builds them, is not ' +
      'installed. Run "npm install" in the folder of Muster, then start it again.';
    throw new Error(message, { cause });
  }
}

/** Builds the parts from the sources below `root` into `folder`, a folder for each. */
export async function buildBundle(
  root: string,
  folder: string,
  parts: readonly BundlePart[] = bundleParts,
): Promise<void> {
  const { createBuilder } = await loadVite();
  const builder = await createBuilder({
    root: join(root, 'src/web'),
    configFile: join(root, 'vite.config.ts'),
    configLoader: 'native',
    logLevel: 'error',
    environments: {
      client: { build: { outDir: join(folder, 'app') } },
      phone: { build: { outDir: join(folder, 'phone') } },
    },
  });
  for (const part of parts) {
    const environment = builder.environments[environments[part]];
    if (!environment) throw new Error(`vite.config.ts describes no environment for ${part}.`);
    await builder.build(environment);
  }
}
