import type { ComponentChildren, FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { Page } from '../part/page.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { Skeleton } from '../part/skeleton.tsx';
import { me, meProblem, refreshMe } from './me.ts';

/**
 * Shows its children to somebody who is signed in; others sign in first and come back. Who has to do something before
 * all else is led to their account.
 */
function SignedIn({ children }: { children: ComponentChildren }) {
  const { url, route } = useLocation();
  const away = me.value === null;
  const account = '/app/account';
  const held = Boolean(me.value?.must) && !url.startsWith(account);
  useEffect(() => {
    if (held) route(account, true);
  }, [held, route]);
  useEffect(() => {
    if (away) route(`/app/sign-in?next=${encodeURIComponent(url)}`, true);
  }, [away, url, route]);
  if (held) return <Skeleton />;
  if (me.value) return <>{children}</>;
  if (!meProblem.value) return <Skeleton />;
  return (
    <Page title="Muster" width="narrow">
      <ProblemNote problem={meProblem.value} onRetry={() => void refreshMe()} />
    </Page>
  );
}

/** Makes a route of a page that wants somebody signed in; `:id` of the address becomes its `id`. */
export function signedIn(Page: FunctionComponent<{ id: string }>): FunctionComponent {
  return function SignedInRoute() {
    const { params } = useRoute();
    const id = params.id ?? '';
    return (
      <SignedIn>
        <Page key={id} id={id} />
      </SignedIn>
    );
  };
}
