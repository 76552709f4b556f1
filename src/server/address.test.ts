import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import {
  type Address,
  isLoopback,
  listAddresses,
  originOf,
  plainAddress,
  watchAddresses,
} from './address.ts';
import type { Timers } from './wall-clock.ts';

function info(address: string, internal = false) {
  const rest = { netmask: '', mac: '00:00:00:00:00:00', internal, cidr: null };
  return address.includes(':')
    ? { address, family: 'IPv6' as const, scopeid: 0, ...rest }
    : { address, family: 'IPv4' as const, ...rest };
}

function lan(address: string, name = 'wlan0'): Address {
  return { address, family: 'IPv4', name, kind: 'lan' };
}

function handTurned(): Timers & { tick: () => void } {
  const running = new Set<() => void>();
  return {
    every(_ms, tick) {
      running.add(tick);
      return () => running.delete(tick);
    },
    tick: () => {
      for (const tick of running) tick();
    },
  };
}

describe('listAddresses', () => {
  test('puts what phones can reach first', () => {
    const found = listAddresses({
      lo: [info('127.0.0.1', true), info('::1', true)],
      docker0: [info('172.17.0.1')],
      veth12ab: [info('fe80::42')],
      tun0: [info('10.8.0.2')],
      'vEthernet (WSL)': [info('172.20.0.1')],
      eth1: [info('fe80::1'), info('2001:db8::5'), info('fd00::5'), info('130.60.1.2')],
      eth2: [info('169.254.3.4')],
      wlan0: [info('192.168.1.20')],
      absent: undefined,
    });
    expect(found.map(({ address, kind }) => `${kind} ${address}`)).toEqual([
      'lan 192.168.1.20',
      'lan 130.60.1.2',
      'lan fd00::5',
      'lan 2001:db8::5',
      'link-local 169.254.3.4',
      'link-local fe80::1',
      'loopback 127.0.0.1',
      'loopback ::1',
      'virtual 172.17.0.1',
      'virtual 10.8.0.2',
      'virtual 172.20.0.1',
      'virtual fe80::42',
    ]);
    expect(found[0]).toEqual(lan('192.168.1.20'));
  });

  test('reads the machine it runs on', () => {
    const count = Object.values(networkInterfaces()).flat().length;
    expect(listAddresses()).toHaveLength(count);
  });

  test('a machine without network has no addresses', () => {
    expect(listAddresses({})).toEqual([]);
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.200.3.4', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:7f00:1', true],
  ['::1%lo', true],
  ['128.0.0.1', false],
  ['::ffff:192.168.1.1', false],
  ['::', false],
  ['0.0.0.0', false],
  ['localhost', false],
  ['127.0.0.1.example.org', false],
  ['', false],
])('isLoopback(%j) is %j', (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});

test.each([
  ['192.168.1.1', '192.168.1.1'],
  ['FE80:0:0::1%eth0', 'fe80::1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['lecture-pc', undefined],
])('plainAddress(%j) is %j', (text, expected) => {
  expect(plainAddress(text)).toBe(expected);
});

test.each([
  ['http', '192.168.1.20', 80, 'http://192.168.1.20'],
  ['http', '192.168.1.20', 8080, 'http://192.168.1.20:8080'],
  ['http', '192.168.1.20', 443, 'http://192.168.1.20:443'],
  ['https', 'lecture-pc.local', 443, 'https://lecture-pc.local'],
  ['https', 'fd00::5', 8443, 'https://[fd00::5]:8443'],
  ['https', 'fe80::1%eth0', 443, 'https://[fe80::1]'],
] as const)(
  'originOf(%j, %j, %j) is %j, as the URL parser has it',
  (scheme, host, port, origin) => {
    expect(originOf(scheme, host, port)).toBe(origin);
    expect(new URL(origin).origin).toBe(origin);
  },
);

describe('watchAddresses', () => {
  test('says which addresses came and went, and nothing while nothing changes', () => {
    const timers = handTurned();
    const changes: unknown[] = [];
    let present = [lan('10.0.0.5')];
    const watch = watchAddresses({
      read: () => present,
      everyMs: 5000,
      onChange: (change) => changes.push(change),
      timers,
    });
    timers.tick();
    expect(changes).toEqual([]);

    present = [lan('192.168.43.7')];
    timers.tick();
    timers.tick();
    expect(changes).toEqual([
      { added: [lan('192.168.43.7')], removed: [lan('10.0.0.5')], addresses: present },
    ]);

    present = [];
    timers.tick();
    expect(changes).toHaveLength(2);

    watch.stop();
    present = [lan('10.0.0.5')];
    timers.tick();
    expect(changes).toHaveLength(2);
  });

  test('the same address on another interface is a change', () => {
    const timers = handTurned();
    const changes: unknown[] = [];
    let present = [lan('10.0.0.5', 'eth0')];
    const onChange = (change: unknown) => changes.push(change);
    watchAddresses({ read: () => present, everyMs: 1, onChange, timers });
    present = [lan('10.0.0.5', 'wlan0')];
    timers.tick();
    expect(changes).toHaveLength(1);
  });

  test('a failed reading is neither a change nor an error', () => {
    const timers = handTurned();
    const changes: unknown[] = [];
    let fails = false;
    const read = () => {
      if (fails) throw new Error('EMFILE');
      return [lan('10.0.0.5')];
    };
    watchAddresses({ read, everyMs: 1, onChange: (change) => changes.push(change), timers });
    fails = true;
    timers.tick();
    fails = false;
    timers.tick();
    expect(changes).toEqual([]);
  });
});
