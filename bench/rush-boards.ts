import type { SessionId } from '../src/core/brand.ts';
import type { Child } from './rush.ts';
export async function measureBoards(_: Child, __: SessionId): Promise<number> { return 0; }
