import '@fontsource-variable/inter/wght.css';
import '../tokens.css';
import './base.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { refreshMe } from './me.ts';
import { followTheme } from './theme.ts';

followTheme();
void refreshMe();
render(<App />, document.getElementById('app') as HTMLElement);
