import { type Child, make, paragraph } from './element.ts';

const page = document.getElementById('page') as HTMLElement;
const status = document.getElementById('status') as HTMLElement;
let organisation = '';

/** The quiet line above everything but an answer. */
export function setOrganisation(name: string): void {
  organisation = name;
}

/** Tells a screen reader without moving anything. */
export function announce(sentence: string): void {
  status.textContent = sentence;
}

/** A heading that takes the focus when its screen appears. */
export function heading(...children: readonly Child[]): HTMLElement {
  return make('h1', { tabindex: '-1', dir: 'auto' }, ...children);
}

/** Replaces what is on the screen. The first screen leaves the focus alone; later ones
 * bring it to the field that is wrong, or to the heading. */
export function show(kind: string, ...children: readonly Child[]): void {
  const first = !page.className;
  page.className = kind;
  page.textContent = '';
  announce('');
  for (const child of [paragraph(organisation, 'organisation'), ...children])
    if (child) page.append(child);
  const find = (what: string): HTMLElement | null => page.querySelector(what);
  const wanted = find('[aria-invalid]') || find('h1');
  if (wanted && (!first || kind.startsWith('answer'))) wanted.focus();
  scrollTo(0, 0);
}
