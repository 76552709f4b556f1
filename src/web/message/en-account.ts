import type { Catalogue } from './message.ts';

export const enAccount = {} as const satisfies Catalogue;
