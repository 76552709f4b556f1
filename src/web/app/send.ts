import { createSend, type Send } from '../../client/request.ts';

const plain = createSend({ fetch: (...call) => globalThis.fetch(...call) });
let listener = () => {};

/** Calls `leave` when a page can no longer be read because its sign-in has ended. */
export function whenSignedOut(leave: () => void): void {
  listener = leave;
}

/**
 * The one way from the host's pages to the server they came from. A change that is refused for a lost sign-in stays
 * on its page, so that nothing typed is gone; a page that cannot be read leads to sign-in and back.
 */
export const send: Send = async (method, path, body) => {
  const answer = await plain<never>(method, path, body);
  if (!answer.ok && answer.problem.code === 'sign-in-needed' && method === 'GET') listener();
  return answer;
};
