import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { Keyboard } from './keyboard.ts';

/** What prompts hear of what is typed. */
async function hear(...typed: readonly (string | Buffer)[]): Promise<Buffer> {
  const input = Object.assign(new PassThrough(), { setRawMode: () => {} });
  const keyboard = new Keyboard(input as unknown as NodeJS.ReadStream);
  keyboard.attend();
  for (const part of typed) input.write(part);
  input.end();
  return buffer(keyboard);
}

test('a paste of 100,000 letters arrives as a little more than an answer may have, and ends', async () => {
  const heard = await hear('x'.repeat(100_000), '\r');
  expect(heard.length).toBeGreaterThan(500);
  expect(heard.length).toBeLessThan(800);
  expect(heard.at(-1)).toBe(0x0d);
});

test('after the line is cleared there is room again', async () => {
  const heard = await hear('x'.repeat(5_000), '\x15', 'ada', '\r');
  expect(heard.toString().endsWith('\x15ada\r')).toBe(true);
});

test('^D is a step back as ^C is; arrows and what is no UTF-8 pass', async () => {
  expect(await hear('\x04')).toEqual(Buffer.from('\x03'));
  expect(await hear('x'.repeat(2_000), '\x1b[B').then((all) => all.toString().slice(-3))).toBe(
    '\x1b[B',
  );
  expect(await hear(Buffer.from([0xff, 0xfe]))).toEqual(Buffer.from([0xff, 0xfe]));
});

test('what would drive the terminal when it is shown is not heard', async () => {
  expect((await hear('a\u009b2J\u009dbé\r')).toString()).toBe('a2Jbé\r');
});
