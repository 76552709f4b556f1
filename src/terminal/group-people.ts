import { listHosts } from '../client/account.ts';
import { loadGroup, setHosts } from '../client/group.ts';
import { setSupervisors } from '../client/role.ts';
import { granted, type Place, runMenu } from './place.ts';

/** Who runs a group: each line adds somebody or takes them out, at once. */
export const chooseHosts = (place: Place, group: string): Promise<void> =>
  choose(place, {
    question: 'Hosts (choose one to change it)',
    role: 'host',
    load: async () => granted(place, await loadGroup(place.visit.send, group)).hosts,
    save: async (ids) => void granted(place, await setHosts(place.visit.send, group, ids)),
  });

/** Who supervises a group, likewise. */
export const chooseSupervisors = (place: Place, group: string): Promise<void> =>
  choose(place, {
    question: 'Approvers (choose one to change it)',
    role: 'supervisor',
    load: async () => granted(place, await loadGroup(place.visit.send, group)).supervisors,
    save: async (ids) => void granted(place, await setSupervisors(place.visit.send, group, ids)),
  });

interface Choosing {
  readonly question: string;
  readonly role: 'host' | 'supervisor';
  readonly load: () => Promise<readonly { readonly id: string }[]>;
  readonly save: (ids: readonly string[]) => Promise<void>;
}

function choose(place: Place, { question, role, load, save }: Choosing): Promise<void> {
  return runMenu(
    place,
    () => question,
    async () => {
      const chosen = new Set((await load()).map(({ id }) => id));
      const all = granted(place, await listHosts(place.visit.send));
      const able = all.filter(({ id, roles }) => chosen.has(id) || canBe(role, roles));
      if (able.length === 0)
        place.dialogue.say(
          `Nobody has the role ${role === 'host' ? 'host' : 'approver'}: give it first.`,
        );
      return able.map(({ id, name }) => ({
        label: `${chosen.has(id) ? '[x]' : '[ ]'} ${name}`,
        run: async () => {
          const next = new Set(chosen);
          if (!next.delete(id)) next.add(id);
          await save([...next]);
        },
      }));
    },
  );
}

const canBe = (role: 'host' | 'supervisor', roles: readonly string[]): boolean =>
  roles.includes(role) || (role === 'host' && roles.includes('admin'));
