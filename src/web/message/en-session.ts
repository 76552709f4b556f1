import type { Catalogue } from './message.ts';

export const enSession = {} as const satisfies Catalogue;
