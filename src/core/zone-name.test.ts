import { expect, test } from 'vitest';
import { isZone } from './local-time.ts';
import { presentZoneName } from './zone-name.ts';

test('every zone that the runtime lists has a present name that it knows', () => {
  const names = Intl.supportedValuesOf('timeZone').map(presentZoneName);
  expect(names.filter((name) => !isZone(name))).toEqual([]);
  expect(names).toEqual(expect.arrayContaining(['Asia/Kolkata', 'Europe/Kyiv', 'Europe/Berlin']));
  expect(names).not.toContain('Asia/Calcutta');
});
