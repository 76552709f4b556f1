import { X509Certificate } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Authority } from './authority.ts';
import { issueCertificate, loadOrIssueCertificate } from './certificate.ts';
import {
  now,
  openThrowawayAuthority,
  type ThrowawayAuthority,
  wish,
} from './throwaway-authority.ts';
import { visit } from './tls-visit.ts';

const day = 86_400_000;
let place: ThrowawayAuthority;

beforeEach(async () => {
  place = await openThrowawayAuthority();
});

afterEach(() => place[Symbol.asyncDispose]());

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('a certificate', () => {
  test('holds 397 days from an hour ago and leaves out what it may not carry', async () => {
    const authority = await place.make();
    const issued = await issueCertificate(
      wish(
        authority,
        ['8.8.8.8', '::ffff:10.0.0.9', '2001:db8::1', 'rubbish'],
        ['example.org', 'pc.local', 'lecture-pc.example.org', 'bad name', '', 'lecture-pc'],
      ),
    );
    const leaf = new X509Certificate(issued.certificatePem);
    expect(leaf.subjectAltName).toBe(
      'DNS:localhost, DNS:pc.local, DNS:lecture-pc, IP Address:127.0.0.1, ' +
        'IP Address:0:0:0:0:0:0:0:1, IP Address:10.0.0.9',
    );
    expect(issued.leftOut).toEqual([
      'example.org',
      'lecture-pc.example.org',
      'bad name',
      '',
      '8.8.8.8',
      '2001:db8::1',
      'rubbish',
    ]);
    const from = Math.floor((now - 3_600_000) / 1000) * 1000;
    expect(leaf.validFromDate.getTime()).toBe(from);
    expect(issued.expiresAt).toBe(from + 397 * day);
    expect(leaf.ca).toBe(false);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(await visit(issued, authority.certificatePem, { name: 'localhost' })).toBe('accepted');
  });

  test('never outlives its authority', async () => {
    const authority = await place.make();
    const late = now + 3600 * day;
    const { expiresAt } = await issueCertificate({ ...wish(authority), now: late });
    const { validToDate } = new X509Certificate(authority.certificatePem);
    expect(expiresAt).toBe(validToDate.getTime());
  });

  test('is kept while it fits, in a file only its owner reads', async () => {
    const authority = await place.make();
    const first = await loadOrIssueCertificate({
      ...wish(authority, ['10.0.0.5']),
      folder: place.folder,
    });
    expect(first.issued).toBe(true);
    expect(await modeOf(place.at('server.pem'))).toBe(0o600);
    const again = { ...wish(authority, ['10.0.0.5', '8.8.8.8', '10.0.0.5']), folder: place.folder };
    const second = await loadOrIssueCertificate({ ...again, now: now + 366 * day });
    expect(second).toEqual({ ...first, issued: false, leftOut: ['8.8.8.8'] });
    expect(await visit(second, authority.certificatePem, { name: 'localhost' })).toBe('accepted');
    expect((await readdir(place.folder)).length).toBe(3);
  });

  test.each<[string, (authority: Authority) => object | Promise<object>]>([
    ['an address came', () => ({ addresses: ['10.0.0.5', '10.0.0.6'] })],
    ['an address went', () => ({ addresses: [] })],
    ['an address changed', () => ({ addresses: ['10.0.0.7'] })],
    ['a name changed', () => ({ hostnames: ['pc.local'] })],
    ['fewer than 30 days remain', () => ({ now: now + 367.5 * day })],
    ['the clock was set back', () => ({ now: now - 2 * day })],
    ['the file is damaged', () => writeFile(place.at('server.pem'), 'x').then(() => ({}))],
    [
      'its key is cut off',
      async () => {
        const pem = await readFile(place.at('server.pem'), 'utf8');
        await writeFile(place.at('server.pem'), pem.slice(0, pem.indexOf('-----BEGIN PRIVATE')));
        return {};
      },
    ],
    [
      'the authority is another one',
      async () => {
        await rm(place.at('authority.crt'));
        await rm(place.at('authority.key'));
        return { authority: await place.make() };
      },
    ],
  ])('is issued anew when %s', async (_why, change) => {
    const authority = await place.make();
    const before = { ...wish(authority, ['10.0.0.5']), folder: place.folder };
    const first = await loadOrIssueCertificate(before);
    const after = { ...before, ...(await change(authority)) };
    const second = await loadOrIssueCertificate(after);
    expect(second.issued).toBe(true);
    expect(second.privateKeyPem).not.toBe(first.privateKeyPem);
    expect((await loadOrIssueCertificate(after)).issued).toBe(false);
  });
});
