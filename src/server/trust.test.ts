import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { judgeTrust } from './trust.ts';

const proxy = '192.0.2.1';

function from(remote: string, forwarded: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remote });
  const headers = { host: 'muster.example.org', 'x-forwarded-for': forwarded };
  return { socket, headers } as unknown as IncomingMessage;
}
const addressOf = (forwarded: string, remote = proxy) =>
  judgeTrust(from(remote, forwarded), new Set([proxy])).address;

test.each([
  ['198.51.100.7', '198.51.100.7'],
  ['198.51.100.7:5678', '198.51.100.7'],
  ['::ffff:198.51.100.7', '198.51.100.7'],
  ['2001:db8::7', '2001:db8::7'],
  ['[2001:db8::7]:5678', '2001:db8::7'],
  ['203.0.113.9, 198.51.100.7', '198.51.100.7'],
  ['', proxy],
])('a proxy that writes “%s” speaks for %s', (forwarded, address) => {
  expect(addressOf(forwarded)).toBe(address);
});

test('nobody else is believed', () => {
  expect(addressOf('198.51.100.7', '192.0.2.99')).toBe('192.0.2.99');
});

test.each([
  ['127.0.0.1', '127.0.0.1:8080', true],
  ['198.51.100.7, 127.0.0.1', '127.0.0.1:8080', true],
  ['198.51.100.7', '127.0.0.1:8080', false],
  ['127.0.0.1', 'muster.example.org', false],
  ['', '127.0.0.1:8080', false],
])('past a trusted proxy on this machine, “%s” at %s is loopback: %s', (forwarded, host, is) => {
  const { socket, headers } = from('127.0.0.1', forwarded);
  const request = { socket, headers: { ...headers, host } } as unknown as IncomingMessage;
  expect(judgeTrust(request, new Set(['127.0.0.1'])).loopback).toBe(is);
  // somebody elsewhere cannot say so
  const far = from('198.51.100.9', forwarded);
  expect(judgeTrust(far, new Set(['127.0.0.1'])).loopback).toBe(false);
});
