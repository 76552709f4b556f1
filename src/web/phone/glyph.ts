import type { Receipt } from '../../core/check-in.wire.ts';

const disc = 'M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20z';

/** The same shapes as on the board and in the register: status is never colour alone. */
const shapes: Readonly<Record<Receipt['status'] | 'unsent', string>> = {
  present: disc,
  late: `${disc}m0 2.6v14.8a7.4 7.4 0 0 0 0-14.8z`,
  absent: `${disc}m0 2.6a7.4 7.4 0 1 1 0 14.8a7.4 7.4 0 1 1 0-14.8z`,
  excused: 'M3 3h18v18H3z',
  pending: 'M12 2.5L22.8 21H1.2z',
  none: 'M3 10.5h18v3H3z',
  unsent: 'M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17z',
};

/** Decoration for the eye: the word beside it says the same. */
export function glyph(shape: keyof typeof shapes): SVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const picture = document.createElementNS(space, 'svg');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', shapes[shape]);
  path.setAttribute('class', shape === 'unsent' ? 'dotted' : '');
  picture.setAttribute('viewBox', '0 0 24 24');
  picture.setAttribute('aria-hidden', 'true');
  picture.append(path);
  return picture;
}
