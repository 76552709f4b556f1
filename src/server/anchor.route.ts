import { type AnchorSettings, anchorSettings } from '../core/anchor.wire.ts';
import { anchorNow, changeAnchorSettings, presentAnchors, takeAnchor } from './anchor.ts';
import { type Route, route, signedIn } from './route.ts';

/** Anchors of the ledger: made each day, to be kept elsewhere. */
export const anchorRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/anchors',
    needs: 'audit.read',
    handle: ({ app }) => presentAnchors(app),
  }),
  route({
    method: 'POST',
    path: '/api/anchors',
    needs: 'anchor.change',
    handle: (context) => anchorNow(context.app, signedIn(context).person),
  }),
  route<AnchorSettings>({
    method: 'POST',
    path: '/api/anchors/settings',
    needs: 'anchor.change',
    body: anchorSettings,
    handle: (context) => changeAnchorSettings(context.app, signedIn(context).person, context.body),
  }),
  route({
    method: 'GET',
    path: '/api/anchors/:digest',
    needs: 'audit.read',
    handle: (context) => takeAnchor(context.app, context.params.digest ?? ''),
  }),
];
