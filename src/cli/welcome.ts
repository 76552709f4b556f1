import { homedir } from 'node:os';
import { drawQr } from '../terminal/qr.ts';
import type { Style } from '../terminal/style.ts';
import { beside, widthOf, wrap } from '../terminal/width.ts';

/** What somebody who started the server must know. */
export interface Welcome {
  readonly version: string;
  /** `http://localhost:8080`; behind a proxy on this machine its address. */
  readonly home: string;
  /** For phones on the same network, best first. */
  readonly phones: readonly string[];
  /** For hosts on other machines; null without HTTPS. */
  readonly hosts: string | null;
  /** Compared with what the other machine shows; null where a known authority signed. */
  readonly fingerprint: string | null;
  readonly data: string;
  readonly keys: string;
  readonly dayFiles: string | null;
  readonly isFirst: boolean;
  /** The one-time token of the set-up page; null once there is an administrator. */
  readonly setUpToken: string | null;
}

/** The terminal that it is said in. */
export interface Room {
  readonly columns: number;
  readonly style: Style;
  /** null: no terminal, so no picture. */
  readonly ground: 'colour' | 'dark' | null;
}

const keyCare = 'Keep a copy of the keys elsewhere.';
const dayFileCare = 'Anyone who can open that folder can read the day files.';
const largestQr = { columns: 43, rows: 22 };

/** The lines that `muster start` prints once it serves. */
export function describeStart(welcome: Welcome, room: Room): string[] {
  return welcome.setUpToken === null
    ? describeUsual(welcome, room)
    : describeSetUp(welcome, welcome.setUpToken, room);
}

function describeUsual(welcome: Welcome, room: Room): string[] {
  const { style } = room;
  return [
    style('bold', `Muster ${welcome.version} is running. Ctrl+C stops it.`),
    '',
    ...facts(welcome, room, 1_000),
  ];
}

function describeSetUp(welcome: Welcome, token: string, room: Room): string[] {
  const { style, columns, ground } = room;
  const page = (origin: string): string => `${origin}/app/setup#${token}`;
  const { hosts } = welcome;
  const picture = ground && hosts ? drawQr(page(hosts), { ground, ...largestQr }) : null;
  const left = picture ? widthOf(picture[0] ?? '') + 2 : 0;
  const width = picture ? Math.max(24, columns - left - 1) : 1_000;
  const title = welcome.isFirst
    ? `Muster ${welcome.version} made data and keys. Set it up here, once (Ctrl+C stops):`
    : `Muster ${welcome.version} waits for its set-up. Do it here, once (Ctrl+C stops):`;
  const text = [
    ...(hosts ? [...elsewhere(picture ? null : page(hosts), welcome, width), ''] : []),
    ...facts(welcome, room, width),
    ...(welcome.isFirst ? wrap(keyCare, width) : []),
  ];
  return [
    style('bold', title),
    style('cyan', page(welcome.home)),
    ...beside(picture ?? [], left, text),
  ];
}

function elsewhere(link: string | null, { fingerprint }: Welcome, width: number): string[] {
  const how = link ? `On another device open ${link}` : 'On another device: scan this.';
  const warning = fingerprint
    ? `Its browser warns once, as no public authority knows this machine. Compare: ${fingerprint}`
    : '';
  return [...wrap(how, width), ...(warning ? wrap(warning, width) : [])];
}

function facts(welcome: Welcome, { style, ground }: Room, width: number): string[] {
  // whole where a program may read it
  const short = ground === null ? (path: string) => path : shorten;
  const { phones, hosts, data, keys, dayFiles, setUpToken } = welcome;
  const pairs: [string, string][] = [
    ...((setUpToken === null || ground === null) && !phones.includes(welcome.home)
      ? [['here', welcome.home] as [string, string]]
      : []),
    ...phones
      .slice(0, setUpToken === null ? 3 : 1)
      .map((origin): [string, string] => ['phones', origin]),
    ...(hosts ? [['hosts', hosts] as [string, string]] : []),
    ['data', short(data)],
    ['keys', short(keys)],
    ['day files', dayFiles === null ? 'off' : short(dayFiles)],
  ];
  return [
    ...pairs.flatMap(([name, value]) =>
      wrap(value, width - 10).map(
        (line, index) => style('dim', (index === 0 ? name : '').padEnd(10)) + line,
      ),
    ),
    ...(phones.length === 0 ? wrap(noNetwork, width) : []),
    ...(dayFiles === null ? [] : wrap(dayFileCare, width)),
  ];
}

const noNetwork =
  'This machine has no network address that phones could reach: join a network, or open a hotspot.';

function shorten(path: string): string {
  const home = homedir();
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
