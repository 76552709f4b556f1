import { useLocation } from 'preact-iso';
import { signOut } from '../../client/account.ts';
import { problemText, text } from '../message/text.ts';
import { showKeys } from '../part/keys.tsx';
import { Menu } from '../part/menu.tsx';
import { showToast } from '../part/toast.tsx';
import { me, setMe } from './me.ts';
import { send } from './send.ts';
import { type Theme, theme } from './theme.ts';

const themes = ['system', 'light', 'dark'] as const satisfies readonly Theme[];

/** Who is signed in, how the pages look, the way out. */
export function AccountMenu() {
  const { route } = useLocation();
  const leave = async () => {
    const answer = await signOut(send);
    if (!answer.ok && answer.problem.code !== 'sign-in-needed') {
      return showToast(problemText(answer.problem));
    }
    setMe(null);
    route('/app/sign-in');
  };
  const person = me.value;
  return (
    <Menu label={person?.name ?? text('shell.theme')}>
      {person && (
        <>
          <p class="menu-note">
            {text('shell.signed-in-as', { name: person.email ?? person.name })}
          </p>
          <a class="menu-item" href="/app/me">
            {text('own.title')}
          </a>
          <a class="menu-item" href="/app/account">
            {text('shell.account')}
          </a>
          <button type="button" class="menu-item" onClick={showKeys}>
            {text('shell.keys')} <kbd>?</kbd>
          </button>
        </>
      )}
      <fieldset class="theme">
        <legend class="menu-note">{text('shell.theme')}</legend>
        {themes.map((choice) => (
          <label key={choice}>
            <input
              type="radio"
              name="theme"
              checked={theme.value === choice}
              onChange={() => {
                theme.value = choice;
              }}
            />
            {text(`shell.theme-${choice}`)}
          </label>
        ))}
      </fieldset>
      {person && (
        <button type="button" class="menu-item" onClick={() => void leave()}>
          {text('shell.sign-out')}
        </button>
      )}
    </Menu>
  );
}
