import type { ServerAddress } from './database-address.ts';
import { DatabaseError } from './database-error.ts';
import { NoHostReady } from './host-choice.ts';
import { codeOf, isAway, numberOf } from './mariadb-error.ts';

/** @param where the hosts that were asked, such as `db1:3306` */
export type Place = Pick<ServerAddress, 'user' | 'database'> & { readonly where: string };

/** Who may do what: the one statement that an administrator types. */
export const grantFor = ({ user, database }: Place): string =>
  `grant all privileges on \`${database}\`.* to '${user}'@'%';`;

/** Why a server cannot be used, in one sentence; what has no known cause is given back as it is. */
export function explainMariadb(error: unknown, place: Place): unknown {
  const { where, user, database } = place;
  if (error instanceof NoHostReady) {
    // of several hosts the one tells most that can be reached
    const told = error.states.find((state) => state.kind === 'unreachable' && !isAway(state.error));
    if (told?.kind === 'unreachable') return explainMariadb(told.error, place);
  }
  const { message } = error as Error;
  const says = (text: string) => new DatabaseError(text, { cause: error });
  switch (numberOf(error)) {
    case 1045:
    case 1698:
      return says(
        `MariaDB at ${where} does not let ${user || 'somebody without a name'} in: user or password is wrong, or this user may not come from here. Check the address of the database and its password.`,
      );
    case 1130:
      return says(
        `MariaDB at ${where} lets nobody in from this machine. Let it in with: create user '${user}'@'%' identified by 'PASSWORD'; ${grantFor(place)}`,
      );
    case 1049:
      return says(
        `MariaDB at ${where} has no database ${database}. Make it with: create database \`${database}\` character set utf8mb4 collate utf8mb4_bin;`,
      );
    case 1044:
    case 1142:
    case 1227:
    case 1370:
      return says(
        `${user} may not do all that is needed in the database ${database} at ${where}. Allow it with: ${grantFor(place)}`,
      );
    default:
  }
  const code = codeOf(error);
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') {
    return says(
      `MariaDB at ${where} does not encrypt connections. Give it a certificate (ssl_cert, ssl_key), or add ?tls=off to the address on a network that is yours alone.`,
    );
  }
  if (code === 'HANDSHAKE_SSL_ERROR' || /certificate|\bSSL\b|\bTLS\b/i.test(`${code} ${message}`)) {
    return says(
      `The certificate of MariaDB at ${where} is not trusted (${message.split('\n')[0]}). Name the file of its authority with ?tls=FILE in the address.`,
    );
  }
  if (/insecure transport/i.test(message)) {
    return says(
      `MariaDB at ${where} takes encrypted connections only. Take ?tls=off out of the address.`,
    );
  }
  if (/authentication using unknown plugin/i.test(message)) {
    return says(
      `MariaDB at ${where} asks for a way to sign in that is not known here (${message.split('\n')[0]}). Give the user one with: alter user '${user}'@'%' identified via mysql_native_password using password('PASSWORD');`,
    );
  }
  if (isAway(error)) {
    return says(
      `MariaDB at ${where} cannot be reached (${code || message}). Check that it runs, its address and the firewall; nothing was changed.`,
    );
  }
  return error;
}
