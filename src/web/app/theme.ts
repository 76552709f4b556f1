import { effect, signal } from '@preact/signals';

/** Light, dark, or as the machine says. */
export type Theme = 'system' | 'light' | 'dark';

const place = 'muster.theme';

function read(): Theme {
  try {
    const kept = localStorage.getItem(place);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}

export const theme = signal<Theme>(read());

/** Puts the theme on the page and remembers it in this browser. */
export function followTheme(): void {
  effect(() => {
    const { dataset } = document.documentElement;
    if (theme.value === 'system') delete dataset.theme;
    else dataset.theme = theme.value;
    try {
      localStorage.setItem(place, theme.value);
    } catch {
      // A browser that keeps nothing still shows the theme.
    }
  });
}
