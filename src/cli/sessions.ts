import type { Description } from './description.ts';
import { describeActions, runNamed } from './script/action.ts';
import { changeSessions } from './sessions/change.ts';
import { lookAtSessions } from './sessions/look.ts';

const actions = [...lookAtSessions, ...changeSessions];

export const description: Description = describeActions(
  {
    name: 'sessions',
    summary: 'sessions, for scripts: look, open, plan, close, export',
    notes: ['SESSION is an id, or a group of which a session is open now.'],
    examples: [
      { command: 'muster sessions open "Physics 9b" --title Optics', text: 'prints its id' },
      { command: 'muster sessions close "Physics 9b"', text: 'the one that is open' },
    ],
  },
  actions,
);

export const run = (args: string[]): Promise<number> => runNamed(description, actions, args);
