import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso';
import { text } from '../message/text.ts';
import { KeyList, showKeys, useKeys } from '../part/keys.tsx';
import { Toasts } from '../part/toast.tsx';
import { AccountMenu } from './account-menu.tsx';
import { may, me } from './me.ts';
import './shell.css';

/** What stands around every page: skip link, organisation, navigation, account, toasts, the list of keys. */
export function Shell({ children }: { children: ComponentChildren }) {
  const { route } = useLocation();
  useKeys([
    { key: '?', label: 'shell.key-help', run: showKeys },
    { key: 'g', label: 'shell.key-start', run: () => me.value && route('/app/') },
    {
      key: 's',
      label: 'shell.key-sessions',
      run: () => may('session.read') && route('/app/sessions'),
    },
  ]);
  return (
    <>
      <a class="skip unseen" href="#content">
        {text('shell.skip')}
      </a>
      <Header />
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <Toasts />
      <KeyList />
    </>
  );
}

function Header() {
  if (!me.value) {
    return (
      <header class="header screen-only">
        <span class="header-name">Muster</span>
        <AccountMenu />
      </header>
    );
  }
  return (
    <header class="header screen-only">
      <a class="header-name" href="/app/">
        {me.value.organisation}
      </a>
      <nav class="header-nav" aria-label={text('shell.nav')}>
        {may('session.read') ? (
          <>
            <NavLink href="/app/" label={text('shell.start')} />
            <NavLink href="/app/sessions" label={text('shell.sessions')} />
          </>
        ) : (
          <NavLink href="/app/me" label={text('own.title')} />
        )}
        {may('people.read') && <NavLink href="/app/people" label={text('people.title')} />}
        {may('role.read') && <NavLink href="/app/people/hosts" label={text('shell.hosts')} />}
        {may('audit.read') && <NavLink href="/app/audit" label={text('audit.title')} />}
        {may('erasure.read') && <NavLink href="/app/settings" label={text('shell.settings')} />}
      </nav>
      <AccountMenu />
    </header>
  );
}

function NavLink({ href, label }: { href: string; label: string }) {
  const { path } = useLocation();
  const here = path === href.replace(/\/$/, '');
  return (
    <a href={href} aria-current={here ? 'page' : undefined}>
      {label}
    </a>
  );
}
