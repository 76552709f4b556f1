const place = 'muster.last-group';

/** The group that this browser took attendance for last; empty: none. */
export function lastGroup(): string {
  try {
    return localStorage.getItem(place) ?? '';
  } catch {
    return '';
  }
}

export function rememberGroup(id: string): void {
  try {
    localStorage.setItem(place, id);
  } catch {
    // It only saves a choice.
  }
}
