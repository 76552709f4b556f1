import type { Page } from 'playwright-core';
import { adminPassword, hostPassword } from '../school.ts';
import { type Furnished, securedEmail, type Who } from './furnish.ts';

/** A page as somebody sees it, after what they did there. Nothing is done that a second picture would not find so. */
export interface Scene {
  readonly path: string;
  /** Who is signed in; nobody unless told. */
  readonly as?: Who;
  readonly act?: (page: Page) => Promise<unknown>;
  /** As it is printed. */
  readonly print?: true;
}

const press = (name: string | RegExp) => (page: Page) =>
  page.getByRole('button', { name }).first().click();

const fill = async (page: Page, label: string | RegExp, text: string) =>
  page.getByLabel(label).last().fill(text);

/** Every page that the app has, by name. */
export function scenesOf(of: Furnished, setUpToken: string): Readonly<Record<string, Scene>> {
  const { group, session, quick, past, person, held, links } = of;
  const as = 'admin';
  const one = { as, path: `/app/people/${person}` } as const;
  return {
    start: { as, path: '/app/' },
    sessions: { as, path: '/app/sessions' },
    group: { as, path: `/app/groups/${group}` },
    import: { as, path: `/app/groups/${group}/import` },
    'term-register': { as, path: `/app/groups/${group}/register` },
    board: { as, path: `/app/sessions/${session}` },
    'board-empty': { as, path: `/app/sessions/${quick}` },
    'board-closed': { as, path: `/app/sessions/${past}` },
    projector: { as, path: `/app/sessions/${session}/projector` },
    register: { as, path: `/app/sessions/${past}/register` },
    settings: { as, path: '/app/settings' },
    'mail-settings': { as, path: '/app/settings/mail' },
    recovery: { as, path: '/app/settings/recovery' },
    backups: { as, path: '/app/settings/backups' },
    'backups-made': { as, path: '/app/settings/backups', act: makeBackup },
    retention: { as, path: '/app/settings/retention' },
    'retention-stricter': { as, path: '/app/settings/retention', act: keepLess },
    privacy: { path: '/privacy' },
    holds: { as, path: '/app/settings/holds' },
    erasures: { as, path: '/app/settings/erasures' },
    certificate: { as, path: '/app/settings/erasures/2' },
    'certificate-printed': { as, path: '/app/settings/erasures/2', print: true },
    people: { as, path: '/app/people' },
    'people-search': { as, path: '/app/people?q=jo' },
    'people-no-hits': { as, path: '/app/people?q=zzzz' },
    'people-add': { as, path: '/app/people', act: press('Add a person') },
    'people-import': { as, path: '/app/people/import' },
    'people-import-preview': { as, path: '/app/people/import', act: previewImport },
    'own-fields': { as, path: '/app/people/fields' },
    person: one,
    'person-edit': { ...one, act: press('Edit') },
    'person-roles': { ...one, act: press('Change roles') },
    'person-password': { ...one, act: press('New password') },
    'person-second-steps': { ...one, act: press('Take away lost second steps') },
    'person-hold': { ...one, act: press('Place a hold') },
    'person-erase': { ...one, act: press('Erase for good') },
    'person-merge': { ...one, act: chooseMerge },
    'person-held': { as, path: `/app/people/${held}` },
    'person-lift': { as, path: `/app/people/${held}`, act: press('Lift the hold') },
    roles: { as, path: '/app/people/hosts' },
    invite: { as, path: '/app/people/hosts', act: press('Invite somebody') },
    audit: { as, path: '/app/audit' },
    'audit-all': { as, path: '/app/audit?stream=all' },
    anchors: { as, path: '/app/audit/anchors' },
    'anchor-sheet': { as, path: '/app/audit/anchors', act: openAnchor },
    'anchor-printed': { as, path: '/app/audit/anchors', act: openAnchor, print: true },
    'audit-filtered': { as, path: '/app/audit?kind=hold' },
    'audit-none': { as, path: '/app/audit?until=2020-01-01' },
    account: { as, path: '/app/account' },
    'account-totp': { as, path: '/app/account', act: (page) => offerTotp(page) },
    'account-passkey': { as, path: '/app/account', act: press('Add a passkey') },
    'account-secured': { as: 'secured', path: '/app/account' },
    'recovery-codes': { as: 'secured', path: '/app/account', act: renewCodes },
    'assigned-password': { as: 'assigned', path: '/app/' },
    'not-found': { as, path: '/app/nowhere' },
    'host-start': { as: 'host', path: '/app/' },
    'supervisor-start': { as: 'supervisor', path: '/app/' },
    'supervisor-group': { as: 'supervisor', path: `/app/groups/${group}` },
    'auditor-people': { as: 'auditor', path: '/app/people' },
    'auditor-person': { as: 'auditor', path: `/app/people/${held}` },
    'auditor-settings': { as: 'auditor', path: '/app/settings' },
    'own-page': { as: 'attendee', path: '/app/me' },
    'own-start': { as: 'attendee', path: '/app/' },
    'sign-in': { path: '/app/sign-in' },
    'sign-in-wrong': { path: '/app/sign-in', act: (page) => signIn(page, 'not it at all') },
    'sign-in-code': { path: '/app/sign-in', act: (page) => signIn(page, hostPassword) },
    forgotten: { path: '/app/forgotten' },
    'new-password': { path: links.reset },
    'new-password-refused': { path: `/app/new-password#${'A'.repeat(43)}` },
    registration: { path: '/app/registration' },
    'registration-finish': { path: links.registration },
    invitation: { path: links.invitation },
    'set-up': { path: `/app/setup#${setUpToken}` },
    'code-entry': { path: '/in' },
    'phone-refused': { path: `/${'A'.repeat(16)}` },
  };
}

