import { describe, expect, test } from 'vitest';
import { DatabaseError } from './database-error.ts';
import { OutcomeUnknown } from './engine.ts';
import { NoHostReady } from './host-choice.ts';
import { isAway, isConflict, isDiskFull, isUniqueViolation, ServerAway } from './mariadb-error.ts';
import { explainMariadb } from './mariadb-explain.ts';

const told = (errno: number, message = '') => Object.assign(new Error(message), { errno });
const system = (code: string, message = code) => Object.assign(new Error(message), { code });
const place = { user: 'muster', database: 'school', where: 'db1:3306' };
const explain = (error: unknown): string => {
  const explained = explainMariadb(error, place);
  expect(explained).toBeInstanceOf(DatabaseError);
  expect((explained as DatabaseError).cause).toBe(error);
  return (explained as DatabaseError).message;
};

test.each<[string, Error, RegExp]>([
  ['a wrong password', told(1045), /does not let muster in: user or password is wrong/],
  ['a strange machine', told(1130), /lets nobody in from this machine/],
  ['a missing database', told(1049), /create database `school` character set utf8mb4/],
  ['a missing privilege', told(1142), /grant all privileges on `school`\.\* to 'muster'@'%';/],
  ['a database of others', told(1044), /grant all privileges on `school`\.\* to 'muster'@'%';/],
  ['a server without TLS', system('HANDSHAKE_NO_SSL_SUPPORT'), /does not encrypt connections/],
  [
    'a certificate of nobody known',
    system('HANDSHAKE_SSL_ERROR', 'self-signed certificate'),
    /not trusted \(self-signed certificate\).*\?tls=FILE/,
  ],
  [
    'a server that wants TLS',
    told(3159, 'Connections using insecure transport are prohibited'),
    /encrypted connections only/,
  ],
  [
    'an unknown way to sign in',
    new Error('Server requests authentication using unknown plugin client_ed25519'),
    /client_ed25519.*mysql_native_password/,
  ],
  ['nobody there', system('ECONNREFUSED'), /db1:3306 cannot be reached \(ECONNREFUSED\)/],
])('%s is told in words, with what to do', (_, error, words) => {
  const text = explain(error);
  expect(text).toMatch(words);
  expect(text).toContain('db1:3306');
});

test('of several hosts that cannot be used the one that says why is heard', () => {
  const states = [system('ECONNREFUSED'), told(1045)].map(
    (error) => ({ kind: 'unreachable', error }) as const,
  );
  expect((explainMariadb(new NoHostReady(states), place) as Error).message).toContain('password');
  expect((explainMariadb(new NoHostReady(states.slice(0, 1)), place) as Error).message).toContain(
    'cannot be reached',
  );
});

test('a surprise stays what it is', () => {
  const surprise = new TypeError('x is not a function');
  expect(explainMariadb(surprise, place)).toBe(surprise);
});

describe('an error is', () => {
  const kinds = { isUniqueViolation, isDiskFull, isConflict, isAway };
  test.each<[keyof typeof kinds | 'nothing', string, Error]>([
    [
      'isUniqueViolation',
      'a duplicate',
      told(1062, "Duplicate entry 'error 28' for key 'PRIMARY'"),
    ],
    ['isDiskFull', 'a full disk', told(1021)],
    ['isDiskFull', 'a full table', told(1114)],
    ['isDiskFull', 'a full disk, from the engine', told(1030, 'Got error 28 from storage engine')],
    [
      'isDiskFull',
      'a full disk, from a file',
      told(3, 'Error writing file \'./x\' (Errcode: 28 "No space left on device")'),
    ],
    ['isConflict', 'a deadlock', told(1213)],
    ['isConflict', 'a lock that was not given', told(1205)],
    ['isConflict', 'a record that changed', told(1020)],
    ['isAway', 'too many connections', told(1040)],
    ['isAway', 'a shutdown', told(1053)],
    ['isAway', 'a node that is not ready', told(1047)],
    ['isAway', 'a server that only reads', told(1290)],
    ['isAway', 'a kill', told(1927)],
    ['isAway', 'a refused connection', system('ECONNREFUSED')],
    ['isAway', 'a lost connection', system('PROTOCOL_CONNECTION_LOST')],
    ['isAway', 'no answer', new ServerAway('late')],
    ['isAway', 'an unknown outcome', new OutcomeUnknown('broke')],
    ['isAway', 'no host that takes work', new NoHostReady([])],
    ['nothing', 'a wrong statement', told(1064, 'You have an error in your SQL syntax near 28')],
    ['nothing', 'a surprise', new TypeError('x is not a function')],
  ])('%s: %s', (kind, _, error) => {
    const found = Object.entries(kinds).filter(([, is]) => is(error));
    expect(found.map(([name]) => name)).toEqual(kind === 'nothing' ? [] : [kind]);
  });
});
