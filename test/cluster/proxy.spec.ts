import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionId } from '../../src/core/brand.ts';
import type { Board } from '../../src/core/session.wire.ts';
import { listCheckIns } from '../crash/ledger-audit.ts';
import { adminEmail, adminPassword } from '../jar.ts';
import { Visitor } from '../visitor.ts';
import type { BalancerKind } from './balancer.ts';
import { Cluster } from './cluster.ts';
import { makeCode, numberOf, openClusterStore } from './lecture.ts';
import { PostgresServer } from './postgres-server.ts';
import { Rush } from './rush.ts';
import { VisitorFrom } from './visitor-from.ts';
import { WatchedBoard } from './watched-board.ts';

/** An address of loopback that is neither the proxy's nor an instance's. */
const elsewhere = '127.0.0.77';
const forged = '203.0.113.9';
const enrolled = 2_000;

describe.each<BalancerKind>(['nginx', 'caddy'])('%s with the shipped configuration', (balancer) => {
  const parts = new AsyncDisposableStack();
  let cluster: Cluster;
  let address: string;

  beforeAll(async () => {
    const database = parts.use(await PostgresServer.start());
    address = database.address;
    const databases = [address, address] as const;
    cluster = parts.use(await Cluster.start({ databases, balancer, enrolled }));
  });
  afterAll(() => parts.disposeAsync());

  /** From the end of the roster, where the rush never comes. */
  let late = enrolled;
  const lateComer = () => {
    late -= 1;
    return numberOf(late);
  };

  test('gives pages over TLS, and plain HTTP leads there', async () => {
    const visitor = new Visitor(cluster.balancer.origin);
    const page = await visitor.get<string>('/app/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    const scanned = await visitor.scan(makeCode(cluster.lecture));
    expect(scanned.status).toBe(200);
    const plain = new Visitor(`http://localhost:${cluster.balancer.plainPort}`);
    const led = await plain.get('/app/plan?week=2');
    expect(led.status).toBe(308);
    expect(led.headers.get('location')).toMatch(/^https:\/\/localhost[:\d]*\/app\/plan\?week=2$/);
  });

  test('a sign-in holds at both instances', async () => {
    const host = new Visitor(cluster.balancer.origin);
    const reply = await host.post('/api/sign-in', { login: adminEmail, password: adminPassword });
    expect(reply.status).toBe(200);
    for (let time = 0; time < 10; time += 1) expect((await host.get('/api/me')).status).toBe(200);
    for (const { said } of cluster.instances) expect(said).toContain('"route":"/api/me"');
  });

  test('passes the live channel', async () => {
    using board = await WatchedBoard.open(cluster.host, cluster.lecture.session);
    const number = lateComer();
    const visitor = new Visitor(cluster.balancer.origin);
    expect((await visitor.checkIn(makeCode(cluster.lecture), number)).status).toBe(200);
    await expect.poll(() => board.present, { timeout: 10_000 }).toContain(number);
    expect(board.connections).toBe(1);
  });

  test('puts its own word in the place of what a client says of where it comes from', async () => {
    const liar = new VisitorFrom(elsewhere, cluster.balancer.origin);
    liar.headers['x-forwarded-for'] = forged;
    liar.headers['x-forwarded-proto'] = 'http';
    liar.headers['x-forwarded-host'] = 'evil.example';
    liar.headers['x-real-ip'] = forged;
    liar.headers.forwarded = `for=${forged};proto=http;host=evil.example`;
    const number = lateComer();
    const reply = await liar.checkIn(makeCode(cluster.lecture), number);
    expect(reply.status).toBe(200);
    // a cookie over TLS stays with TLS, whatever the client says of the scheme
    expect(liar.setCookies.join()).toMatch(/muster_browser=.*; Secure/);

    await using opened = await openClusterStore(cluster.folder, address);
    const session: SessionId = cluster.lecture.session;
    const checkIns = await listCheckIns(opened.store, [session]);
    const mine = checkIns.find((one) => one.number === number);
    expect(mine?.event.data).toMatchObject({ address: elsewhere });
    expect(JSON.stringify(checkIns)).not.toContain(forged);
  });

  test('lets a long list of people through', async () => {
    const { host, lecture } = cluster;
    const board = await host.get<Board>(`/api/sessions/${lecture.session}`);
    const rows = Array.from(
      { length: 25_000 },
      (_, index) => `N${index},${'Long name '.repeat(10)}`,
    );
    const text = ['number,name', ...rows].join('\n');
    expect(text.length).toBeGreaterThan(2_000_000);
    const reply = await host.post(`/api/groups/${board.value.group}/roster/preview`, { text });
    expect(reply).toMatchObject({ status: 200, value: { total: rows.length } });
  });

  test('nobody notices an instance that is stopped and started, beyond being told to come again', async () => {
    const { origin } = cluster.balancer;
    const { authority } = cluster.certificate;
    const { lecture } = cluster;
    await using rush = new Rush({ origin, authority, lecture, perSecond: 50, atOnce: 50 });
    await rush.more(50);
    for (const instance of cluster.instances) {
      await instance.stop();
      await rush.more(100);
      await instance.launch();
      await rush.more(50);
    }
    const { refusals, acknowledged } = await rush.finish();
    expect(refusals).toMatchObject({ broken: {}, odd: {} });
    expect(acknowledged.length).toBeGreaterThanOrEqual(350);
  });

  test('says when to come again while no instance is there', async () => {
    await Promise.all(cluster.instances.map((instance) => instance.stop()));
    const visitor = new Visitor(cluster.balancer.origin);
    const page = await visitor.get<string>('/app/');
    const api = await visitor.post('/api/check-in', {});
    expect([page.status, api.status]).toEqual([503, 503]);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.value).toContain('<title>One moment</title>');
    expect(api.headers.get('content-type')).toContain('application/problem+json');
    expect(api.problem).toMatchObject({ code: 'busy', status: 503 });
    for (const { headers } of [page, api]) {
      expect(headers.get('retry-after')).toBe('2');
      expect(headers.get('cache-control')).toBe('no-store');
    }
    await Promise.all(cluster.instances.map((instance) => instance.launch()));
    await expect
      .poll(async () => (await visitor.get('/app/')).status, { timeout: 20_000 })
      .toBe(200);
  });
});