async function previewImport(page: Page): Promise<void> {
  const lines = [
    'number;name;department;house',
    'S001;Ines Imported;Library;North',
    'S910;Ola New;Kitchen;South',
    'S910;Ola Twice;Kitchen;',
    ';Nobody Known;;',
  ];
  await fill(page, 'Or paste here', lines.join('\n'));
  await press('Look at it')(page);
  await page.getByRole('heading', { name: 'What would happen' }).waitFor();
}

async function makeBackup(page: Page): Promise<void> {
  await press('Back up now')(page);
  await page.getByText('The backup is made and checked.').waitFor();
}

async function keepLess(page: Page): Promise<void> {
  await page.getByLabel('What check-ins came with').selectOption({ label: '30 days' });
  await press('Save')(page);
  await page.getByRole('dialog').waitFor();
}

async function openAnchor(page: Page): Promise<void> {
  await press('Make one now')(page);
  await press(/^Print the anchor/)(page);
  await page.getByText('Keep this sheet away').waitFor();
}

async function chooseMerge(page: Page): Promise<void> {
  await press(/merge into/i)(page);
  await fill(page, 'Who stays?', 'S003');
  await page.getByRole('button', { name: /^Choose/ }).click();
  await page.getByText(/ goes; /).waitFor();
}

async function offerTotp(page: Page): Promise<void> {
  await press('Set up an authenticator')(page);
  await again(page, adminPassword);
  await page.getByLabel(/six digits/i).waitFor();
}

async function renewCodes(page: Page): Promise<void> {
  await press('Make new recovery codes')(page);
  await again(page, hostPassword);
  await page.getByRole('button', { name: 'I have kept them' }).waitFor();
}

/** Types the password once more, as those dialogs ask. */
async function again(page: Page, password: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=password]').fill(password);
  await dialog.locator('button[type=submit]').click();
}

async function signIn(page: Page, password: string): Promise<void> {
  await fill(page, 'E-mail address or number', securedEmail);
  await page.locator('input[type=password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.waitForTimeout(1_500);
}
