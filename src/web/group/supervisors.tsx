import { setSupervisors } from '../../client/role.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { ChoosePeople } from './choose-people.tsx';
import type { HostsDialogProps } from './hosts.tsx';

/** Who looks after a group without running it. */
export function SupervisorsDialog({ group, ...rest }: HostsDialogProps) {
  return (
    <ChoosePeople
      title={text('group.supervisors-title', { name: group.name })}
      lead={text('group.supervisors-lead')}
      none={text('group.no-supervisors')}
      before={group.supervisors.map(({ id }) => id)}
      mayBe={({ roles }) => roles.includes('supervisor')}
      save={(people) => setSupervisors(send, group.id, people)}
      {...rest}
    />
  );
}
