import { useState } from 'preact/hooks';
import { listInvitations, revokeInvitation } from '../../client/account.ts';
import { listRoles } from '../../client/role.ts';
import type { Invitation, Role } from '../../core/account.wire.ts';
import type { RoleLine } from '../../core/role.wire.ts';
import { may, me } from '../app/me.ts';
import { send } from '../app/send.ts';
import { problemText, text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { Button } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { type Column, Table } from '../part/table.tsx';
import { showToast } from '../part/toast.tsx';
import { InviteDialog } from './invite.tsx';
import { RolesDialog } from './roles-dialog.tsx';

const roleText = (role: Role): string => text(`hosts.role-${role}`);

/** Who may do what here, and who is invited to. */
export function HostsPage() {
  const [inviting, setInviting] = useState(false);
  const accounts = useLoaded(() => listRoles(send), 'roles');
  const invitations = useLoaded(() => listInvitations(send), 'invitations');
  return (
    <Page
      title={text('hosts.title')}
      lead={text('hosts.lead')}
      actions={
        may('invitation.change') && (
          <Button kind="primary" onClick={() => setInviting(true)}>
            {text('hosts.invite')}
          </Button>
        )
      }
    >
      <Section title={text('hosts.people')}>
        <Loaded of={accounts}>
          {(rows) => <RoleTable rows={rows} onChange={accounts.reload} />}
        </Loaded>
      </Section>
      <Section title={text('hosts.invitations')}>
        <Loaded of={invitations}>
          {(rows) => <InvitationTable rows={rows} onChange={invitations.reload} />}
        </Loaded>
      </Section>
      {inviting && (
        <InviteDialog onMade={() => void invitations.reload()} onClose={() => setInviting(false)} />
      )}
    </Page>
  );
}

function RoleTable(props: { rows: readonly RoleLine[]; onChange: () => Promise<void> }) {
  const [chosen, setChosen] = useState<RoleLine | null>(null);
  const { rows, onChange } = props;
  const columns: readonly Column<RoleLine>[] = [
    { id: 'name', label: text('hosts.name'), role: 'row', cell: (row) => row.name },
    { id: 'email', label: text('account.email'), cell: (row) => row.email ?? '', role: 'away' },
    {
      id: 'role',
      label: text('hosts.role'),
      wrap: true,
      cell: (row) =>
        row.roles
          .filter((role) => role !== 'attendee')
          .map(roleText)
          .join(', '),
    },
  ];
  return (
    <>
      <Table
        id="roles"
        caption={text('hosts.people')}
        columns={columns}
        rows={rows}
        keyOf={(row) => row.id}
        search={rows.length > 10}
        actions={(row) =>
          may('role.change') &&
          row.id !== me.value?.id && (
            <Button kind="quiet" size="small" onClick={() => setChosen(row)}>
              {text('roles.change')}
            </Button>
          )
        }
      />
      {chosen && (
        <RolesDialog
          person={chosen.id}
          name={chosen.name}
          roles={chosen.roles}
          onChange={onChange}
          onClose={() => setChosen(null)}
        />
      )}
    </>
  );
}

function InvitationTable(props: { rows: readonly Invitation[]; onChange: () => Promise<void> }) {
  const revoke = async ({ id }: Invitation) => {
    const answer = await revokeInvitation(send, id);
    showToast(answer.ok ? text('hosts.revoked') : problemText(answer.problem));
    await props.onChange();
  };
  if (props.rows.length === 0) {
    return (
      <EmptyState title={text('hosts.no-invitations')} lead={text('hosts.no-invitations-lead')} />
    );
  }
  const columns: readonly Column<Invitation>[] = [
    { id: 'name', label: text('hosts.name'), role: 'row', cell: (row) => row.name },
    { id: 'role', label: text('hosts.role'), cell: (row) => roleText(row.role), role: 'away' },
    { id: 'state', label: text('hosts.state'), cell: (row) => text(`hosts.state-${row.state}`) },
    {
      id: 'until',
      label: text('hosts.expires'),
      role: 'away',
      cell: (row) => row.expiresAt,
      show: (row) => momentText(row.expiresAt),
    },
  ];
  return (
    <Table
      id="invitations"
      caption={text('hosts.invitations')}
      columns={columns}
      rows={props.rows}
      keyOf={(row) => row.id}
      actions={(row) =>
        row.state === 'open' &&
        may('invitation.change') && (
          <Button kind="quiet" size="small" onClick={() => void revoke(row)}>
            {text('hosts.revoke')}
          </Button>
        )
      }
    />
  );
}
