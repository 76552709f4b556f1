import { Route, Router } from 'preact-iso';
import { StartPage } from '../group/start.tsx';
import { NotFound } from './not-found.tsx';
import { signedIn } from './signed-in.tsx';

const Start = signedIn(StartPage);

/** Which page lies at which address. */
export function Routes() {
  return (
    <Router>
      <Route path="/app/" component={Start} />
      <Route default component={NotFound} />
    </Router>
  );
}
