import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { changeSession } from '../../client/session.ts';
import { send } from '../app/send.ts';
import { type Key, text } from '../message/text.ts';
import { useBoard, useBoardState, useDeed } from './board-context.ts';
import { shortAddress } from './short-address.ts';
import './network-panel.css';

/** Which address the code carries, and what to do where phones do not reach it. */
export function NetworkPanel() {
  const { id } = useBoard();
  const { session } = useBoardState();
  const deed = useDeed();
  const field = useId();
  const address = shortAddress(session.origin);
  const choose = (origin: string) =>
    void deed(
      changeSession(send, id, { origin }),
      text('board.address-saved', { address: shortAddress(origin) }),
    );
  return (
    <details class="network">
      <summary>{text('board.help')}</summary>
      <div class="network-body">
        <div class="field">
          <label class="field-label" for={field}>
            {text('board.address')}
          </label>
          <select
            id={field}
            class="input"
            aria-describedby={`${field}-hint`}
            onChange={(event) => choose(event.currentTarget.value)}
          >
            {session.origins.map(({ origin, label }) => (
              <option key={origin} value={origin} selected={origin === session.origin}>
                {shortAddress(origin)} · {label}
              </option>
            ))}
          </select>
          <p class="field-hint" id={`${field}-hint`}>
            {text('board.address-hint')}
          </p>
        </div>
        <Steps title="board.help-wifi" steps={['board.help-wifi-1', 'board.help-wifi-2']} />
        <Steps
          title={text('board.help-try', { address })}
          steps={['board.help-try-1', 'board.help-try-2']}
        />
        <Steps
          title="board.help-firewall-windows"
          steps={[
            'board.help-firewall-windows-1',
            'board.help-firewall-windows-2',
            'board.help-firewall-windows-3',
          ]}
        />
        <Steps
          title="board.help-firewall-mac"
          steps={['board.help-firewall-mac-1', 'board.help-firewall-mac-2']}
        />
        <Steps
          title="board.help-isolation"
          steps={['board.help-isolation-1', 'board.help-isolation-2']}
        />
        <Steps
          title="board.help-hotspot"
          steps={['board.help-hotspot-1', 'board.help-hotspot-2', 'board.help-hotspot-3']}
        />
        <p>{text('board.help-hand')}</p>
      </div>
    </details>
  );
}

/** Steps are whole sentences without values. */
type Step = Extract<Key, `board.help-${string}`>;

function Steps({ title, steps }: { title: Step | string; steps: readonly PlainStep[] }) {
  const heading: ComponentChildren = isStep(title) ? text(title) : title;
  return (
    <section>
      <h3>{heading}</h3>
      <ol>
        {steps.map((step) => (
          <li key={step}>{text(step)}</li>
        ))}
      </ol>
    </section>
  );
}

type PlainStep = Exclude<Step, 'board.help-try'>;
const isStep = (title: string): title is PlainStep => title.startsWith('board.help-');
