import { LocationProvider } from 'preact-iso';
import { Routes } from './routes.tsx';
import { Shell } from './shell.tsx';
import { Unbroken } from './unbroken.tsx';

/** All of the host's pages, under `/app/`. */
export function App() {
  return (
    <LocationProvider scope="/app/">
      <Shell>
        <Unbroken>
          <Routes />
        </Unbroken>
      </Shell>
    </LocationProvider>
  );
}
