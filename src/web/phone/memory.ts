const held: Record<string, string> = {};

/** What was kept under this key; a browser that refuses storage remembers until the page is left. */
export function recall<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(`muster.${key}`) || held[key];
    return text ? (JSON.parse(text) as T) : undefined;
  } catch {
    return held[key] ? (JSON.parse(held[key]) as T) : undefined;
  }
}

/** @returns whether it outlives the page. */
export function keep(key: string, value: unknown): boolean {
  held[key] = JSON.stringify(value);
  try {
    localStorage.setItem(`muster.${key}`, held[key]);
    return true;
  } catch {
    return false;
  }
}

export function forget(key: string): void {
  delete held[key];
  try {
    localStorage.removeItem(`muster.${key}`);
  } catch {
    // nothing was kept
  }
}
