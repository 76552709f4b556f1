import type { AnchorLine, AnchorList, AnchorSettings } from '../core/anchor.wire.ts';
import type { Send } from './request.ts';

/** Settings, key and the newest anchors. */
export const listAnchors = (send: Send) => send<AnchorList>('GET', '/api/anchors');

export const makeAnchor = (send: Send) => send<AnchorLine>('POST', '/api/anchors');

export const saveAnchorSettings = (send: Send, settings: AnchorSettings) =>
  send<AnchorSettings>('POST', '/api/anchors/settings', settings);

/** Where the signed text can be had. */
export const anchorUrl = (digest: string): string => `/api/anchors/${digest}`;
