import { addGroup, changeGroup, listGroups, loadGroup, rosterCsvUrl } from '../client/group.ts';
import type { GroupLine, GroupView } from '../core/group.wire.ts';
import { enrol, showEnrolled } from './enrolled.ts';
import { chooseHosts, chooseSupervisors } from './group-people.ts';
import { fileWord, keepDownload } from './keep.ts';
import { may } from './may.ts';
import { granted, type MenuItem, type Place, runMenu } from './place.ts';
import { openNow, planLater, showSessions } from './session.ts';

/** The groups that the person may see, and what can be done with each. */
export const showGroups = (place: Place): Promise<void> =>
  runMenu(
    place,
    () => 'Groups',
    async () => {
      const groups = granted(place, await listGroups(place.visit.send));
      const away = groups.filter(({ archived }) => archived);
      return [
        ...groups.filter(({ archived }) => !archived).map((group) => itemOf(place, group)),
        ...(may(place, 'group.create')
          ? [{ label: 'New group', run: () => makeGroup(place) }]
          : []),
        ...(away.length === 0
          ? []
          : [{ label: `Put away (${away.length})`, run: () => showAway(place) }]),
      ];
    },
  );

const showAway = (place: Place): Promise<void> =>
  runMenu(
    place,
    () => 'Groups that are put away',
    async () => {
      const groups = granted(place, await listGroups(place.visit.send));
      return groups.filter(({ archived }) => archived).map((group) => itemOf(place, group));
    },
  );

const itemOf = (place: Place, group: GroupLine): MenuItem => ({
  label: group.name,
  hint: describeGroup(group),
  run: () => showGroup(place, group.id),
});

const describeGroup = ({ people, openSession }: GroupLine): string =>
  `${people} ${people === 1 ? 'person' : 'people'}${openSession ? ', a session is open' : ''}`;

async function makeGroup(place: Place): Promise<void> {
  const name = await place.dialogue.ask('Name of the group');
  const { id } = granted(place, await addGroup(place.visit.send, name));
  place.dialogue.say(`${name} is made.`);
  await showGroup(place, id);
}

async function showGroup(place: Place, id: string): Promise<void> {
  const { visit } = place;
  let group = granted(place, await loadGroup(visit.send, id));
  await runMenu(
    place,
    () => (group.archived ? `${group.name} (put away)` : group.name),
    async () => {
      group = granted(place, await loadGroup(visit.send, id));
      return groupItems(place, group);
    },
  );
}

function groupItems(place: Place, group: GroupView): MenuItem[] {
  const { dialogue, visit } = place;
  const { id, name, archived, roster, hosts, supervisors } = group;
  const runs = may(place, 'group.change');
  const rename = async (): Promise<void> => {
    const next = await dialogue.ask('New name', { initial: name });
    granted(place, await changeGroup(visit.send, id, { name: next }));
  };
  const putAway = async (): Promise<void> => {
    granted(place, await changeGroup(visit.send, id, { archived: !archived }));
    dialogue.say(archived ? `${name} is there again.` : `${name} is put away; nothing is lost.`);
  };
  const items: (MenuItem | false)[] = [
    runs && !archived && { label: 'Open a session now', run: () => openNow(place, id) },
    runs &&
      !archived && { label: 'Plan a session', hint: 'for later', run: () => planLater(place, id) },
    { label: 'Sessions', run: () => showSessions(place, { group: id, state: '' }) },
    {
      label: 'People',
      hint: `${roster.length} enrolled`,
      run: () => showEnrolled(place, id),
    },
    runs && !archived && { label: 'Enrol people', run: () => enrol(place, id) },
    {
      label: 'Keep the list as a file',
      hint: 'people, dates, rates',
      run: () => keepDownload(place, rosterCsvUrl(id), `list_${fileWord(name)}.csv`),
    },
    runs && {
      label: 'Hosts',
      hint: hosts.map((host) => host.name).join(', '),
      run: () => chooseHosts(place, id),
    },
    may(place, 'supervisor.change') && {
      label: 'Approvers',
      hint: supervisors.map((each) => each.name).join(', ') || 'none',
      run: () => chooseSupervisors(place, id),
    },
    runs && { label: 'Rename', run: rename },
    runs && { label: archived ? 'Take it out again' : 'Put it away', run: putAway },
  ];
  return items.filter((item) => item !== false);
}
