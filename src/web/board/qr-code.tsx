import { useMemo } from 'preact/hooks';
import { encode } from 'uqr';
import './qr-code.css';

/** Modules of quiet space that a reader needs around the code. */
const quietZone = 4;
/** Upper-case text that still fits version 2 at the middle level of error correction; longer text takes the low. */
const mediumLength = 38;

/** What the code says: upper case throughout, so that it needs few and large modules. */
export const codeText = (url: string): string => url.toUpperCase();

/** The dark modules as one SVG path, one bar per run in a line. */
export function qrPath(
  url: string,
  quiet = quietZone,
  content = codeText(url),
): { path: string; side: number } {
  const ecc = content.length <= mediumLength ? 'M' : 'L';
  const { data, size } = encode(content, { ecc, minVersion: 2, border: 0 });
  const bars: string[] = [];
  data.forEach((row, y) => {
    for (let x = 0; x < size; x += 1) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x += 1;
      const width = x - from + 1;
      bars.push(`M${from + quiet} ${y + quiet}h${width}v1h-${width}z`);
    }
  });
  return { path: bars.join(''), side: size + 2 * quiet };
}

/**
 * A QR code that fills its box: always dark on white, as phones expect it.
 * @param props.quiet less quiet space, where white surrounds the box anyway
 * @param props.exact the text as it stands, not in upper case
 */
export function QrCode(props: { url: string; label: string; quiet?: number; exact?: boolean }) {
  const { url, label, quiet, exact } = props;
  const { path, side } = useMemo(
    () => qrPath(url, quiet, exact ? url : undefined),
    [url, quiet, exact],
  );
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label}>
      <rect width={side} height={side} class="qr-light" />
      <path d={path} class="qr-dark" />
    </svg>
  );
}
