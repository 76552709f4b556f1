import { X509Certificate } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AuthorityDamaged, loadOrCreateAuthority, presentAuthority } from './authority.ts';
import { now, openThrowawayAuthority, type ThrowawayAuthority } from './throwaway-authority.ts';

const day = 86_400_000;
let place: ThrowawayAuthority;

beforeEach(async () => {
  place = await openThrowawayAuthority();
});

afterEach(() => place[Symbol.asyncDispose]());

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('the authority', () => {
  test('is made once, kept, and readable only by its owner', async () => {
    const authority = await place.make();
    expect(await place.make()).toEqual(authority);
    expect((await readdir(place.folder)).sort()).toEqual(['authority.crt', 'authority.key']);
    expect(await modeOf(place.at('authority.key'))).toBe(0o600);
    expect(await modeOf(place.at('authority.crt'))).toBe(0o644);
    const certificate = new X509Certificate(authority.certificatePem);
    expect(certificate.ca).toBe(true);
    expect(certificate.subject).toBe('CN=Muster on lecture-pc');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(authority.fingerprint).toBe(certificate.fingerprint256);
    const years = (certificate.validToDate.getTime() - now) / (365.25 * day);
    expect(years).toBeCloseTo(10, 1);
  });

  test('two first starts at once agree on one', async () => {
    const all = await Promise.all([place.make(), place.make(), place.make(), place.make()]);
    expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect((await readdir(place.folder)).sort()).toEqual(['authority.crt', 'authority.key']);
  });

  test('a start that was interrupted after the key is completed with that key', async () => {
    const { privateKeyPem } = await place.make();
    await rm(place.at('authority.crt'));
    expect((await place.make()).privateKeyPem).toBe(privateKeyPem);
  });

  test('leaves the reflection API of the process as it was', async () => {
    const before = Object.getOwnPropertyNames(Reflect);
    await place.make();
    expect(Object.getOwnPropertyNames(Reflect)).toEqual(before);
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'the certificate cut',
      () => writeFile(place.at('authority.crt'), 'x'),
      /authority.crt is damaged/,
    ],
    [
      'the certificate empty',
      () => writeFile(place.at('authority.crt'), ''),
      /authority.crt is damaged/,
    ],
    ['the key cut', () => writeFile(place.at('authority.key'), 'x'), /authority.key is .*damaged/],
    ['the key missing', () => rm(place.at('authority.key')), /authority.key is missing/],
  ])('%s is an error that says what to do, and changes nothing', async (_what, harm, message) => {
    await place.make();
    await harm();
    const files = async () =>
      Promise.all((await readdir(place.folder)).map((name) => readFile(place.at(name), 'utf8')));
    const before = await files();
    const refused = await place.make().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AuthorityDamaged);
    expect((refused as Error).message).toMatch(message);
    expect((refused as Error).message).toMatch(/restore .* from a copy of the key folder/);
    expect(await files()).toEqual(before);
  });

  test('a key of another authority and an expired certificate are refused', async () => {
    const mine = await place.make();
    await rm(place.at('authority.crt'));
    await rm(place.at('authority.key'));
    await place.make();
    await writeFile(place.at('authority.key'), mine.privateKeyPem);
    await expect(place.make()).rejects.toThrow(/does not fit/);
    await writeFile(place.at('authority.crt'), mine.certificatePem);
    const later = now + 3653 * day;
    await expect(loadOrCreateAuthority({ folder: place.folder, now: later })).rejects.toThrow(
      /has expired/,
    );
  });

  test('is presented as a download with a fingerprint people can compare', async () => {
    const authority = await place.make();
    const { body, shortFingerprint, contentType } = presentAuthority(authority);
    expect(new X509Certificate(body).fingerprint256).toBe(authority.fingerprint);
    expect(shortFingerprint).toMatch(/^([0-9A-F]{4} ){4}[0-9A-F]{4}$/);
    const digits = authority.fingerprint.replaceAll(':', '');
    expect(digits.startsWith(shortFingerprint.replaceAll(' ', ''))).toBe(true);
    expect(contentType).toBe('application/x-x509-ca-cert');
  });
});
