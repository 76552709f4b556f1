import { encode } from 'uqr';

/** How a QR code is drawn. */
export interface QrLook {
  /** `colour`: black on white whatever the terminal's theme; `dark` or `light`: its own colours on such a ground. */
  readonly ground: 'colour' | 'dark' | 'light';
  /** Columns and rows that it may take. */
  readonly columns: number;
  readonly rows: number;
}

const border = 2;

/** A QR code as lines of half blocks, as large as there is room for; null where there is not enough. */
export function drawQr(text: string, { ground, columns, rows }: QrLook): string[] | null {
  const { data, size } = encode(text, { border, ecc: 'L' });
  const scale = Math.min(Math.floor(columns / size), Math.floor((2 * rows) / (size + 1)));
  if (scale < 1) return null;
  const dark = (x: number, y: number): boolean =>
    data[Math.floor(y / scale)]?.[Math.floor(x / scale)] ?? false;
  // a full block is the colour of the writing: white on a dark ground, black on a light one and in colour
  const drawn = (x: number, y: number): boolean => dark(x, y) !== (ground === 'dark');
  const side = size * scale;
  return Array.from({ length: Math.ceil(side / 2) }, (_, row) => {
    let line = '';
    for (let x = 0; x < side; x += 1) {
      const top = drawn(x, 2 * row);
      const bottom = 2 * row + 1 < side ? drawn(x, 2 * row + 1) : ground === 'dark';
      line += top ? (bottom ? '█' : '▀') : bottom ? '▄' : ' ';
    }
    return ground === 'colour' ? `\x1b[30;107m${line}\x1b[0m` : line;
  });
}
