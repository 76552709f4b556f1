import type { Catalogue } from './message.ts';

export const enRoster = {} as const satisfies Catalogue;
