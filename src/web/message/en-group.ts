import type { Catalogue } from './message.ts';

export const enGroup = {} as const satisfies Catalogue;
