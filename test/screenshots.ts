import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { SessionId } from '../src/core/brand.ts';
import { realClock, startTestServer } from './app.ts';
import { launchBrowser } from './browser.ts';
import { sampleNames } from './sample-names.ts';
import { openSchool, type School } from './school.ts';

/**
 * Pictures of every page at phone and desktop size, light and dark, from the real server with a school in it. They go
 * to an ignored folder; `--readme` renews the README's own.
 */
const root = join(import.meta.dirname, '..');
const folder = join(root, 'screenshots');
const readme = process.argv.includes('--readme');
const only = process.argv
  .find((argument) => argument.startsWith('--only='))
  ?.slice('--only='.length);

const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };
const schemes = ['light', 'dark'] as const;

await using server = await startTestServer({ clock: realClock });
await using fresh = await startTestServer({ clock: realClock });
const school = await openSchool(server);

const group = await school.addGroup('Physics 10B');
await school.addGroup('Chemistry 9A');
await school.enrol(
  group,
  sampleNames.map((name, index) => [`S${String(index + 1).padStart(3, '0')}`, name] as const),
);
await school.inviteHost([group]);
const attendee = await school.inviteHost([], 'Nora Newcomer', 'nora@example.org', 'attendee');
await enrolAttendee(school, group);
const past = await pastSession(school, group);
const session = await school.openSession({ group, title: 'Waves and light' });
await arrive(school, session, 23);
const quick = await school.openSession({ title: 'Guest lecture' });
await school.admin.post('/api/people/fields', {
  fields: [{ id: 'house', name: 'House', type: 'choice', choices: ['North', 'South'] }],
});
const person = await somebody(school);
const invitation = await school.admin.post<{ link: string }>('/api/invitations', {
  name: 'Noor Newcomer',
  role: 'host',
  groups: [group],
});

