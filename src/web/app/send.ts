import { createSend } from '../../client/request.ts';

/** The one way from the host's pages to the server they came from. */
export const send = createSend({ fetch: (...call) => globalThis.fetch(...call) });
