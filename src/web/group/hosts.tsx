import { setHosts } from '../../client/group.ts';
import type { GroupView } from '../../core/group.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { ChoosePeople } from './choose-people.tsx';

export interface HostsDialogProps {
  readonly group: GroupView;
  readonly onChange: () => Promise<void>;
  readonly onClose: () => void;
}

/** Who takes attendance in a group. */
export function HostsDialog({ group, ...rest }: HostsDialogProps) {
  return (
    <ChoosePeople
      title={text('group.hosts-title', { name: group.name })}
      lead={text('group.hosts-lead')}
      before={group.hosts.map(({ id }) => id)}
      mayBe={({ roles }) => roles.includes('host') || roles.includes('admin')}
      save={(people) => setHosts(send, group.id, people)}
      {...rest}
    />
  );
}
