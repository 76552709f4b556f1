import type { Child } from './rush.ts';
export async function measureMixed(_: Child, __: string): Promise<Record<string, number>> { return {}; }
