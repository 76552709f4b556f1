// Finds a Chromium for the browser tests, or gets one. It never answers "none": it throws.
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
  'msedge',
];

function usualPlaces(env: NodeJS.ProcessEnv): string[] {
  if (process.platform === 'darwin') {
    const apps = ['/Applications', join(env.HOME ?? '', 'Applications')];
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].flatMap((app) =>
      apps.map((folder) => join(folder, `${app}.app`, 'Contents/MacOS', app)),
    );
  }
  if (process.platform === 'win32') {
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA];
    return folders
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        join(folder, 'Google/Chrome/Application/chrome.exe'),
        join(folder, 'Chromium/Application/chrome.exe'),
        join(folder, 'Microsoft/Edge/Application/msedge.exe'),
      ]);
  }
  return ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'].flatMap((folder) =>
    names.map((name) => join(folder, name)),
  );
}

function placesOnPath(env: NodeJS.ProcessEnv): string[] {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((name) => join(folder, name + suffix)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A downloaded browser may lie there and still lack the system's libraries. */
function starts(path: string): boolean {
  if (!isExecutable(path)) return false;
  if (process.platform === 'win32') return true;
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

function isDebianRoot(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return (
    existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}

function installFromDebian(): string | undefined {
  if (!isDebianRoot()) return undefined;
  process.stderr.write("No browser found: installing Debian's chromium.\n");
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2], env });
    const install = ['install', '-y', '-qq', '--no-install-recommends', 'chromium'];
    execFileSync('apt-get', install, { stdio: ['ignore', 2, 2], env });
  } catch {
    return undefined;
  }
  return ['/usr/bin/chromium'].find(starts);
}

function downloadWithPlaywright(): string | undefined {
  if (!starts(chromium.executablePath())) {
    process.stderr.write("No browser found: fetching Playwright's Chromium.\n");
    const cli = join(import.meta.dirname, '../node_modules/playwright-core/cli.js');
    spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: ['ignore', 2, 2] });
  }
  return [chromium.executablePath()].find(starts);
}

let found: Promise<string> | undefined;

async function lookForBrowser(): Promise<string> {
  const named = process.env.MUSTER_CHROMIUM;
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`MUSTER_CHROMIUM names ${named}, which is not a program that can be run.`);
  }
  const places = [...usualPlaces(process.env), ...placesOnPath(process.env)];
  const browser = places.find(isExecutable) ?? installFromDebian() ?? downloadWithPlaywright();
  if (browser) return browser;
  throw new Error(
    'The browser tests need Chromium, Google Chrome or Microsoft Edge. None was found and none could ' +
      'be fetched: install one, or set MUSTER_CHROMIUM to its path, and run the tests again.',
  );
}

/** The path of a Chromium, Chrome or Edge. Throws, saying what to install, where there is none. */
function findBrowser(): Promise<string> {
  found ??= lookForBrowser();
  return found;
}

/** Starts the browser without a window; `args` are added to the usual ones. */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    headless: true,
    ...options,
    executablePath: await findBrowser(),
    args: [
      ...asRoot,
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      ...(options.args ?? []),
    ],
  });
}
