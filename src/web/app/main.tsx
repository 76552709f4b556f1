import '@fontsource-variable/inter/wght.css';
import '../tokens.css';
import './base.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { refreshMe, setMe } from './me.ts';
import { whenSignedOut } from './send.ts';
import { followTheme } from './theme.ts';

followTheme();
whenSignedOut(() => setMe(null));
void refreshMe();
render(<App />, document.getElementById('app') as HTMLElement);
