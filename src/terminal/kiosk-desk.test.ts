import { expect, test } from 'vitest';
import { KioskDesk } from './kiosk-desk.ts';

function openDesk() {
  const leaving = Promise.withResolvers<string | null>();
  let hasEnded = false;
  const desk = new KioskDesk({
    checkIn: () => new Promise(() => {}),
    leave: () => leaving.promise,
    explain: () => '',
    onChange: () => {},
    onEnd: () => {
      hasEnded = true;
    },
    after: () => () => {},
  });
  const type = (text: string): void => {
    for (const key of text) desk.press(key);
    desk.press('\r');
  };
  return { desk, type, leaving, hasEnded: () => hasEnded };
}

test.each(['ctrl+c', '\x1b'])(
  'whoever does not wait to be let out (%j) stays at the door',
  async (key) => {
    const { desk, type, leaving, hasEnded } = openDesk();
    desk.press('ctrl+c');
    type('henri@example.org');
    type('a-secret');
    expect(desk.view.question).toBe('One moment');
    desk.press('x');
    expect(desk.view.question).toBe('One moment');
    desk.press(key);
    expect(desk.view).toMatchObject({ question: 'Your number, then Enter', typed: '' });
    // the answer comes when somebody else may stand there
    leaving.resolve(null);
    await leaving.promise;
    await Promise.resolve();
    expect(hasEnded()).toBe(false);
  },
);

test('a check-in that is being sent is not called off by a key', () => {
  const { desk, type } = openDesk();
  type('007');
  type('482915');
  desk.press('ctrl+c');
  expect(desk.view.question).toBe('One moment');
});
