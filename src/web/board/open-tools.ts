import { loadMe } from '../../client/account.ts';
import { loadBoard, markPeople, notePerson, undoMark } from '../../client/session.ts';
import { me, setMe } from '../app/me.ts';
import { send } from '../app/send.ts';
import { problemText } from '../message/text.ts';
import { showToast } from '../part/toast.tsx';
import { type Desk, openDesk } from './desk.ts';
import { type Feed, openFeed } from './feed.ts';

const patienceMs = 3_000;
const reachMs = 5_000;

/** The feed of a session, wired to this browser and this server. */
export function openSessionFeed(id: string): Feed {
  const url = `${location.origin.replace(/^http/, 'ws')}/live`;
  const feed = openFeed(id, url, {
    load: () => loadBoard(send, id),
    async isSignedIn() {
      const answer = await loadMe(send);
      return answer.ok || answer.problem.code !== 'sign-in-needed';
    },
  });
  // the pages behind a sign-in go there by themselves once nobody is signed in
  feed.line.subscribe((line) => {
    if (line === 'signed-out' && me.peek()) setMe(null);
  });
  return feed;
}

/** Feed and desk of a session's board. */
export function openSessionTools(id: string): { feed: Feed; desk: Desk } {
  const feed = openSessionFeed(id);
  const desk = openDesk({
    state: feed.state,
    latest: feed.latest,
    now: feed.serverNow,
    sendMark: (people, status) => markPeople(send, id, { people, status }),
    sendNote: (person, note) => notePerson(send, id, person, note),
    sendUndo: (person, seq) => undoMark(send, id, person, seq),
    reached: (seq) => until(reachMs, () => (feed.latest()?.seq ?? 0) >= seq),
    patience: () => new Promise((done) => setTimeout(done, patienceMs)),
    refused: (problem) => showToast(problemText(problem)),
  });
  return { feed, desk };
}

async function until(longestMs: number, holds: () => boolean): Promise<void> {
  const end = performance.now() + longestMs;
  while (!holds() && performance.now() < end) await new Promise((done) => setTimeout(done, 50));
}