const browser = await launchBrowser();
try {
  if (!readme) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const colorScheme of schemes) {
      const context = await browser.newContext({
        viewport,
        colorScheme,
        isMobile: size === 'phone',
        hasTouch: size === 'phone',
      });
      await signIn(context);
      if (readme) {
        if (size === 'desktop' && colorScheme === 'light') await shootReadme(context);
      } else {
        await shootAll(context, `${size}-${colorScheme}`);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
}

async function signIn(context: BrowserContext): Promise<void> {
  await context.addCookies(
    [...school.admin.cookies].map(([name, value]) => ({ name, value, url: server.origin })),
  );
}

async function shootAll(context: BrowserContext, suffix: string): Promise<void> {
  const { origin } = server;
  const pages: Record<string, string> = {
    start: `${origin}/app/`,
    sessions: `${origin}/app/sessions`,
    group: `${origin}/app/groups/${group}`,
    import: `${origin}/app/groups/${group}/import`,
    'term-register': `${origin}/app/groups/${group}/register`,
    board: `${origin}/app/sessions/${session}`,
    'board-empty': `${origin}/app/sessions/${quick}`,
    'board-closed': `${origin}/app/sessions/${past}`,
    projector: `${origin}/app/sessions/${session}/projector`,
    register: `${origin}/app/sessions/${past}/register`,
    settings: `${origin}/app/settings`,
    mail: `${origin}/app/settings/mail`,
    recovery: `${origin}/app/settings/recovery`,
    people: `${origin}/app/people`,
    'people-search': `${origin}/app/people?q=jo`,
    person: `${origin}/app/people/${person}`,
    'own-fields': `${origin}/app/people/fields`,
    'people-import': `${origin}/app/people/import`,
    hosts: `${origin}/app/people/hosts`,
    audit: `${origin}/app/audit`,
    account: `${origin}/app/account`,
    'not-found': `${origin}/app/nowhere`,
  };
  for (const [name, url] of Object.entries(pages)) await shoot(context, name, url, suffix);
  await shootPeopleImport(context, suffix);
  const stranger = await context.browser()?.newContext({
    viewport: sizes[suffix.startsWith('phone') ? 'phone' : 'desktop'],
    colorScheme: suffix.endsWith('dark') ? 'dark' : 'light',
  });
  if (!stranger) return;
  await shoot(stranger, 'sign-in', `${origin}/app/sign-in`, suffix);
  await shoot(stranger, 'setup', `${fresh.origin}/app/setup#${fresh.app.setUpLink.token}`, suffix);
  await shoot(
    stranger,
    'invitation',
    `${origin}${new URL(invitation.value.link).pathname}${new URL(invitation.value.link).hash}`,
    suffix,
  );
  await shoot(stranger, 'code-entry', `${origin}/in`, suffix);
  await shoot(stranger, 'phone-refused', `${origin}/${'A'.repeat(16)}`, suffix);
  await shootCheckIn(stranger, suffix);
  await stranger.addCookies(
    [...attendee.cookies].map(([name, value]) => ({ name, value, url: origin })),
  );
  await shoot(stranger, 'own-page', `${origin}/app/`, suffix);
  await stranger.close();
}

async function shootPeopleImport(context: BrowserContext, suffix: string): Promise<void> {
  const name = 'people-import-preview';
  if (only !== undefined && only !== name) return;
  const page = await context.newPage();
  await page.goto(`${server.origin}/app/people/import`);
  await page
    .getByLabel('Or paste here')
    .fill(
      [
        'number;name;department;house',
        'S001;Ines Imported;Library;North',
        'S900;Ola New;Kitchen;South',
        'S900;Ola Twice;Kitchen;',
        ';Nobody Known;;',
      ].join('\n'),
    );
  await page.getByRole('button', { name: 'Look at it' }).click();
  await page.getByRole('heading', { name: 'What would happen' }).waitFor();
  await save(page, name, suffix, true);
  await page.close();
}

async function shootCheckIn(context: BrowserContext, suffix: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${server.origin}/${await school.token(quick)}`);
  await save(page, 'phone-form', suffix);
  await page.getByLabel(/number/i).fill(`G-${suffix}`);
  await page.getByLabel(/name/i).fill('Robin Guest');
  await page.getByRole('button', { name: /i am here/i }).click();
  await page
    .getByText(/present/i)
    .first()
    .waitFor();
  await save(page, 'phone-answer', suffix);
  await page.close();
}

async function shoot(
  context: BrowserContext,
  name: string,
  url: string,
  suffix: string,
): Promise<void> {
  if (only !== undefined && only !== name) return;
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.waitForTimeout(600);
  await save(page, name, suffix);
  await page.close();
}

async function save(page: Page, name: string, suffix: string, fullPage = false): Promise<void> {
  await page.screenshot({ path: join(folder, `${name}-${suffix}.png`), fullPage });
}

async function shootReadme(context: BrowserContext): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${server.origin}/app/sessions/${session}`);
  await page.locator('svg').first().waitFor();
  await page.waitForTimeout(1_000);
  await page.screenshot({ path: join(root, 'docs/board.png') });
}

/** Some of the class come in, one of them twice. */
async function arrive(to: School, id: SessionId, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await to.phone().checkIn(await to.token(id), `S${String(index + 1).padStart(3, '0')}`);
  }
  if (count > 20) await to.phone().checkIn(await to.token(id), 'S002');
}

/** The attendee with an account is in the group too, and checks in like everybody. */
async function enrolAttendee(of: School, id: string): Promise<void> {
  const { value } = await attendee.get<{ id: string }>('/api/me');
  await of.admin.post(`/api/people/${value.id}`, { number: 'S000', department: '10B' });
  await of.enrol(id, [['S000', 'Nora Newcomer']]);
}

async function somebody(of: School): Promise<string> {
  const found = await of.admin.get<{ people: { person: string }[]; indexed: number }>(
    '/api/people?query=S001',
  );
  if (found.value.indexed < 1) return somebody(of);
  return found.value.people[0]?.person ?? '';
}

async function pastSession(to: School, id: string): Promise<SessionId> {
  const made = await to.openSession({ group: id, title: 'Heat' });
  await to.phone().checkIn(await to.token(made), 'S000');
  await arrive(to, made, 19);
  await to.admin.post(`/api/sessions/${made}/close`);
  return made;
}
