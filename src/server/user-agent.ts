const browsers: readonly (readonly [RegExp, string])[] = [
  [/^muster-terminal\b/, 'muster terminal'],
  [/\bEdgi?[A-Z]*\//i, 'Edge'],
  [/\b(?:OPR|Opera)\//, 'Opera'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/\b(?:iPhone|iPod)\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/** What a person recognises a device by in a list, such as `Firefox, Windows`; empty where nothing is known. */
export function describeDevice(userAgent: string | undefined): string {
  const text = (userAgent ?? '').slice(0, 500);
  const find = (list: typeof browsers) => list.find(([pattern]) => pattern.test(text))?.[1];
  return [find(browsers), find(systems)].filter((part) => part !== undefined).join(', ');
}
