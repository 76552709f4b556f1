import { createPrivateKey } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { issueCertificate } from './certificate.ts';
import {
  now,
  openThrowawayAuthority,
  type ThrowawayAuthority,
  wish,
} from './throwaway-authority.ts';
import { readTlsFiles } from './tls-files.ts';
import { visit } from './tls-visit.ts';

const day = 86_400_000;
let place: ThrowawayAuthority;

beforeEach(async () => {
  place = await openThrowawayAuthority();
});

afterEach(() => place[Symbol.asyncDispose]());

describe('readTlsFiles', () => {
  async function files() {
    const authority = await place.make();
    const own = await issueCertificate(wish(authority));
    await writeFile(place.at('tls.crt'), own.certificatePem);
    await writeFile(place.at('tls.key'), own.privateKeyPem);
    return { authority, own };
  }
  const read = (when = now) => readTlsFiles(place.at('tls.crt'), place.at('tls.key'), when);

  test('gives what a server serves', async () => {
    const { authority, own } = await files();
    const given = await read();
    const { certificatePem, privateKeyPem, expiresAt } = own;
    expect(given).toEqual({ ok: true, certificatePem, privateKeyPem, expiresAt });
    expect(await visit(own, authority.certificatePem, { name: 'localhost' })).toBe('accepted');
  });

  test.each<[string, () => unknown, RegExp, number?]>([
    ['no certificate file', () => rm(place.at('tls.crt')), /tls\.crt cannot be read\.$/],
    ['no key file', () => rm(place.at('tls.key')), /tls\.key cannot be read\.$/],
    [
      'a certificate not PEM',
      () => writeFile(place.at('tls.crt'), 'x'),
      /tls\.crt does not begin with/,
    ],
    ['a key not PEM', () => writeFile(place.at('tls.key'), 'x'), /tls\.key holds no readable PEM/],
    ['swapped files', swap, /tls\.crt does not begin with/],
    ['a foreign key', foreignKey, /does not belong to the first certificate/],
    ['a key with passphrase', lockKey, /without passphrase/],
    ['an expired certificate', () => undefined, /tls\.crt expired on /, now + 398 * day],
  ])('%s is one clear sentence', async (_what, harm, sentence, when = now) => {
    await files();
    await harm();
    const given = await read(when);
    expect(given).toEqual({ ok: false, sentence: expect.stringMatching(sentence) });
  });

  async function swap() {
    const [crt, key] = await Promise.all(
      ['tls.crt', 'tls.key'].map((name) => readFile(place.at(name))),
    );
    await writeFile(place.at('tls.crt'), key ?? '');
    await writeFile(place.at('tls.key'), crt ?? '');
  }

  async function foreignKey() {
    await writeFile(place.at('tls.key'), await readFile(place.at('authority.key')));
  }

  async function lockKey() {
    const key = createPrivateKey(await readFile(place.at('tls.key'), 'utf8'));
    const lock = { cipher: 'aes-256-cbc', passphrase: 'secret' };
    await writeFile(place.at('tls.key'), key.export({ type: 'pkcs8', format: 'pem', ...lock }));
  }
});
