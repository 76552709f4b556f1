import { expect, test } from 'vitest';
import { holdChange } from './legal-hold.wire.ts';
import { cancelRequest } from './session.wire.ts';
import { passkeyRequest } from './sign-in.wire.ts';

const evil = 'a\u001b]0;x\u0007\u009b2Jb\u202ec';
const plain = 'a]0;x2Jbc';
const response = { clientDataJSON: '' };

test('no text that somebody else is shown moves a cursor or turns the direction', () => {
  expect(holdChange.parse({ reason: evil })).toEqual({ reason: plain });
  expect(cancelRequest.parse({ reason: evil })).toEqual({ reason: plain });
  const passkey = { id: 'x', rawId: 'x', type: 'public-key', clientExtensionResults: {}, response };
  expect(passkeyRequest.parse({ name: evil, response: passkey })).toMatchObject({ name: plain });
});

test('a hold has a reason that can be seen', () => {
  for (const reason of ['', ' \n ', '\u001b']) {
    expect(holdChange.safeParse({ reason }).success).toBe(false);
  }
});
