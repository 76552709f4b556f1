import type { MenuItem } from './place.ts';

/** Where somebody is in a list that the server gives page by page. */
export class Paging {
  /** Of the page that is shown; undefined: the first. */
  cursor: string | undefined;

  /** Lines of a menu that lead to the next page and back to the first, where there are such. */
  ways(next: string | null, { further, first }: { further: string; first: string }): MenuItem[] {
    const turn = (label: string, to: string | undefined): MenuItem => ({
      label,
      run: async () => {
        this.cursor = to;
      },
    });
    return [
      ...(next === null ? [] : [turn(further, next)]),
      ...(this.cursor === undefined ? [] : [turn(first, undefined)]),
    ];
  }
}
