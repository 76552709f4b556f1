import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import { cost, type PasswordAnswer, type PasswordWork } from './password-work.ts';

/** Of Linux' scale from 0 to 19, the last of which gives way to everybody. */
const niceness = 10;

/**
 * Makes and checks hashes one by one in a thread that gives way to the threads that answer. Only Linux gives threads
 * a priority of their own; elsewhere the whole process would be slowed down.
 */
if (process.platform === 'linux') setPriority(niceness);
const port = parentPort as NonNullable<typeof parentPort>;
port.on('message', (work: PasswordWork) => port.postMessage(answer(work)));

function answer(work: PasswordWork): PasswordAnswer {
  try {
    if (work.do === 'hash') return { result: hashSync(work.password, cost) };
    return { result: verifySync(work.stored, work.password) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
