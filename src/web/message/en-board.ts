import type { Catalogue } from './message.ts';

/** Texts of the board, the projector view and a session's printed register. */
export const enBoard = {} as const satisfies Catalogue;
