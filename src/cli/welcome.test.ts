import { expect, test } from 'vitest';
import type { Style } from '../terminal/style.ts';
import { widthOf } from '../terminal/width.ts';
import { describeStart, type Welcome } from './welcome.ts';

const plainStyle: Style = (_, text) => text;

const welcome: Welcome = {
  version: '0.1.0',
  home: 'http://localhost:8080',
  phones: ['http://192.168.100.100:8080', 'http://10.20.30.40:8080'],
  hosts: 'https://192.168.100.100:8443',
  fingerprint: '3F2A 91BC 0011 2233 4455',
  data: '/home/somebody/.local/share/muster',
  keys: '/home/somebody/.config/muster/keys/01a1fd88-a10a-4897-adaf-782e0c60e9f0',
  dayFiles: '/home/somebody/Documents/Muster attendance',
  isFirst: true,
  setUpToken: 'a'.repeat(43),
};

test('the first start fits a terminal of 80 by 24, with the link whole and the picture beside the facts', () => {
  const lines = describeStart(welcome, { columns: 80, style: plainStyle, ground: 'dark' });
  expect(lines.length).toBeLessThanOrEqual(23);
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80);
  expect(lines[1]).toBe(`http://localhost:8080/app/setup#${'a'.repeat(43)}`);
  expect(lines.join('\n')).toContain('█ ▄▄▄▄▄ █');
});

test('without a terminal there is no picture, and the link for another device is written out', () => {
  const text = describeStart(welcome, { columns: 80, style: plainStyle, ground: null }).join('\n');
  expect(text).not.toContain('█');
  expect(text).toContain(`https://192.168.100.100:8443/app/setup#${'a'.repeat(43)}`);
  expect(text).toContain(welcome.keys);
  expect(text).toContain('Anyone who can open that folder can read the day files.');
});

test('a later start is short and shows no link', () => {
  const lines = describeStart(
    { ...welcome, isFirst: false, setUpToken: null },
    { columns: 80, style: plainStyle, ground: 'dark' },
  );
  expect(lines.length).toBeLessThan(12);
  expect(lines.join('\n')).not.toContain('#');
});
