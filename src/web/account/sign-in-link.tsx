import { useEffect, useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { followSignInLink } from '../../client/account.ts';
import type { Problem } from '../../client/request.ts';
import { setMe } from '../app/me.ts';
import { checkNextPath } from '../app/next-path.ts';
import { send } from '../app/send.ts';
import { problemText, text } from '../message/text.ts';
import { ButtonLink } from '../part/button.tsx';
import { Page } from '../part/page.tsx';

/** The operator's way in without a password: a link of the terminal, good once, its token after the `#`. */
export function SignInLinkPage() {
  const { route, query } = useLocation();
  const next = checkNextPath(query.next);
  const token = useMemo(() => location.hash.slice(1), []);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    void followSignInLink(send, token).then((answer) => {
      if (!answer.ok) return setProblem(answer.problem);
      setMe(answer.value);
      route(next, true);
    });
  }, [token, next, route]);
  if (!problem) return <Page title={text('sign-in.link')} width="narrow" />;
  return (
    <Page title={text('sign-in.link-refused')} lead={problemText(problem)} width="narrow">
      <p>
        <ButtonLink kind="primary" href="/app/sign-in">
          {text('sign-in.title')}
        </ButtonLink>
      </p>
    </Page>
  );
}
