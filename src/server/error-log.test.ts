import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { OutcomeUnknown } from '../store/engine.ts';
import { presentError } from './error-log.ts';

const secret = 'ada@example.org';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it threw nothing');
}

/** As the drivers make them. */
const violations: Record<string, Error> = {
  postgres: Object.assign(
    new pg.DatabaseError(`duplicate key value violates ${secret}`, 1, 'error'),
    {
      severity: 'ERROR',
      code: '23505',
      detail: `Key (organisation, email)=(o, ${secret}) already exists.`,
      where: `COPY person, line 1: "${secret}"`,
      table: 'person',
      constraint: 'person_email',
      internalQuery: `select '${secret}'`,
    },
  ),
  mariadb: Object.assign(new Error(`Duplicate entry '${secret}' for key 'person_email'`), {
    code: 'ER_DUP_ENTRY',
    errno: 1062,
    sqlState: '23000',
    sqlMessage: `Duplicate entry '${secret}' for key 'person_email'`,
    sql: `insert into person values ('${secret}')`,
  }),
};

describe('an error in the log', () => {
  test.each(Object.entries(violations))('of %s has no value in it', (_, error) => {
    const entry = presentError(error);
    expect(JSON.stringify(entry)).not.toContain(secret);
    expect(entry).toMatchObject({ name: error.name, code: (error as { code?: string }).code });
    expect(entry.message).toBeUndefined();
    expect(entry.stack).toContain('error-log.test.ts');
  });

  test('of PostgreSQL names table and constraint', () => {
    expect(presentError(violations.postgres)).toMatchObject({
      table: 'person',
      constraint: 'person_email',
    });
  });

  test.each([
    ['JSON that cannot be read', () => JSON.parse(`{"email": ${secret}}`)],
    ['a method that a value has not', () => (secret as never as { go(): void }).go()],
    [
      'a property on a value',
      () => {
        (secret as never as { name: string }).name = 'x';
      },
    ],
    ['a search in a value', () => 'x' in (secret as never)],
    ['an argument of the wrong kind', () => Buffer.alloc(secret as never)],
    ['a wrong address', () => new URL(secret)],
  ])('of the language has no value in it: %s', (_, work) => {
    let error: unknown = new TypeError('nothing was thrown');
    try {
      work();
    } catch (thrown) {
      error = thrown;
    }
    expect(JSON.stringify(presentError(error))).not.toContain(secret);
  });

  test('says which property was missing on what, but not whose', () => {
    const people: Record<string, { name: string }> = {};
    const error = thrownBy(() => (people[secret] as { name: string }).name);
    expect(presentError(error).message).toBe('Cannot read properties of undefined');
  });

  test('keeps what the system and our own parts say', () => {
    const system = Object.assign(new Error("EACCES: permission denied, open '/srv/x'"), {
      code: 'EACCES',
      syscall: 'open',
    });
    expect(presentError(system).message).toBe(system.message);
    expect(presentError(new OutcomeUnknown('no answer to the commit')).message).toBe(
      'no answer to the commit',
    );
    expect(presentError(new Error('messages do not come back')).message).toBe(
      'messages do not come back',
    );
  });

  test('what a plain error quotes is left out', () => {
    const error = new Error(`circular reference in "${secret}" for query`);
    expect(presentError(error).message).toBe('circular reference in "..." for query');
    expect(JSON.stringify(presentError(error))).not.toContain(secret);
  });

  test('a message of several lines that looks like a stack leaves no line behind', () => {
    const error = Object.assign(new Error(`first\n    at ${secret}\n    at ${secret}`), {
      code: '22P02',
    });
    const entry = presentError(error);
    expect(JSON.stringify(entry)).not.toContain(secret);
    expect(entry.stack).toContain('error-log.test.ts');
  });

  test('tells its causes the same way, and not without end', () => {
    const error = new Error('batch failed', { cause: violations.postgres });
    expect(presentError(error).cause).toMatchObject({ code: '23505' });
    const round = new Error('round');
    round.cause = round;
    expect(JSON.stringify(presentError(round)).length).toBeLessThan(20_000);
  });

  test('what is no error is named by its kind only', () => {
    expect(presentError(secret)).toEqual({ name: 'string' });
    expect(presentError(null)).toEqual({ name: 'object' });
  });
});
